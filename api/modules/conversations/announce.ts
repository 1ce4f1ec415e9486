/** Pushes after a change: who hears of a conversation, and in which words. */
import type { CustomerEvent } from '../../contract/realtime.ts'
import type { WebConversation } from '../../contract/web.ts'
import type { Ctx } from '../../core/context.ts'
import { rooms } from '../../core/realtime/realtime.ts'
import { customerUrls } from '../files/index.ts'
import { NO_START, type StartState, startStates } from './consultation/start-state.ts'
import type { Helping } from './helpers/shown-helpers.ts'
import { loadConversation, loadConversations, type Loaded, type LoadedConversation } from './load-conversations.ts'
import type { MessageRow } from './model.ts'
import { evict, isPersonal } from './oversight/evict.ts'
import { whisperRooms } from './oversight/whisper-readers.ts'
import { presentForCustomer, presentMessage, staffNames, withheld, type Names } from './present-messages.ts'

interface Heard {
  id: string
  status: string
  team_id: string | null
  assignee_id: string | null
  offered_to: string | null
  helpers: Helping
}

/** Its agent, who helps him or is asked to take it over, whoever has it open or listens in; a queue is its team's, the general one everybody's. */
export const audience = (row: Heard): string[] => [
  ...(row.status === 'queued' ? (row.team_id === null ? [rooms.general] : [rooms.team(row.team_id), rooms.queues]) : []),
  ...(row.assignee_id === null ? [] : [rooms.staff(row.assignee_id)]),
  ...(row.offered_to === null ? [] : [rooms.staff(row.offered_to)]),
  ...(row.helpers ?? []).map(({ id }) => rooms.staff(id)),
  rooms.conversation(row.id),
  rooms.oversight(row.id),
]

/** Does this channel have customer pages of ours that listen? */
const hasLivePage = (ctx: Ctx, kind: string): boolean => ctx.app.catalogue.get(kind)?.identify !== undefined

const isShownToCustomer = (ctx: Ctx, row: LoadedConversation): boolean => row.kind !== 'split' && hasLivePage(ctx, row.channel_kind)

export function webConversation(
  row: LoadedConversation,
  assignee: { name: string; avatarUrl: string | null } | null,
  start: StartState,
): WebConversation {
  return {
    id: row.id,
    status: row.status,
    agent: assignee,
    queueAhead: start.queue ? start.queue.position - 1 : null,
    ...start,
    lastSeq: row.last_seq,
    staffReadSeq: row.staff_read_seq,
    customerReadSeq: row.customer_read_seq,
    version: row.version,
  }
}

export interface Change {
  id: string
  created?: readonly MessageRow[]
  updated?: readonly MessageRow[]
  /** What was kept back and leaves now: staff know it already, to the customer it is new. */
  released?: readonly MessageRow[]
  /** Its readers before the change: those who lose it are told. */
  before?: readonly string[]
}

/** Announces conversations as they are now, with the messages that changed in them. A handful of queries, whatever their number. */
export async function announceConversations(ctx: Ctx, changes: readonly Change[]): Promise<LoadedConversation[]> {
  const ids = changes.map(({ id }) => id)
  const loaded = new Map((await loadConversations(ctx.app, ctx.trx, ids, ctx.now, null)).map((one) => [one.row.id, one]))
  const staff = await staffNames(
    ctx.trx,
    changes.flatMap(({ created = [], updated = [], released = [] }) => [...created, ...updated, ...released]),
  )
  const starts = await startStates(
    ctx,
    [...loaded.values()].flatMap(({ row }) => (isShownToCustomer(ctx, row) ? [row] : [])),
  )
  const rows: LoadedConversation[] = []
  for (const change of changes) {
    const one = loaded.get(change.id)
    if (!one) throw new Error('conversation vanished')
    announceChange(ctx, one, change, { staff, start: starts.get(change.id) ?? NO_START })
    rows.push(one.row)
  }
  return rows
}

export async function announceConversation(ctx: Ctx, id: string, change: Omit<Change, 'id'> = {}): Promise<LoadedConversation> {
  const [row] = await announceConversations(ctx, [{ id, ...change }])
  if (!row) throw new Error('conversation vanished')
  return row
}

