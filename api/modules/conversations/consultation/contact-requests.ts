/** What customers leave while the doors are closed: a message of theirs, and a request that staff see to (BP-003.1). */
import { z } from 'zod'
import type { LinkedContactForm } from '../../../contract/consultation.ts'
import type { MessagePart } from '../../../contract/message.ts'
import { type Ctx, type CustomerActor } from '../../../core/context.ts'
import { Conflict, NotFound } from '../../../core/errors.ts'
import { newId } from '../../../core/ids.ts'
import { sha256 } from '../../../core/secrets.ts'
import { ChannelAccountRow } from '../../channels/index.ts'
import { companySettings } from '../../settings/index.ts'
import { announceConversation } from '../announce.ts'
import { appendMessage } from '../append-message.ts'
import { ConversationRow, MessageRow } from '../model.ts'
import { conversationOfLink } from './form-links.ts'

declare module '../../../core/modules.ts' {
  interface Hooks {
    /** Makes a ticket of a request, in the same transaction. @returns its id; null where requests are no tickets */
    'contact-request.ticket'?: (ctx: Ctx, request: { id: string; conversationId: string; teamId: string | null }) => Promise<string | null>
  }
}

/** The words are his message; name and address stand beside them in the same message, so that all of it can be erased together. */
const partsOf = ({ text, name, contact }: LinkedContactForm): MessagePart[] => [
  { type: 'text', text: text.trim() },
  { type: 'notice', code: 'contact_request', params: { name: name.trim(), contact: contact.trim() } },
]
const digestOf = (form: LinkedContactForm) => sha256(JSON.stringify(partsOf(form)))

/** @throws NotFound for a conversation that is not his */
export async function leaveWord(ctx: Ctx<CustomerActor>, conversationId: string, form: LinkedContactForm): Promise<void> {
  const row = await ConversationRow.query(ctx.trx)
    .findOne({ id: conversationId, identity_id: ctx.actor.identityId, kind: 'direct' })
    .forNoKeyUpdate()
  if (!row) throw new NotFound('conversation')
  await receiveForm(ctx, row, form)
}

/** The same behind a signed link. @throws NotFound for a link that leads nowhere any more */
export async function leaveWordByLink(ctx: Ctx, token: string, form: LinkedContactForm): Promise<void> {
  await receiveForm(ctx, await conversationBehind(ctx, token, true), form)
}

export async function conversationBehind(ctx: Ctx, token: string, lock: boolean): Promise<ConversationRow> {
  const id = conversationOfLink(ctx.app.config, token, ctx.now)
  const row =
    id === null
      ? undefined
      : await ConversationRow.query(ctx.trx)
          .findById(id)
          .modify((builder) => void (lock && builder.forNoKeyUpdate()))
  if (!row) throw new NotFound('contact form')
  return row
}

/**
 * The same `clientKey` is the same form, however often it comes. The conversation goes on waiting: at the opening it enters the queue with these words
 * in it, so that a request is never forgotten in a list.
 * @throws Conflict `not_closed_now`, `contact_request_exists`, `idempotency_mismatch`
 */
async function receiveForm(ctx: Ctx, row: ConversationRow, form: LinkedContactForm): Promise<void> {
  const known = await MessageRow.query(ctx.trx).findOne({ conversation_id: row.id, client_key: form.clientKey })
  if (known) {
    if (known.request_digest?.equals(digestOf(form))) return
    throw new Conflict('idempotency_mismatch', 'this client key was used for another message')
  }
  if (!(await mayLeaveWord(ctx, row))) throw new Conflict('not_closed_now', 'there is somebody to talk to', {})
  if (await openRequest(ctx, row.id)) throw new Conflict('contact_request_exists', 'a request of this conversation is still open', {})
  const message = await appendMessage(ctx, row, {
    direction: 'inbound',
    authorKind: 'customer',
    authorId: row.customer_id,
    parts: partsOf(form),
    clientKey: form.clientKey,
    requestDigest: digestOf(form),
  })
  await row.$query(ctx.trx).patch({ unread: row.unread + 1, waiting_since: row.waiting_since ?? ctx.now })
  await remember(ctx, row, message.id)
  await announceConversation(ctx, row.id, { created: [message] })
}

async function remember(ctx: Ctx, row: ConversationRow, messageId: string): Promise<void> {
  const id = newId()
  await ctx
    .trx('contact_requests')
    .insert({ id, conversation_id: row.id, message_id: messageId, team_id: row.team_id, created_at: ctx.now })
  await ctx.trx('off_hours_waits').where({ conversation_id: row.id }).update({ waits: true })
  const [makeTicket] = ctx.app.hooks.all('contact-request.ticket')
  if (makeTicket) {
    const ticketId = await makeTicket(ctx, { id, conversationId: row.id, teamId: row.team_id })
    if (ticketId !== null) await ctx.trx('contact_requests').where({ id }).update({ ticket_id: ticketId })
  }
  ctx.emit({ name: 'contact-request.left', subjectId: row.id, payload: { requestId: id } })
}

const openRequest = (ctx: Ctx, conversationId: string): Promise<unknown> =>
  Promise.resolve(ctx.trx('contact_requests').where({ conversation_id: conversationId, status: 'open' }).first('id'))

/** Closed doors, or a queue that offered the form. */
async function mayLeaveWord(ctx: Ctx, row: ConversationRow): Promise<boolean> {
  if (row.status !== 'queued' || row.waiting_for === 'team_choice') return false
  if (row.waiting_for === 'off_hours') return true
  return (await ctx.trx('off_hours_waits').where({ conversation_id: row.id }).first('conversation_id')) !== undefined
}

const openingRow = z.object({ opens_at: z.date().nullable() }).optional()

/** What the page behind a link says. */
export async function presentForm(ctx: Ctx, token: string) {
  const row = await conversationBehind(ctx, token, false)
  const account = await ChannelAccountRow.query(ctx.trx).findById(row.channel_account_id).select('name').throwIfNotFound()
  const found: unknown = await ctx.trx('off_hours_waits').where({ conversation_id: row.id }).first('opens_at')
  const sent = (await openRequest(ctx, row.id)) !== undefined
  const open = await mayLeaveWord(ctx, row)
  return {
    title: account.name,
    timeZone: (await companySettings(ctx)).timeZone,
    opensAt: (row.waiting_for === 'off_hours' ? openingRow.parse(found)?.opens_at : null)?.toISOString() ?? null,
    state: sent ? ('sent' as const) : open ? ('open' as const) : ('closed' as const),
  }
}

/** A full queue offers the form; the place in the queue stays. Offered once. @returns whether it is offered now */
export async function offerForm(ctx: Ctx, row: ConversationRow): Promise<boolean> {
  if (row.status !== 'queued' || row.waiting_for !== null) return false
  await ctx
    .trx('off_hours_waits')
    .insert({ conversation_id: row.id, team_id: row.team_id, waits: true, created_at: ctx.now })
    .onConflict('conversation_id')
    .merge({ waits: true })
  await row.$query(ctx.trx).patch({ version: row.version + 1 })
  await announceConversation(ctx, row.id)
  return true
}
