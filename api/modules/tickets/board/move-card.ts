/** A card is dragged: a move, a hand-out or a change of priority, by the rules of each; what is refused says why (BP-013.1). */
import type { z } from 'zod'
import { type boardMoveRequest, NOBODY } from '../../../contract/ticket-board.ts'
import { PRIORITIES } from '../../../contract/priority.ts'
import { TICKET_STATUSES } from '../../../contract/ticket-status.ts'
import type { Ctx, StaffActor } from '../../../core/context.ts'
import { Conflict, Invalid } from '../../../core/errors.ts'
import { carryOut } from '../assigning/assign-tickets.ts'
import { giveTickets } from '../assigning/give.ts'
import { ticketTargetOf } from '../assigning/targets.ts'
import type { TicketRow } from '../model.ts'
import { moveTicket } from '../moves.ts'
import { ticketFor } from '../policy.ts'
import { isOver, isPool } from '../states.ts'
import { changeTicket } from '../update.ts'
import { refuseBeyondLimit } from './wip.ts'

type Request = z.output<typeof boardMoveRequest>

/** @throws Conflict `version_conflict`, `wip_limit_reached`, `ticket_over`; whatever the move, the hand-out or the change is refused for */
export async function moveCard(ctx: Ctx<StaffActor>, request: Request): Promise<TicketRow> {
  const row = await ticketFor(ctx, request.id, ACTIONS[request.group])
  if (row.version !== request.version)
    throw new Conflict('version_conflict', 'somebody else has changed this ticket', { version: row.version })
  if (request.group === 'status') await toStatus(ctx, row, request)
  else if (request.group === 'priority') await toPriority(ctx, row, request.to)
  else await toHands(ctx, row, request)
  return row
}

const ACTIONS = { status: 'move', priority: 'edit', assignee: 'transfer', team: 'transfer' } as const

async function toStatus(ctx: Ctx<StaffActor>, row: TicketRow, { to, force }: Request): Promise<void> {
  const status = TICKET_STATUSES.find((each) => each === to)
  if (!status) throw new Invalid('invalid_request', 'no such state')
  const mayForce = force && ctx.actor.permissions.has('tickets.assign')
  if (!mayForce) await refuseBeyondLimit(ctx, row, status)
  // From the pool to work: whoever drags it there takes it.
  if (isPool(row.status) && status === 'in_progress') {
    await ticketFor(ctx, row.id, 'claim')
    const to = { id: ctx.actor.accountId, name: ctx.actor.name }
    await giveTickets(ctx, [row], { to, reason: { code: 'claimed', params: {} } })
  } else await moveTicket(ctx, row, status)
}

async function toPriority(ctx: Ctx<StaffActor>, row: TicketRow, to: string): Promise<void> {
  const priority = PRIORITIES.find((each) => each === to)
  if (!priority) throw new Invalid('invalid_request', 'no such priority')
  await changeTicket(ctx, row, { priority })
}

async function toHands(ctx: Ctx<StaffActor>, row: TicketRow, { group, to }: Request): Promise<void> {
  if (isOver(row.status)) throw new Conflict('ticket_over', 'it is resolved already', { number: row.number })
  const id = to === NOBODY ? null : to
  const wish = group === 'assignee' && id !== null ? { kind: 'agent' as const, accountId: id } : poolOf(row, group, id)
  const target = await ticketTargetOf(ctx, wish)
  const isThere =
    target.kind === 'agent'
      ? target.to.id === row.assignee_id
      : target.kind === 'team' && isPool(row.status) && target.teamId === row.team_id
  if (isThere) return
  await carryOut(ctx, [row], { target, reason: { code: 'assigned_by_hand', params: { by: ctx.actor.name } } })
}

/** Nobody’s column is the pool of its team; a team’s column is that team’s pool. */
const poolOf = (row: TicketRow, group: Request['group'], id: string | null) => ({
  kind: 'team' as const,
  teamId: group === 'team' ? id : row.team_id,
})
