/** What staff note on a ticket (BP-006.5): among themselves, or for the customer. */
import type { FollowUpCreate } from '../../../contract/ticket-follow-up.ts'
import type { Ctx, StaffActor } from '../../../core/context.ts'
import { Conflict } from '../../../core/errors.ts'
import { notify } from '../../notifications/index.ts'
import { tellCustomer } from '../ending/tell-customer.ts'
import { recordTicketEvent } from '../history.ts'
import type { TicketRow } from '../model.ts'
import { ticketFor } from '../policy.ts'
import { saveTicket } from '../save.ts'
import { keepClocks } from '../sla/keep-clocks.ts'
import { keepStaffFiles } from './files.ts'
import { keepFollowUp } from './keep-follow-up.ts'
import { mention } from './mentions.ts'
import type { FollowUpRow } from './model.ts'

/**
 * The same key is the same follow-up, however often it comes.
 * @throws NotFound, Forbidden; Conflict `idempotency_mismatch`, `ticket_without_customer`, `ticket_files_full`; Invalid `mention_unknown`
 */
export async function addFollowUp(ctx: Ctx<StaffActor>, ticketId: string, input: FollowUpCreate): Promise<FollowUpRow> {
  return followUpOn(ctx, await ticketFor(ctx, ticketId, 'comment'), input)
}

/** The same on a ticket that the caller has locked, and may comment on. */
export async function followUpOn(ctx: Ctx<StaffActor>, ticket: TicketRow, input: FollowUpCreate): Promise<FollowUpRow> {
  if (input.visibility === 'customer' && ticket.customer_id === null)
    throw new Conflict('ticket_without_customer', 'nobody to tell: the ticket has no customer')
  const mentions = await mention(ctx, ticket, input.mentions)
  const { row, isNew } = await keepFollowUp(ctx, ticket, { ...input, mentions, by: { accountId: ctx.actor.accountId } })
  if (!isNew) return row
  const files = await keepStaffFiles(ctx, { ticketId: ticket.id, followUpId: row.id }, input.attachmentIds)
  const kept = input.visibility === 'customer' ? await deliver(ctx, ticket, row, files) : row
  await recordTicketEvent(ctx, await saveTicket(ctx, ticket, {}), {
    kind: 'followed_up',
    params: { followUpId: row.id, visibility: row.visibility, files: files.length },
  })
  ctx.emit({
    name: 'ticket.followed_up',
    subjectId: ticket.id,
    payload: { visibility: row.visibility, by: 'staff', actorId: ctx.actor.accountId, followUpId: row.id },
  })
  if (row.visibility === 'customer') await keepClocks(ctx, [ticket.id], 'replied')
  await tellMentioned(ctx, ticket, row)
  return kept
}

async function deliver(ctx: Ctx<StaffActor>, ticket: TicketRow, row: FollowUpRow, files: readonly string[]): Promise<FollowUpRow> {
  const told = await tellCustomer(ctx, ticket, {
    text: 'followUp',
    key: `ticket-follow-up:${row.id}`,
    importance: 'confirmation',
    values: { text: row.body },
    attachmentIds: files,
  })
  return row.$query(ctx.trx).patchAndFetch({ message_id: told.messageId, page_only: told.reason })
}

async function tellMentioned(ctx: Ctx<StaffActor>, ticket: TicketRow, row: FollowUpRow): Promise<void> {
  const to = row.mentions.map(({ id }) => id).filter((id) => id !== ctx.actor.accountId)
  if (to.length === 0) return
  await notify(ctx, {
    to,
    kind: 'ticket.mentioned',
    params: { number: ticket.number, title: ticket.title, by: ctx.actor.name },
    link: `/tickets/${ticket.id}`,
    key: `ticket.mentioned:${row.id}`,
  })
}
