import { z } from 'zod'
import type { Message, MessagePart } from '../../contract/message.ts'
import type { Ctx, SystemActor } from '../../core/context.ts'
import { newId } from '../../core/ids.ts'
import { type Purse, windowOf } from '../channels/index.ts'
import { adoptAttachments, customerUrls, staffUrls } from '../files/index.ts'
import { rooms } from '../../core/realtime/realtime.ts'
import { announceConversations, audience } from './announce.ts'
import { lastMessageOf } from './append-message.ts'
import { partsFor } from './present-messages.ts'

export interface InboundMessage {
  id: string
  inboundEventId: string
  parts: MessagePart[]
  occurredAt: Date
  /** Client's own key on channels where the customer's page is ours. */
  clientKey?: string
}

/** All that one person wrote in this batch, in order. */
export interface InboundBatchItem {
  identityId: string
  customerId: string
  channelAccountId: string
  customerName: string | null
  customerAvatar: string | null
  limited: boolean
  livePage: boolean
  source: { kind: string; label: string | null } | null
  messages: InboundMessage[]
}

const openRow = z.object({
  id: z.string(),
  identity_id: z.string(),
  status: z.enum(['queued', 'open']),
  assignee_id: z.string().nullable(),
  last_seq: z.number(),
  unread: z.number(),
  version: z.number(),
  staff_read_seq: z.number(),
  customer_read_seq: z.number(),
  waiting_since: z.date().nullable(),
})
type Open = z.infer<typeof openRow>

/**
 * Writes a batch of customer messages: one statement per table, whatever their number. The caller holds the identities' locks,
 * so that nobody else opens a conversation for them meanwhile (and a unique index forbids it).
 * @returns ids of conversations that were opened by this batch and wait for an agent
 */
export async function appendInbound(
  ctx: Ctx<SystemActor>,
  items: readonly InboundBatchItem[],
  purses: ReadonlyMap<string, Purse>,
): Promise<string[]> {
  const open = await lockOpen(
    ctx,
    items.map((item) => item.identityId),
  )
  const created = await openMissing(
    ctx,
    items.filter((item) => !open.has(item.identityId)),
  )
  for (const conversation of created) open.set(conversation.identity_id, conversation)
  const writes = items.flatMap((item) => {
    const conversation = open.get(item.identityId)
    return conversation ? [planWrite(item, conversation)] : []
  })
  await write(ctx, writes)
  await adoptAttachments(ctx.trx, writes.flatMap(uploadsIn))
  await announceConversations(ctx, created)
  push(ctx, writes, purses)
  return created.map(({ id }) => id)
}

async function lockOpen(ctx: Ctx, identityIds: readonly string[]): Promise<Map<string, Open>> {
  const rows = await ctx
    .trx('conversations')
    .select(
      'id',
      'identity_id',
      'status',
      'assignee_id',
      'last_seq',
      'unread',
      'version',
      'staff_read_seq',
      'customer_read_seq',
      'waiting_since',
    )
    .whereIn('identity_id', [...identityIds])
    .where('kind', 'direct')
    .whereNot('status', 'closed')
    .orderBy('id')
    .forNoKeyUpdate()
  return new Map(
    z
      .array(openRow)
      .parse(rows)
      .map((row) => [row.identity_id, row]),
  )
}

async function openMissing(ctx: Ctx, items: readonly InboundBatchItem[]): Promise<Open[]> {
  if (items.length === 0) return []
  const rows = items.map((item) => ({
    id: newId(),
    status: 'queued' as const,
    customer_id: item.customerId,
    identity_id: item.identityId,
    channel_account_id: item.channelAccountId,
    source: item.source === null ? null : JSON.stringify(item.source),
    queued_at: ctx.now,
    created_at: ctx.now,
    updated_at: ctx.now,
  }))
  await ctx.trx('conversations').insert(rows)
  for (const row of rows) ctx.emit({ name: 'conversation.queued', subjectId: row.id })
  return rows.map((row) => ({
    id: row.id,
    identity_id: row.identity_id,
    status: row.status,
    assignee_id: null,
    last_seq: 0,
    unread: 0,
    version: 1,
    staff_read_seq: 0,
    customer_read_seq: 0,
    waiting_since: null,
  }))
}

interface Write {
  item: InboundBatchItem
  conversation: Open
  lastSeq: number
  waitingSince: Date
  lastMessageAt: Date
}

function planWrite(item: InboundBatchItem, conversation: Open): Write {
  const [first] = item.messages
  const last = item.messages.at(-1)
  if (!first || !last) throw new Error('an item without messages')
  return {
    item,
    conversation,
    lastSeq: conversation.last_seq + item.messages.length,
    waitingSince: conversation.waiting_since ?? first.occurredAt,
    lastMessageAt: last.occurredAt,
  }
}

