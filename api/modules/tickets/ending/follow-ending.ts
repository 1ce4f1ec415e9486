/** What a change of state means for the end of a ticket: in the same transaction, and without a word to anybody. */
import type { TicketStatus } from '../../../contract/ticket-status.ts'
import type { Ctx } from '../../../core/context.ts'
import { newId } from '../../../core/ids.ts'
import type { TicketRow } from '../model.ts'
import { isOver } from '../states.ts'
import { daysOfTeam, momentsOf } from './closing-days.ts'
import { ClosingRow, ConfirmationRow } from './model.ts'
import { endingSettingsOf } from './settings.ts'

/**
 * Called by `moveTicket` with the row as it is now: the question to the customer is asked, answered or withdrawn, and what closes by itself is planned.
 * A listener tells him (`ticket.confirmation-asked`).
 */
export async function followEnding(ctx: Ctx, row: TicketRow, from: TicketStatus): Promise<void> {
  if (from === 'awaiting_confirmation') await settle(ctx, row)
  if (row.status === 'awaiting_confirmation') await ask(ctx, row)
  await plan(ctx, row)
}

/** Only a customer confirms or rejects; whatever else ends the waiting takes the question back. */
async function settle(ctx: Ctx, row: TicketRow): Promise<void> {
  const byCustomer = ctx.actor.kind === 'customer'
  const state = row.status === 'closed' ? 'closed' : !byCustomer ? 'withdrawn' : isOver(row.status) ? 'confirmed' : 'rejected'
  await ConfirmationRow.query(ctx.trx).where({ ticket_id: row.id, state: 'open' }).patch({ state, answered_at: ctx.now })
}

async function ask(ctx: Ctx, row: TicketRow): Promise<void> {
  if (row.customer_id === null) return
  const id = newId()
  await ConfirmationRow.query(ctx.trx).insert({ id, ticket_id: row.id, state: 'open', asked_at: ctx.now })
  ctx.emit({ name: 'ticket.confirmation-asked', subjectId: row.id, payload: { confirmationId: id } })
}

async function plan(ctx: Ctx, row: TicketRow): Promise<void> {
  await ClosingRow.query(ctx.trx).deleteById(row.id)
  if (row.status !== 'awaiting_confirmation' && row.status !== 'resolved') return
  const settings = await endingSettingsOf(ctx)
  if (settings.auto_close_days === 0) return
  // Nothing is asked any more of what is solved: it closes without a reminder.
  const noticeDays = row.status === 'resolved' || row.customer_id === null ? 0 : settings.notice_days
  const planned = { since: ctx.now, closeDays: settings.auto_close_days, noticeDays }
  const { noticeAt, closeAt } = momentsOf(planned, await daysOfTeam(ctx, row.team_id))
  await ClosingRow.query(ctx.trx).insert({
    ticket_id: row.id,
    since: planned.since,
    close_days: planned.closeDays,
    notice_days: noticeDays,
    notice_at: noticeAt,
    close_at: closeAt,
  })
}
