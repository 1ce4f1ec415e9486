/** Pushes after a change: who hears of a conversation, and in which words. */
import type { CustomerEvent } from '../../contract/realtime.ts'
import type { WebConversation } from '../../contract/web.ts'
import type { Ctx } from '../../core/context.ts'
import { rooms } from '../../core/realtime/realtime.ts'
import { customerUrls } from '../files/index.ts'
import { loadConversation, loadConversations, type Loaded, type LoadedConversation } from './load-conversations.ts'
import type { MessageRow } from './model.ts'
import { presentForCustomer, presentMessage, staffNames, type Names } from './present-messages.ts'

/** Its agent, whoever has it open; the queue is everybody's. */
export const audience = (row: { id: string; status: string; assignee_id: string | null }): string[] => [
  ...(row.status === 'queued' ? [rooms.everyone] : []),
  ...(row.assignee_id === null ? [] : [rooms.staff(row.assignee_id)]),
  rooms.conversation(row.id),
]

/** Does this channel have customer pages of ours that listen? */
const hasLivePage = (ctx: Ctx, kind: string): boolean => ctx.app.catalogue.get(kind)?.identify !== undefined

export function webConversation(
  row: LoadedConversation,
  assignee: { name: string; avatarUrl: string | null } | null,
  queueAhead: number | null,
): WebConversation {
  return {
    id: row.id,
    status: row.status,
    agent: assignee,
    queueAhead,
    lastSeq: row.last_seq,
    staffReadSeq: row.staff_read_seq,
    customerReadSeq: row.customer_read_seq,
    version: row.version,
  }
}

export async function queueAhead(ctx: Ctx, row: { status: string; queued_at: Date | null; id: string }): Promise<number | null> {
  if (row.status !== 'queued' || row.queued_at === null) return null
  const [answer] = await ctx
    .trx('conversations')
    .count({ ahead: '*' })
    .where({ status: 'queued' })
    .whereRaw('(queued_at, id) < (?, ?)', [row.queued_at, row.id])
  return Number(answer?.ahead ?? 0)
}

export interface Change {
  id: string
  created?: readonly MessageRow[]
  updated?: readonly MessageRow[]
  /** Its readers before the change: those who lose it are told. */
  before?: readonly string[]
}

/** Announces conversations as they are now, with the messages that changed in them. Three queries, whatever their number. */
export async function announceConversations(ctx: Ctx, changes: readonly Change[]): Promise<LoadedConversation[]> {
  const ids = changes.map(({ id }) => id)
  const loaded = new Map((await loadConversations(ctx.app, ctx.trx, ids, ctx.now, null)).map((one) => [one.row.id, one]))
  const staff = await staffNames(
    ctx.trx,
    changes.flatMap(({ created = [], updated = [] }) => [...created, ...updated]),
  )
  const rows: LoadedConversation[] = []
  for (const change of changes) {
    const one = loaded.get(change.id)
    if (!one) throw new Error('conversation vanished')
    await announceChange(ctx, one, change, staff)
    rows.push(one.row)
  }
  return rows
}

export async function announceConversation(ctx: Ctx, id: string, change: Omit<Change, 'id'> = {}): Promise<LoadedConversation> {
  const [row] = await announceConversations(ctx, [{ id, ...change }])
  if (!row) throw new Error('conversation vanished')
  return row
}

async function announceChange(ctx: Ctx, { row, conversation }: Loaded, change: Change, staff: Names['staff']): Promise<void> {
  const { id, version } = row
  const to = audience(row)
  const lost = (change.before ?? []).filter((room) => !to.includes(room))
  if (lost.length > 0) {
    ctx.push({ namespace: 'staff', rooms: lost, except: to, event: { type: 'conversation.removed', id, version, patch: {} } })
  }
  ctx.push({ namespace: 'staff', rooms: to, event: { type: 'conversation.updated', id, version, patch: { conversation } } })
  const names: Names = { customer: { name: row.customer_name, avatarUrl: row.customer_avatar }, staff }
  for (const message of change.created ?? []) {
    const patch = { message: presentMessage(message, names, row.customer_read_seq), conversation }
    ctx.push({ namespace: 'staff', rooms: to, event: { type: 'message.created', id, version, seq: message.seq, patch } })
  }
  for (const message of change.updated ?? []) pushUpdated(ctx, row, message, names)
  if (hasLivePage(ctx, row.channel_kind)) await announceToCustomer(ctx, row, conversation.assignee, change, names)
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

async function announceToCustomer(
  ctx: Ctx,
  row: LoadedConversation,
  assignee: { name: string; avatarUrl: string | null } | null,
  change: { created?: readonly MessageRow[]; updated?: readonly MessageRow[] },
  names: Names,
): Promise<void> {
  const to = [rooms.customer(row.identity_id)]
  const patch = { conversation: webConversation(row, assignee && { name: assignee.name, avatarUrl: null }, await queueAhead(ctx, row)) }
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
  tell('message.created', change.created ?? [])
  tell('message.updated', change.updated ?? [])
}

/** Only the messages changed (delivery, media): the conversation's row stands. */
export async function announceMessages(ctx: Ctx, conversationId: string, messages: readonly MessageRow[]): Promise<void> {
  if (messages.length === 0) return
  const { row } = await loadConversation(ctx.app, ctx.trx, conversationId, ctx.now, null)
  const names: Names = { customer: { name: row.customer_name, avatarUrl: row.customer_avatar }, staff: await staffNames(ctx.trx, messages) }
  for (const message of messages) pushUpdated(ctx, row, message, names)
  if (!hasLivePage(ctx, row.channel_kind)) return
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
