import type { TicketDetail, TicketMove } from '#api/contract/ticket.ts'
import type { TicketStatus } from '#api/contract/ticket-status.ts'

/** What one does next in the normal run of things, the likeliest first. */
const NATURAL: Record<TicketStatus, readonly TicketStatus[]> = {
  new: ['in_progress', 'unassigned'],
  unassigned: ['in_progress'],
  in_progress: ['awaiting_confirmation', 'resolved'],
  waiting_customer: ['in_progress'],
  on_hold: ['in_progress'],
  awaiting_confirmation: ['resolved', 'in_progress'],
  resolved: ['closed'],
  closed: ['in_progress'],
}

/** Moves as buttons: those that need somebody to have it are the claim's and the assignment's matter while nobody has. */
export const movesOf = (
  ticket: Pick<TicketDetail, 'status' | 'moves' | 'assignee' | 'customer'>,
): { first: TicketMove | null; rest: TicketMove[] } => {
  const open = ticket.moves.filter(({ needs }) => ticket.assignee !== null || !needs.includes('assignee'))
  const natural = NATURAL[ticket.status].filter((to) => to !== 'awaiting_confirmation' || ticket.customer !== null)
  const first = natural.map((to) => open.find((move) => move.to === to)).find((move) => move !== undefined) ?? null
  return { first, rest: open.filter((move) => move !== first) }
}

/** Whether something has to be said or filled in before it. */
export const asks = (move: TicketMove, solution: string | null): boolean =>
  move.missing.length > 0 || move.needs.some((need) => need === 'reason' || (need === 'solution' && (solution ?? '').trim() === ''))
