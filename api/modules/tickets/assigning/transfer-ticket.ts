import type { z } from 'zod'
import type { ticketTransferRequest } from '../../../contract/ticket-assigning.ts'
import type { Ctx, StaffActor } from '../../../core/context.ts'
import { Conflict } from '../../../core/errors.ts'
import type { TicketRow } from '../model.ts'
import { ticketFor } from '../policy.ts'
import { isOver, isPool } from '../states.ts'
import { carryOut } from './assign-tickets.ts'
import { ticketTargetOf } from './targets.ts'

/**
 * Hands on what one holds (BP-006.6): to a colleague, or into the pool of a team, with a word why.
 * @throws Conflict `ticket_over`, `already_there`, `team_disabled`; Invalid `staff_not_active`; as `ticketFor`
 */
export async function transferTicket(
  ctx: Ctx<StaffActor>,
  id: string,
  { to, note }: z.output<typeof ticketTransferRequest>,
): Promise<TicketRow> {
  const target = await ticketTargetOf(ctx, to)
  const row = await ticketFor(ctx, id, 'transfer')
  if (isOver(row.status)) throw new Conflict('ticket_over', 'it is resolved already', { number: row.number })
  if (target.kind === 'agent' && target.to.id === row.assignee_id) throw new Conflict('already_there', 'he has it already')
  if (target.kind === 'team' && isPool(row.status) && target.teamId === row.team_id)
    throw new Conflict('already_there', 'it waits there already')
  const code = target.kind === 'team' && target.teamId === row.team_id ? 'returned_to_pool' : 'handed_on'
  await carryOut(ctx, [row], { target, reason: { code, params: { by: ctx.actor.name } }, note })
  return row
}
