import { z } from 'zod'
import type { Ctx } from '../../core/context.ts'
import { newId } from '../../core/ids.ts'
import { type ConversationRow, MessageRow } from './model.ts'

export interface NewMessage {
  direction: MessageRow['direction']
  authorKind: MessageRow['author_kind']
  authorId?: string
  /** Of a whisper. */
  addresseeId?: string
  parts: MessageRow['parts']
  deliveryState?: MessageRow['delivery_state']
  clientKey?: string
  requestDigest?: Buffer
}

/** What a list row shows of a message: its first part, the text cut short. */
export function lastMessageOf(message: Pick<MessageRow, 'direction' | 'author_kind' | 'parts'>): ConversationRow['last_message'] {
  const [first] = message.parts
  if (!first) return null
  const part = first.type === 'text' ? { ...first, text: first.text.slice(0, 120).toWellFormed() } : first
  return { direction: message.direction, authorKind: message.author_kind, part, recalled: false }
}

/**
 * Writes the next message of a conversation whose row the caller has locked. An answer of staff ends the waiting and
 * counts as having read what came before; a note or a system line does neither.
 */
export async function appendMessage(ctx: Ctx, conversation: ConversationRow, message: NewMessage): Promise<MessageRow> {
  const seq = conversation.last_seq + 1
  const row = await MessageRow.query(ctx.trx).insertAndFetch({
    id: newId(),
    conversation_id: conversation.id,
    seq,
    direction: message.direction,
    author_kind: message.authorKind,
    author_id: message.authorId ?? null,
    addressee_id: message.addresseeId ?? null,
    parts: message.parts,
    delivery_state: message.deliveryState ?? null,
    client_key: message.clientKey ?? null,
    request_digest: message.requestDigest ?? null,
    occurred_at: ctx.now,
    created_at: ctx.now,
  })
  const answers = message.direction === 'outbound' && message.authorKind === 'agent'
  // What a waiting customer wrote is what his row should show; that he was told his place in the queue says nothing to anybody else.
  const beside = message.authorKind === 'bot' && conversation.waiting_since !== null
  const visible = message.direction === 'inbound' || (message.direction === 'outbound' && !beside)
  await conversation.$query(ctx.trx).patch({
    last_seq: seq,
    ...(visible ? { last_message: lastMessageOf(row), last_message_at: ctx.now } : {}),
    ...(answers
      ? {
          waiting_since: null,
          staff_read_seq: seq,
          unread: 0,
          answered_at: ctx.now,
          idle_warned_at: null,
          accepted_at: conversation.accepted_at ?? ctx.now,
        }
      : {}),
    version: conversation.version + 1,
    updated_at: ctx.now,
  })
  return row
}

export const notice = (code: string, params: Record<string, string | number | null> = {}): MessageRow['parts'] => [
  { type: 'notice', code, params },
]

export const appendNotice = (
  ctx: Ctx,
  conversation: ConversationRow,
  code: string,
  params?: Record<string, string | number | null>,
): Promise<MessageRow> => appendMessage(ctx, conversation, { direction: 'system', authorKind: 'system', parts: notice(code, params) })

/** A line about the work itself, for staff alone: who helps, who was asked. */
export const appendStaffNotice = (
  ctx: Ctx,
  conversation: ConversationRow,
  code: string,
  params?: Record<string, string | number | null>,
): Promise<MessageRow> => appendMessage(ctx, conversation, { direction: 'note', authorKind: 'system', parts: notice(code, params) })

const countRow = z.array(z.object({ unread: z.coerce.number() }))

export async function countUnread(ctx: Ctx, conversationId: string, afterSeq: number): Promise<number> {
  const rows = await ctx
    .trx('messages')
    .count({ unread: '*' })
    .where({ conversation_id: conversationId, direction: 'inbound' })
    .where('seq', '>', afterSeq)
  return countRow.parse(rows)[0]?.unread ?? 0
}
