/** Messages of a conversation that a ticket was made of, or was given later: read with it, wherever the conversation may be by now. */
import { z } from 'zod'
import type { Message, MessagePart } from '../../contract/message.ts'
import type { messageSelection } from '../../contract/ticket.ts'
import { MAX_TICKET_MESSAGES } from '../../contract/ticket.ts'
import type { Ctx, StaffActor } from '../../core/context.ts'
import { Conflict, Invalid } from '../../core/errors.ts'
import {
  announceConversation,
  appendStaffNotice,
  conversationFor,
  type ConversationRow,
  MessageRow,
  presentMessage,
  staffNames,
} from '../conversations/index.ts'
import { copyFiles } from './files.ts'
import { recordTicketEvent } from './history.ts'
import { TicketFileRow, type TicketRow } from './model.ts'
import { ticketFor } from './policy.ts'
import { saveTicket } from './save.ts'

export type Selection = z.output<typeof messageSelection>

/** Ids of the files that these parts carry. */
const filesIn = (parts: readonly MessagePart[]): string[] =>
  parts.flatMap((part) => ('media' in part && part.media.attachmentId ? [part.media.attachmentId] : []))

/** @throws Invalid `invalid_request` for what is not there, was recalled, or is a whisper */
async function selected(ctx: Ctx, { conversationId, seqs }: Selection): Promise<MessageRow[]> {
  const wanted = [...new Set(seqs)]
  if (wanted.length === 0) return []
  const rows = await MessageRow.query(ctx.trx)
    .where({ conversation_id: conversationId })
    .whereIn('seq', wanted)
    .whereNot({ direction: 'whisper' })
    .whereNull('recalled_at')
  const missing = wanted.filter((seq) => !rows.some((row) => row.seq === seq))
  if (missing.length > 0)
    throw new Invalid('invalid_request', 'some of these messages cannot be taken over', {
      issues: missing.map((seq) => ({ path: `seqs.${seq}`, code: 'unknown', message: 'unknown' })),
    })
  return rows
}

/** A conversation that the writer may write to, locked: the ticket is noted there. */
export const originFor = (ctx: Ctx<StaffActor>, conversationId: string): Promise<ConversationRow> =>
  conversationFor(ctx, conversationId, 'note')

/** Takes messages over, with copies of their files. For a new or a locked ticket. @returns how many are new */
export async function takeMessages(ctx: Ctx<StaffActor>, ticketId: string, selection: Selection): Promise<number> {
  const rows = await selected(ctx, selection)
  if (rows.length === 0) return 0
  const known: unknown[] = await ctx.trx('ticket_messages').where({ ticket_id: ticketId }).limit(MAX_TICKET_MESSAGES).pluck('seq')
  const fresh = await insertMessages(ctx, ticketId, rows)
  if (known.length + fresh > MAX_TICKET_MESSAGES) throw new Conflict('limit_reached', 'too many messages', { max: MAX_TICKET_MESSAGES })
  await copyFiles(
    ctx,
    ticketId,
    rows.flatMap((row) => filesIn(row.parts)),
  )
  return fresh
}

async function insertMessages(ctx: Ctx, ticketId: string, rows: readonly MessageRow[]): Promise<number> {
  const inserted: unknown[] = await ctx
    .trx('ticket_messages')
    .insert(rows.map((row) => ({ ticket_id: ticketId, conversation_id: row.conversation_id, seq: row.seq })))
    .onConflict(['ticket_id', 'conversation_id', 'seq'])
    .ignore()
    .returning('seq')
  return inserted.length
}

/** The line that whoever reads the conversation finds the ticket by. */
export async function noteInConversation(ctx: Ctx, origin: ConversationRow, ticket: TicketRow): Promise<void> {
  const message = await appendStaffNotice(ctx, origin, 'ticket_created', {
    ticketId: ticket.id,
    number: ticket.number,
    title: ticket.title,
  })
  await announceConversation(ctx, origin.id, { created: [message] })
}

/** More messages for a ticket that is there; of its own conversation, or of another of the same customer. */
export async function addMessages(ctx: Ctx<StaffActor>, id: string, selection: Selection): Promise<void> {
  const row = await ticketFor(ctx, id, 'edit')
  const origin = await originFor(ctx, selection.conversationId)
  if (row.customer_id !== null && origin.customer_id !== row.customer_id)
    throw new Conflict('different_customers', 'this conversation is of another customer', {})
  const added = await takeMessages(ctx, id, selection)
  const linked = row.conversation_id === null
  if (added === 0 && !linked) return
  const saved = await saveTicket(
    ctx,
    row,
    linked
      ? {
          conversation_id: origin.id,
          identity_id: origin.identity_id,
          channel_account_id: origin.channel_account_id,
          customer_id: row.customer_id ?? origin.customer_id,
        }
      : {},
  )
  await recordTicketEvent(ctx, saved, { kind: 'messages_added', params: { conversationId: origin.id, count: added } })
  if (linked) await noteInConversation(ctx, origin, saved)
}

const customerName = z.object({ name: z.string().nullable(), avatar_url: z.string().nullable() }).optional()

/** Oldest first, by conversation. Whoever sees the ticket reads them: their files are the ticket's copies. */
export async function ticketMessages(ctx: Ctx<StaffActor>, row: TicketRow): Promise<Message[]> {
  const messages = await MessageRow.query(ctx.trx)
    .whereRaw('(conversation_id, seq) in (select m.conversation_id, m.seq from ticket_messages m where m.ticket_id = ?)', [row.id])
    .orderBy(['conversation_id', 'seq'])
    .limit(MAX_TICKET_MESSAGES)
  if (messages.length === 0) return []
  const copies = await TicketFileRow.query(ctx.trx).where({ ticket_id: row.id }).whereNotNull('origin_id')
  const copyOf = new Map(copies.map((file) => [file.origin_id ?? '', file.attachment_id]))
  const customer = customerName.parse(
    await ctx.trx('customers').where({ id: row.customer_id }).first(ctx.trx.raw('coalesce(remark_name, name) as name'), 'avatar_url'),
  )
  const names = {
    customer: { name: customer?.name ?? null, avatarUrl: customer?.avatar_url ?? null },
    staff: await staffNames(ctx.trx, messages),
  }
  return messages.map((message) => presentMessage(withCopies(message, copyOf), names, 0))
}

/** A conversation that the reader may not see is no reason to keep its files from him, once they are the ticket's. */
function withCopies(message: MessageRow, copyOf: ReadonlyMap<string, string>): MessageRow {
  const parts = message.parts.map((part) => {
    if (!('media' in part) || !part.media.attachmentId) return part
    return { ...part, media: { ...part.media, attachmentId: copyOf.get(part.media.attachmentId) ?? part.media.attachmentId } }
  })
  return message.$clone().$set({ parts })
}
