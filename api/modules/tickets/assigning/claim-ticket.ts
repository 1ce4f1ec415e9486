import type { Ctx, StaffActor } from '../../../core/context.ts'
import { Conflict } from '../../../core/errors.ts'
import type { TicketRow } from '../model.ts'
import { lockTicket, ticketFor, ticketReach } from '../policy.ts'
import { giveTickets } from './give.ts'

/** So long after it left the pool, which he saw, who still reaches for it is told so instead of "not found". */
const JUST_TAKEN_MS = 5 * 60_000

async function refuseJustTaken(ctx: Ctx<StaffActor>, id: string): Promise<void> {
  const { assignee_id: holder, assigned_at: since, team_id: team } = await lockTicket(ctx, id)
  if (holder === null || since === null || ctx.now.getTime() - since.getTime() > JUST_TAKEN_MS) return
  const { teamIds } = await ticketReach(ctx)
  if (team === null || teamIds.includes(team)) throw new Conflict('already_assigned', 'somebody was quicker', { assigneeId: holder })
}

/** Takes a ticket from the pool. Of two who reach for it one gets it; the other is told so. @throws Conflict `already_assigned`; as `ticketFor` */
export async function claimTicket(ctx: Ctx<StaffActor>, id: string): Promise<TicketRow> {
  await refuseJustTaken(ctx, id)
  const row = await ticketFor(ctx, id, 'claim')
  await giveTickets(ctx, [row], { to: { id: ctx.actor.accountId, name: ctx.actor.name }, reason: { code: 'claimed', params: {} } })
  return row
}