interface Shown {
  staff: Names['staff']
  start: StartState
}

function announceChange(ctx: Ctx, one: Loaded, change: Change, { staff, start }: Shown): void {
  const { row, conversation } = one
  const { id, version } = row
  const to = audience(row)
  const lost = (change.before ?? []).filter((room) => !to.includes(room))
  if (lost.length > 0) {
    const queues = lost.filter((room) => !isPersonal(room))
    // To no room would be to everybody.
    if (queues.length > 0)
      ctx.push({ namespace: 'staff', rooms: queues, except: to, event: { type: 'conversation.removed', id, version, patch: {} } })
    evict(ctx, id, lost)
  }
  ctx.push({ namespace: 'staff', rooms: to, event: { type: 'conversation.updated', id, version, patch: { conversation } } })
  const names: Names = { customer: { name: row.customer_name, avatarUrl: row.customer_avatar }, staff }
  for (const message of change.created ?? []) {
    const patch = { message: presentMessage(message, names, row.customer_read_seq), conversation }
    const event = { type: 'message.created', id, version, seq: message.seq } as const
    const meant = message.direction === 'whisper' ? whisperRooms(id, message) : to
    ctx.push({ namespace: 'staff', rooms: meant, event: { ...event, patch } })
    if (meant === to) continue
    ctx.push({ namespace: 'staff', rooms: to, except: meant, event: { ...event, patch: { ...patch, message: withheld(patch.message) } } })
  }
  for (const message of [...(change.updated ?? []), ...(change.released ?? [])]) pushUpdated(ctx, row, message, names)
  if (isShownToCustomer(ctx, row)) announceToCustomer(ctx, one, change, { names, start })
}

function pushUpdated(ctx: Ctx, row: LoadedConversation, message: MessageRow, names: Names): void {
  ctx.push({
    namespace: 'staff',
    rooms: audience(row),
    event: {
      type: 'message.updated',
      id: row.id,
      version: message.version,
      seq: message.seq,
      patch: { message: presentMessage(message, names, row.customer_read_seq) },
    },
  })
}

function announceToCustomer(
  ctx: Ctx,
  { row, conversation }: Loaded,
  change: Change,
  { names, start }: { names: Names; start: StartState },
): void {
  const { assignee } = conversation
  const to = [rooms.customer(row.identity_id)]
  const patch = { conversation: webConversation(row, assignee && { name: assignee.name, avatarUrl: null }, start) }
  ctx.push({ namespace: 'customer', rooms: to, event: { type: 'conversation.updated', id: row.id, version: row.version, patch } })
  const urls = customerUrls(ctx.app.config, ctx.now)
  const tell = (type: 'message.created' | 'message.updated', messages: readonly MessageRow[]) => {
    for (const message of messages) {
      const shown = presentForCustomer(message, names, urls)
      const version = type === 'message.created' ? row.version : message.version
      if (!shown) continue
      const event: CustomerEvent = { type, id: row.id, version, seq: message.seq, patch: { message: shown } }
      ctx.push({ namespace: 'customer', rooms: to, event })
    }
  }
  tell('message.created', [...(change.created ?? []), ...(change.released ?? [])])
  tell('message.updated', change.updated ?? [])
}

/** Only the messages changed (delivery, media): the conversation's row stands. */
export async function announceMessages(ctx: Ctx, conversationId: string, messages: readonly MessageRow[]): Promise<void> {
  if (messages.length === 0) return
  const { row } = await loadConversation(ctx.app, ctx.trx, conversationId, ctx.now, null)
  const names: Names = { customer: { name: row.customer_name, avatarUrl: row.customer_avatar }, staff: await staffNames(ctx.trx, messages) }
  for (const message of messages) pushUpdated(ctx, row, message, names)
  if (!isShownToCustomer(ctx, row)) return
  const urls = customerUrls(ctx.app.config, ctx.now)
  for (const message of messages) {
    const shown = presentForCustomer(message, names, urls)
    if (shown) {
      const event: CustomerEvent = {
        type: 'message.updated',
        id: conversationId,
        version: message.version,
        seq: message.seq,
        patch: { message: shown },
      }
      ctx.push({ namespace: 'customer', rooms: [rooms.customer(row.identity_id)], event })
    }
  }
}
