/** What customers are told of their tickets by facts, each once. */
import { z } from 'zod'
import { TICKET_STATUSES } from '../../../contract/ticket-status.ts'
import type { Ctx, SystemActor } from '../../../core/context.ts'
import type { Listener, StoredEvent } from '../../../core/events/domain-events.ts'
import { speak } from '../../conversations/index.ts'
import { LINK_DAYS, ticketLink } from '../customer/ticket-links.ts'
import { lockTicket } from '../policy.ts'
import { ConfirmationRow } from './model.ts'
import { endingSettingsOf } from './settings.ts'
import { isEnglish, latestConversation, tellCustomer } from './tell-customer.ts'
import { fillText, wordingIn } from './texts.ts'

type SystemCtx = Ctx<SystemActor>

/** Who has just written the form himself has seen its number; off hours he has had an answer already. */
async function tellCreated(ctx: SystemCtx, event: StoredEvent): Promise<void> {
  const ticket = await lockTicket(ctx, event.subjectId)
  if (ticket.source === 'customer' || ticket.source === 'off_hours' || ticket.customer_id === null) return
  await tellCustomer(ctx, ticket, { text: 'created', key: `ticket-created:${ticket.id}`, importance: 'information' })
}

const askedPayload = z.object({ confirmationId: z.uuid() })

async function tellAsked(ctx: SystemCtx, event: StoredEvent): Promise<void> {
  const { confirmationId } = askedPayload.parse(event.payload)
  const ticket = await lockTicket(ctx, event.subjectId)
  const row = await ConfirmationRow.query(ctx.trx).findById(confirmationId)
  // Answered or taken back before it was told.
  if (!row || row.state !== 'open' || row.message_id !== null) return
  const told = await tellCustomer(ctx, ticket, {
    text: 'confirm',
    key: `ticket-confirm:${row.id}`,
    importance: 'confirmation',
    values: { solution: ticket.solution ?? '' },
  })
  await row.$query(ctx.trx).patch({ message_id: told.messageId, untold: told.reason })
}

const movedPayload = z.object({
  from: z.enum(TICKET_STATUSES),
  to: z.enum(TICKET_STATUSES),
  by: z.enum(['staff', 'customer', 'system']),
})

/** Who said himself that it is solved need not be told. A merged one is told of by the other. */
async function tellEnded(ctx: SystemCtx, event: StoredEvent): Promise<void> {
  const { from, to, by } = movedPayload.parse(event.payload)
  const text =
    to === 'resolved' && by !== 'customer'
      ? 'resolved'
      : to === 'closed' && from === 'awaiting_confirmation' && by === 'system'
        ? 'autoClosed'
        : null
  if (text === null) return
  const ticket = await lockTicket(ctx, event.subjectId)
  if (ticket.status !== to || ticket.customer_id === null || ticket.merged_into !== null) return
  await tellCustomer(ctx, ticket, { text, key: `ticket-${text}:${event.id}`, importance: 'information' })
}

const clickedPayload = z.object({ key: z.string() })

/** The button in the menu of an official account: a link to all of his tickets, in the conversation he last had. */
async function answerMenu(ctx: SystemCtx, event: StoredEvent): Promise<void> {
  const { key } = clickedPayload.parse(event.payload)
  const settings = await endingSettingsOf(ctx)
  if (key !== settings.menu_key) return
  const conversation = await latestConversation(ctx, { identityId: event.subjectId, customerId: null })
  if (!conversation) return
  const identity = { identityId: event.subjectId, customerId: conversation.customer_id }
  const some: unknown = await ctx
    .trx('tickets')
    .where((scope) => scope.where('identity_id', identity.identityId).orWhere('customer_id', identity.customerId))
    .first('id')
  const wording = settings.texts[some === undefined ? 'noTickets' : 'myTickets']
  if (!wording.on) return
  const english = await isEnglish(ctx, conversation)
  const values = {
    link: ticketLink(ctx.app.config, { kind: 'identity', id: identity.identityId, english }, ctx.now),
    days: String(LINK_DAYS.identity),
  }
  const text = fillText(wordingIn(wording, english), values)
  if (text !== '')
    await speak(ctx, conversation, { key: `ticket-menu:${event.id}`, parts: [{ type: 'text', text }], importance: 'confirmation' })
}

export const endingListeners: readonly Listener[] = [
  { name: 'tickets.tell-created', on: ['ticket.created'], handle: tellCreated },
  { name: 'tickets.tell-asked', on: ['ticket.confirmation-asked'], handle: tellAsked },
  { name: 'tickets.tell-ended', on: ['ticket.moved'], handle: tellEnded },
  { name: 'tickets.answer-the-menu', on: ['customer.menu-clicked'], handle: answerMenu },
]
