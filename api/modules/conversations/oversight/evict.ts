/** Sockets leave the room of a conversation that their reader may not see any more (S2): at once where it is known, and by a look every few seconds. */
import type { App } from '../../../core/app.ts'
import { type Ctx, readOnly, type StaffActor, SYSTEM } from '../../../core/context.ts'
import { NAMESPACES, rooms } from '../../../core/realtime/realtime.ts'
import { ConversationRow } from '../model.ts'
import { oversees } from './reach.ts'
import { readersOf, SEEN_BY, whoSees } from './who-sees.ts'

const STAFF = rooms.staff('')
export const isPersonal = (room: string): boolean => room.startsWith(STAFF)

/**
 * Tells these people that they have lost the conversation, once that is so. Who may still look at it hears on, where he has it open.
 * @param lost rooms that heard of it until now
 */
export function evict(ctx: Ctx, conversationId: string, lost: readonly string[]): void {
  const accountIds = lost.filter(isPersonal).map((room) => room.slice(STAFF.length))
  if (accountIds.length === 0) return
  const { app } = ctx
  ctx.afterCommit(async () => {
    const row = await ConversationRow.query(app.db)
      .findById(conversationId)
      .select('version', ...SEEN_BY)
    if (!row) return
    const readers = await readersOf(app.db, accountIds)
    const seeing = await whoSees(
      await readOnly(app, SYSTEM),
      readers.map((reader) => ({ reader, row })),
    )
    const looking = [rooms.conversation(conversationId), rooms.oversight(conversationId)]
    for (const accountId of accountIds) {
      const stays = readers.some((reader, index) => reader.accountId === accountId && seeing[index])
      const event = { type: 'conversation.removed', id: conversationId, version: row.version, patch: {} } as const
      app.realtime.publish([{ namespace: 'staff', rooms: [rooms.staff(accountId)], except: stays ? looking : [], event }])
      if (!stays) app.realtime.io.of(NAMESPACES.staff).in(rooms.staff(accountId)).socketsLeave(looking)
    }
  })
}

const ROOM = /^(?:conversation|oversight):(.+)$/

interface Reader {
  actor: StaffActor
  rooms: readonly string[]
}

/** What these readers must leave: a few queries for all sockets of a process. Heals a lost word, and what changed without one. */
export async function roomsToLeave(app: App, readers: readonly Reader[]): Promise<readonly (readonly string[])[]> {
  const joined = readers.flatMap((reader, index) =>
    reader.rooms.flatMap((room) => {
      const id = ROOM.exec(room)?.[1]
      return id === undefined ? [] : [{ index, room, id, actor: reader.actor }]
    }),
  )
  if (joined.length === 0) return readers.map(() => [])
  const rows = await ConversationRow.query(app.db)
    .findByIds([...new Set(joined.map(({ id }) => id))])
    .select(...SEEN_BY)
  const found = new Map(rows.map((row) => [row.id, row]))
  const known = joined.flatMap((one) => {
    const row = found.get(one.id)
    return row ? [{ ...one, row }] : []
  })
  const seeing = await whoSees(
    await readOnly(app, SYSTEM),
    known.map(({ actor, row }) => ({ reader: actor, row })),
  )
  const outOfScope = await Promise.all(known.map(({ room, actor, row }) => beyondReach(app, room, { actor, row })))
  const gone = known.filter((_, index) => !seeing[index] || outOfScope[index])
  return readers.map((_, index) => gone.filter((one) => one.index === index).map(({ room }) => room))
}

/** Only supervisors are in these rooms, and few of them at a time. */
const beyondReach = async (
  app: App,
  room: string,
  { actor, row }: { actor: StaffActor; row: Pick<ConversationRow, 'id' | 'assignee_id'> },
) => room.startsWith(rooms.oversight('')) && !(await oversees(await readOnly(app, actor), row))
