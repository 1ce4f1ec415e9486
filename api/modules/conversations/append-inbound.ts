import type { Message, MessagePart } from '../../contract/message.ts'
import type { Ctx, SystemActor } from '../../core/context.ts'
import { prepared } from '../../core/db.ts'
import { type Purse, windowOf } from '../channels/index.ts'
import { adoptAttachments, customerUrls, staffUrls } from '../files/index.ts'
import { rooms } from '../../core/realtime/realtime.ts'
import { announceConversations, audience } from './announce.ts'
import { lastMessageOf } from './append-message.ts'
import { hearWords } from './matching/hear-words.ts'
import type { OpenConversation } from './lock-open.ts'
import type { Source } from './matching/newcomers.ts'
import { openConversations } from './matching/open-conversations.ts'
import { storeUnheard } from './blocking/store-unheard.ts'
import { asksToClose, closeForCustomers, closingWords } from './ending/close-by-customer.ts'
import { returningOf } from './ending/returning.ts'
import { screenBatch, tellFindings } from './screen-inbound.ts'
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
  source: Source | null
  messages: InboundMessage[]
}

/**
 * Writes a batch of customer messages: one statement per table, whatever their number. The caller holds the identities' locks,
 * so that nobody else opens a conversation for them meanwhile (and a unique index forbids it).
 * @param open what `lockOpenConversations` found for them
 * @returns ids of conversations that came into the queue by this batch: opened, or by an answer to what they waited for
 */
export async function appendInbound(
  ctx: Ctx<SystemActor>,
  received: readonly InboundBatchItem[],
  { open, purses }: { open: Map<string, OpenConversation>; purses: ReadonlyMap<string, Purse> },
): Promise<string[]> {
  const { items, findings } = await screenBatch(ctx, received)
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
  await tellFindings(ctx, findings, writes)
  await announceConversations(ctx, created)
  push(ctx, writes, purses)
  const fresh = new Set(created.map(({ id }) => id))
  const entered = await hearWords(ctx, writes.filter(({ conversation }) => !fresh.has(conversation.id)).map(wordsOf))
  const ended = await endAsked(ctx, writes)
  return [...created.filter(({ waiting_for: waits }) => waits === null).map(({ id }) => id), ...entered].filter((id) => !ended.has(id))
}

/** Who is blocked opens nothing; whose conversation ended lately goes on with it. */
async function openMissing(ctx: Ctx, items: readonly InboundBatchItem[]): Promise<OpenConversation[]> {
  const returning = await returningOf(ctx, items)
  const blockOf = (item: InboundBatchItem) => returning.get(item.identityId)?.blockId ?? null
  const unheard = items.flatMap((item) => {
    const blockId = blockOf(item)
    return blockId === null ? [] : [{ item, blockId }]
  })
  await storeUnheard(ctx, unheard)
  const beginners = items.flatMap((item) =>
    blockOf(item) === null ? [{ ...item, former: returning.get(item.identityId)?.former ?? null }] : [],
  )
  return (await openConversations(ctx, beginners)).map((row) => ({
    id: row.id,
    identity_id: row.identity_id,
    status: row.status,
    waiting_for: row.waiting_for,
    team_id: row.team_id,
    assignee_id: null,
    helpers: null,
    offered_to: null,
    last_seq: row.last_seq,
    unread: 0,
    version: 1,
    staff_read_seq: 0,
    customer_read_seq: 0,
    waiting_since: null,
    last_message_at: null,
    snoozed_by: null,
  }))
}

/** Those who said that they are done. */
async function endAsked(ctx: Ctx, writes: readonly Write[]): Promise<ReadonlySet<string>> {
  const words = await closingWords(ctx)
  const done = writes.filter(({ item }) => {
    const last = item.messages.at(-1)
    return last !== undefined && asksToClose(last.parts, words(item.channelAccountId))
  })
  if (done.length > 0)
    await closeForCustomers(
      ctx,
      done.map(({ conversation }) => conversation.id),
    )
  return new Set(done.map(({ conversation }) => conversation.id))
}

const wordsOf = ({ item, conversation }: Write) => ({ conversation, messages: item.messages })

interface Write {
  item: InboundBatchItem
  conversation: OpenConversation
  lastSeq: number
  waitingSince: Date
  lastMessage: ReturnType<typeof lastMessageOf>
  lastMessageAt: Date
}

/** A platform may deliver what was written a day ago: that moves nothing down the list. */
const later = (known: Date | null, other: Date): Date => (known !== null && known > other ? known : other)

function planWrite(item: InboundBatchItem, conversation: OpenConversation): Write {
  const [first] = item.messages
  const last = item.messages.at(-1)
  if (!first || !last) throw new Error('an item without messages')
  return {
    item,
    conversation,
    lastSeq: conversation.last_seq + item.messages.length,
    waitingSince: conversation.waiting_since ?? first.occurredAt,
    lastMessage: lastMessageOf({ direction: 'inbound', author_kind: 'customer', parts: last.parts }),
    lastMessageAt: later(conversation.last_message_at, last.occurredAt),
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
  const conversations = writes.map(({ item, conversation, lastSeq, waitingSince, lastMessage, lastMessageAt }) => ({
    id: conversation.id,
    last_seq: lastSeq,
    added: item.messages.length,
    last_message: lastMessage,
    last_message_at: lastMessageAt,
    waiting_since: waitingSince,
  }))
  await prepared(
    ctx.trx,
    'messages.append-inbound',
    `with m as (
       insert into messages (conversation_id, seq, id, direction, author_kind, author_id, parts, client_key, inbound_event_id, occurred_at, created_at)
       select conversation_id, seq, id, 'inbound', 'customer', author_id, parts, client_key, inbound_event_id, occurred_at, (select app_now())
       from json_to_recordset(?::json) as t(conversation_id uuid, seq int, id uuid, author_id uuid, parts jsonb, client_key text, inbound_event_id uuid, occurred_at timestamptz))
     update conversations v set last_seq = t.last_seq, unread = v.unread + t.added, last_message = t.last_message, last_message_at = t.last_message_at,
       waiting_since = t.waiting_since, snoozed_by = null, snoozed_until = null, version = v.version + 1, updated_at = (select app_now())
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
      lastMessage: one.lastMessage,
      lastMessageAt: one.lastMessageAt.toISOString(),
      waitingSince: one.waitingSince.toISOString(),
      staffReadSeq: conversation.staff_read_seq,
      customerReadSeq: conversation.customer_read_seq,
      unread: conversation.unread + item.messages.length,
      ...(conversation.snoozed_by === null ? {} : { snooze: null }),
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
    addressee: null,
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
