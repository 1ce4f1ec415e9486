import type { CustomerFollowUpCreate } from '../../../contract/ticket-customer.ts'
import type { Ctx, CustomerActor } from '../../../core/context.ts'
import { Conflict } from '../../../core/errors.ts'
import { notify } from '../../notifications/index.ts'
import { keepCustomerFiles } from '../follow-ups/files.ts'
import { keepFollowUp } from '../follow-ups/keep-follow-up.ts'
import { peopleBehind } from '../follow-ups/people-behind.ts'
import { recordTicketEvent } from '../history.ts'
import { moveTicket } from '../moves.ts'
import { saveTicket } from '../save.ts'
import { keepClocks } from '../sla/keep-clocks.ts'
import { isOver } from '../states.ts'
import { type CustomerReach, lockOwn } from './reach.ts'

/**
 * More of what he knows, with files. What waited for him goes on; the same key is the same word.
 * @throws NotFound; Conflict `ticket_over`, `idempotency_mismatch`, `ticket_files_full`; Invalid `attachment_not_ready`
 */
export async function addOwn(
  ctx: Ctx<CustomerActor>,
  reach: CustomerReach,
  { id, ...input }: CustomerFollowUpCreate & { id: string },
): Promise<void> {
  const ticket = await lockOwn(ctx, reach, id)
  const by = { identityId: reach.identityId }
  const { row, isNew } = await keepFollowUp(ctx, ticket, { ...input, visibility: 'customer', mentions: [], by })
  if (!isNew) return
  if (isOver(ticket.status) || ticket.merged_into !== null) throw new Conflict('ticket_over', 'reopen it first', { status: ticket.status })
  await keepCustomerFiles(ctx, { ticketId: ticket.id, followUpId: row.id }, { ...by, attachmentIds: input.attachmentIds })
  const saved = await saveTicket(ctx, ticket, { seen_at: null })
  await recordTicketEvent(ctx, saved, { kind: 'customer_added', params: { followUpId: row.id, files: input.attachmentIds.length } })
  ctx.emit({ name: 'ticket.followed_up', subjectId: ticket.id, payload: { visibility: 'customer', by: 'customer', followUpId: row.id } })
  if (saved.status === 'waiting_customer') await moveTicket(ctx, saved, 'in_progress')
  await keepClocks(ctx, [ticket.id], 'spoken')
  await notify(ctx, {
    to: await peopleBehind(ctx, ticket),
    kind: 'ticket.customer_spoke',
    params: { number: ticket.number, title: ticket.title },
    link: `/tickets/${ticket.id}`,
    key: `ticket.customer_spoke:${row.id}`,
  })
}
