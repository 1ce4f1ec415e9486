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
import { conversationFor } from './policy.ts'
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
  schema: staffCommandSchemas.watch,
  async run(app, session, { conversationId }) {
    await conversationFor(await readOnly(app, session.actor), conversationId, 'view')
    await session.join(rooms.conversation(conversationId))
    await announceViewers(app, conversationId)
  },
})

const unwatch = staffCommand({
  name: 'unwatch',
  schema: staffCommandSchemas.unwatch,
  async run(app, session, { conversationId }) {
    await session.leave(rooms.conversation(conversationId))
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
        rooms: audience(row).filter((room) => room !== rooms.everyone),
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

export const socketCommands = [watch, unwatch, staffTyping, customerTyping]

const beaconRows = z.array(
  z.object({
    id: z.string(),
    assignee_id: z.string().nullable(),
    identity_id: z.string(),
    status: z.string(),
    last_seq: z.number(),
    version: z.number(),
  }),
)

/** Newest of what each reader should know: one query for staff, one for customers, whatever their number. */
export async function beacon(
  app: App,
  readers: { staffIds: string[]; identityIds: string[] },
): Promise<Map<string, Record<string, [number, number]>>> {
  const columns = ['id', 'assignee_id', 'identity_id', 'status', 'last_seq', 'version']
  const answer = new Map<string, Record<string, [number, number]>>()
  const add = (room: string, row: { id: string; last_seq: number; version: number }) => {
    const known = answer.get(room) ?? {}
    known[row.id] = [row.last_seq, row.version]
    answer.set(room, known)
  }
  if (readers.staffIds.length > 0) {
    const rows = await app.db('conversations').select(columns).whereNot('status', 'closed').whereIn('assignee_id', readers.staffIds)
    for (const row of beaconRows.parse(rows)) if (row.assignee_id !== null) add(rooms.staff(row.assignee_id), row)
    for (const id of readers.staffIds) if (!answer.has(rooms.staff(id))) answer.set(rooms.staff(id), {})
  }
  if (readers.identityIds.length > 0) {
    const rows = await app
      .db('conversations')
      .distinctOn('identity_id')
      .select(columns)
      .whereIn('identity_id', readers.identityIds)
      .orderBy([{ column: 'identity_id' }, { column: 'created_at', order: 'desc' }])
    for (const row of beaconRows.parse(rows)) add(rooms.customer(row.identity_id), row)
  }
  return answer
}
