/** What readers say and hear on their sockets: watching, typing, who else is looking, and the beacon. */
import { z } from 'zod'
import { customerCommandSchemas, staffCommandSchemas } from '../../contract/realtime.ts'
import type { App } from '../../core/app.ts'
import { readOnly, type StaffActor } from '../../core/context.ts'
import { NotFound } from '../../core/errors.ts'
import { customerCommand, staffCommand } from '../../core/realtime/commands.ts'
import { NAMESPACES, rooms } from '../../core/realtime/realtime.ts'
import { sendTypingSignal } from '../../core/signals.ts'
import { selectConversations, parseConversations } from './load-conversations.ts'
import { ConversationRow } from './model.ts'
import { listening } from './oversight/listen.ts'
import { actionsFor, conversationFor } from './policy.ts'
import { audience } from './announce.ts'

/** Tells who has the conversation open, across all processes. */
async function announceViewers(app: App, conversationId: string): Promise<void> {
  const room = rooms.conversation(conversationId)
  const sockets = await app.realtime.io.of(NAMESPACES.staff).in(room).fetchSockets()
  const viewers = new Map<string, { id: string; name: string }>()
  for (const socket of sockets) {
    const viewer = z.object({ id: z.uuid(), name: z.string() }).safeParse(socket.data)
    if (viewer.success) viewers.set(viewer.data.id, viewer.data)
  }
  app.realtime.publish([
    {
      namespace: 'staff',
      rooms: [room],
      event: { type: 'conversation.viewers', id: conversationId, version: 0, patch: { viewers: [...viewers.values()] } },
    },
  ])
}

export const announceLeft = async (app: App, _actor: StaffActor, left: readonly string[]): Promise<void> => {
  // Still in the room while it says goodbye: the others hear it a moment later.
  await new Promise((resolve) => setImmediate(resolve))
  for (const room of left) if (room.startsWith('conversation:')) await announceViewers(app, room.slice('conversation:'.length))
}

const watch = staffCommand({
  name: 'watch',
  automatic: true,
  schema: staffCommandSchemas.watch,
  async run(app, session, { conversationId }) {
    const ctx = await readOnly(app, session.actor)
    const row = await conversationFor(ctx, conversationId, 'view')
    await session.join(rooms.conversation(conversationId))
    // Who supervises reads whispers whether he says that he listens or not.
    if ((await actionsFor(ctx, row)).listen) await session.join(rooms.oversight(conversationId))
    await announceViewers(app, conversationId)
  },
})

const unwatch = staffCommand({
  name: 'unwatch',
  automatic: true,
  schema: staffCommandSchemas.unwatch,
  async run(app, session, { conversationId }) {
    await session.leave(rooms.conversation(conversationId))
    await session.leave(rooms.oversight(conversationId))
    await announceViewers(app, conversationId)
  },
})

const staffTyping = staffCommand({
  name: 'typing',
  schema: staffCommandSchemas.typing,
  async run(app, session, { conversationId, typing }) {
    const ctx = await readOnly(app, session.actor)
    const row = await conversationFor(ctx, conversationId, 'view')
    const { actor } = session
    app.realtime.publish([
      {
        namespace: 'staff',
        rooms: [rooms.conversation(conversationId)],
        except: [rooms.staff(actor.accountId)],
        event: {
          type: 'conversation.typing',
          id: conversationId,
          version: 0,
          patch: { from: 'agent', name: actor.name, accountId: actor.accountId, typing },
        },
      },
    ])
    if (row.assignee_id !== actor.accountId) return
    app.realtime.publish([
      {
        namespace: 'customer',
        rooms: [rooms.customer(row.identity_id)],
        event: { type: 'conversation.typing', id: conversationId, version: 0, patch: { from: 'agent', typing } },
      },
    ])
    const [loaded] = parseConversations(await selectConversations(ctx.trx, null).where('v.id', conversationId))
    if (loaded)
      await sendTypingSignal(app.config, app.redis, { channelAccountId: loaded.channel_account_id, externalId: loaded.external_id, typing })
  },
})

const customerTyping = customerCommand({
  name: 'typing',
  schema: customerCommandSchemas.typing,
  async run(app, session, { conversationId, typing }) {
    const row = await ConversationRow.query(app.db).findOne({ id: conversationId, identity_id: session.actor.identityId })
    if (!row) throw new NotFound('conversation')
    app.realtime.publish([
      {
        namespace: 'staff',
        rooms: audience(row).filter((room) => room !== rooms.general),
        event: {
          type: 'conversation.typing',
          id: conversationId,
          version: 0,
          patch: { from: 'customer', name: null, accountId: null, typing },
        },
      },
    ])
  },
})

export const socketCommands = [watch, unwatch, ...listening, staffTyping, customerTyping]

const beaconRows = z.array(z.object({ reader: z.string(), id: z.string(), last_seq: z.number(), version: z.number() }))
const staffRows = z.object({ rows: beaconRows })

/** What each has, helps with, or is asked to take over: every part by its own small index. */
const OF_STAFF = `
  with readers as (select unnest(?::uuid[]) as reader)
  select reader, id, last_seq, version from readers join conversations on assignee_id = reader where status <> 'closed'
  union
  select reader, v.id, v.last_seq, v.version from readers join conversation_helpers h on h.account_id = reader and h.left_at is null
  join conversations v on v.id = h.conversation_id where v.status <> 'closed'
  union
  select reader, id, last_seq, version from readers join conversations on offered_to = reader where status <> 'closed'`

/** Newest of what each reader should know: one query for staff, one for customers, whatever their number. */
export async function beacon(
  app: App,
  readers: { staffIds: string[]; identityIds: string[] },
): Promise<Map<string, Record<string, [number, number]>>> {
  const answer = new Map<string, Record<string, [number, number]>>()
  const add = (room: string, row: { id: string; last_seq: number; version: number }) => {
    const known = answer.get(room) ?? {}
    known[row.id] = [row.last_seq, row.version]
    answer.set(room, known)
  }
  if (readers.staffIds.length > 0) {
    const { rows } = staffRows.parse(await app.db.raw(OF_STAFF, [readers.staffIds]))
    for (const row of rows) add(rooms.staff(row.reader), row)
    for (const id of readers.staffIds) if (!answer.has(rooms.staff(id))) answer.set(rooms.staff(id), {})
  }
  if (readers.identityIds.length > 0) {
    const rows = await app
      .db('conversations')
      .distinctOn('identity_id')
      .select('id', 'last_seq', 'version', 'identity_id as reader')
      .where('kind', 'direct')
      .whereIn('identity_id', readers.identityIds)
      .orderBy([{ column: 'identity_id' }, { column: 'created_at', order: 'desc' }])
    for (const row of beaconRows.parse(rows)) add(rooms.customer(row.reader), row)
  }
  return answer
}