/** Files that customers uploaded to our own page before they sent the message. */
const uploadsIn = ({ item, conversation }: Write) =>
  item.messages.flatMap(({ parts }) =>
    parts.flatMap((part) =>
      'media' in part && part.media.attachmentId !== undefined ? [{ id: part.media.attachmentId, conversationId: conversation.id }] : [],
    ),
  )

async function write(ctx: Ctx, writes: readonly Write[]): Promise<void> {
  const messages = writes.flatMap(({ item, conversation }) =>
    item.messages.map((message, index) => ({
      conversation_id: conversation.id,
      seq: conversation.last_seq + index + 1,
      id: message.id,
      author_id: item.customerId,
      parts: message.parts,
      client_key: message.clientKey ?? null,
      inbound_event_id: message.inboundEventId,
      occurred_at: message.occurredAt,
    })),
  )
  const conversations = writes.map(({ item, conversation, lastSeq, waitingSince, lastMessageAt }) => ({
    id: conversation.id,
    last_seq: lastSeq,
    added: item.messages.length,
    last_message: lastMessageOf({ direction: 'inbound', author_kind: 'customer', parts: item.messages.at(-1)?.parts ?? [] }),
    last_message_at: lastMessageAt,
    waiting_since: waitingSince,
  }))
  await ctx.trx.raw(
    `with m as (
       insert into messages (conversation_id, seq, id, direction, author_kind, author_id, parts, client_key, inbound_event_id, occurred_at, created_at)
       select conversation_id, seq, id, 'inbound', 'customer', author_id, parts, client_key, inbound_event_id, occurred_at, (select app_now())
       from json_to_recordset(?::json) as t(conversation_id uuid, seq int, id uuid, author_id uuid, parts jsonb, client_key text, inbound_event_id uuid, occurred_at timestamptz))
     update conversations v set last_seq = t.last_seq, unread = v.unread + t.added, last_message = t.last_message, last_message_at = t.last_message_at,
       waiting_since = t.waiting_since, version = v.version + 1, updated_at = (select app_now())
     from json_to_recordset(?::json) as t(id uuid, last_seq int, added int, last_message jsonb, last_message_at timestamptz, waiting_since timestamptz)
     where v.id = t.id`,
    [JSON.stringify(messages), JSON.stringify(conversations)],
  )
}

function push(ctx: Ctx, writes: readonly Write[], purses: ReadonlyMap<string, Purse>): void {
  for (const one of writes) {
    const { item, conversation, lastSeq } = one
    const version = conversation.version + 1
    const patch = {
      status: conversation.status,
      lastSeq,
      lastMessage: lastMessageOf({ direction: 'inbound', author_kind: 'customer', parts: item.messages.at(-1)?.parts ?? [] }),
      lastMessageAt: one.lastMessageAt.toISOString(),
      waitingSince: one.waitingSince.toISOString(),
      staffReadSeq: conversation.staff_read_seq,
      customerReadSeq: conversation.customer_read_seq,
      unread: conversation.unread + item.messages.length,
      replyWindow: windowOf(purses.get(item.identityId)?.allowances ?? [], item.limited, ctx.now),
    }
    item.messages.forEach((message, index) => {
      const seq = conversation.last_seq + index + 1
      const shown = presentInbound(ctx, item, conversation.id, message, seq)
      ctx.push({
        namespace: 'staff',
        rooms: audience(conversation),
        event: { type: 'message.created', id: conversation.id, version, seq, patch: { message: shown, conversation: patch } },
      })
      if (item.livePage) pushToPage(ctx, item, version, message, shown)
    })
  }
}

function presentInbound(ctx: Ctx, item: InboundBatchItem, conversationId: string, message: InboundMessage, seq: number): Message {
  return {
    id: message.id,
    conversationId,
    seq,
    direction: 'inbound',
    author: { kind: 'customer', id: null, name: item.customerName, avatarUrl: item.customerAvatar },
    parts: partsFor(message.parts, staffUrls),
    delivery: null,
    clientKey: message.clientKey ?? null,
    recalledAt: null,
    occurredAt: message.occurredAt.toISOString(),
    createdAt: ctx.now.toISOString(),
    version: 1,
  }
}

/** The customer's other tabs. */
function pushToPage(ctx: Ctx, item: InboundBatchItem, version: number, message: InboundMessage, shown: Message): void {
  ctx.push({
    namespace: 'customer',
    rooms: [rooms.customer(item.identityId)],
    event: {
      type: 'message.created',
      id: shown.conversationId,
      version,
      seq: shown.seq,
      patch: {
        message: {
          id: shown.id,
          seq: shown.seq,
          direction: 'inbound',
          author: { kind: 'customer', name: item.customerName, avatarUrl: item.customerAvatar },
          parts: partsFor(message.parts, customerUrls(ctx.app.config, ctx.now)),
          clientKey: shown.clientKey,
          recalledAt: null,
          createdAt: shown.createdAt,
          version: 1,
        },
      },
    },
  })
}
