import type { Ctx, StaffActor } from '../../../core/context.ts'
import { announceLater } from '../announce.ts'
import { TicketRow } from '../model.ts'
import { ticketFor } from '../policy.ts'

/** Its assignee has it before him: it is unread no more. Anybody else’s look changes nothing, nor is it a change of the ticket. */
export async function seeTicket(ctx: Ctx<StaffActor>, id: string): Promise<void> {
  const row = await ticketFor(ctx, id, 'view')
  if (row.assignee_id !== ctx.actor.accountId || row.seen_at !== null) return
  const seen = await TicketRow.query(ctx.trx)
    .where({ id, assignee_id: ctx.actor.accountId })
    .whereNull('seen_at')
    .patch({ seen_at: ctx.now })
  if (seen > 0) announceLater(ctx, id, row)
}
