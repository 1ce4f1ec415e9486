/**
 * The states of a ticket as data (BP-006.4): which leads to which, who may, and what it asks for.
 *
 * `holder`: its assignee, and whoever may act for him (`tickets.assign` within his scope). `supervisor`: the latter alone. `claimer`: who may take it from
 * the pool. `customer`: its customer, on his page or by answering. `system`: routing, clocks, schedules, merging.
 */
import type { MoveNeed } from '../../contract/ticket.ts'
import type { TicketStatus } from '../../contract/ticket-status.ts'

export type MoveRole = 'holder' | 'supervisor' | 'claimer' | 'customer' | 'system'

export interface Move {
  from: TicketStatus
  to: TicketStatus
  who: readonly MoveRole[]
  needs: readonly MoveNeed[]
}

const move = (from: TicketStatus, to: TicketStatus, who: readonly MoveRole[], needs: readonly MoveNeed[] = []): Move => ({
  from,
  to,
  who,
  needs,
})

export const MOVES: readonly Move[] = [
  move('new', 'unassigned', ['supervisor', 'system']),
  move('new', 'in_progress', ['claimer', 'supervisor', 'system'], ['assignee']),
  move('new', 'closed', ['supervisor', 'system'], ['reason']),

  move('unassigned', 'in_progress', ['claimer', 'supervisor', 'system'], ['assignee']),
  move('unassigned', 'closed', ['supervisor', 'system'], ['reason']),

  move('in_progress', 'unassigned', ['holder', 'system']),
  move('in_progress', 'waiting_customer', ['holder', 'system']),
  move('in_progress', 'on_hold', ['holder', 'system'], ['reason']),
  move('in_progress', 'awaiting_confirmation', ['holder', 'system'], ['solution']),
  move('in_progress', 'resolved', ['holder', 'system'], ['solution']),
  move('in_progress', 'closed', ['supervisor', 'system'], ['reason']),

  move('waiting_customer', 'in_progress', ['holder', 'customer', 'system'], ['assignee']),
  move('waiting_customer', 'unassigned', ['supervisor', 'system']),
  move('waiting_customer', 'on_hold', ['holder', 'system'], ['reason']),
  move('waiting_customer', 'awaiting_confirmation', ['holder', 'system'], ['solution']),
  move('waiting_customer', 'resolved', ['holder', 'system'], ['solution']),
  move('waiting_customer', 'closed', ['supervisor', 'system'], ['reason']),

  move('on_hold', 'in_progress', ['holder', 'customer', 'system'], ['assignee']),
  move('on_hold', 'unassigned', ['supervisor', 'system']),
  move('on_hold', 'waiting_customer', ['holder', 'system']),
  move('on_hold', 'resolved', ['holder', 'system'], ['solution']),
  move('on_hold', 'closed', ['supervisor', 'system'], ['reason']),

  move('awaiting_confirmation', 'resolved', ['customer', 'supervisor', 'system'], ['solution']),
  move('awaiting_confirmation', 'in_progress', ['holder', 'customer', 'system'], ['assignee']),
  move('awaiting_confirmation', 'unassigned', ['supervisor', 'customer', 'system']),
  move('awaiting_confirmation', 'closed', ['supervisor', 'system'], ['reason']),

  move('resolved', 'closed', ['holder', 'customer', 'system']),
  move('resolved', 'in_progress', ['holder', 'customer', 'system'], ['assignee', 'reason']),
  move('resolved', 'unassigned', ['supervisor', 'customer', 'system'], ['reason']),

  move('closed', 'in_progress', ['supervisor', 'customer', 'system'], ['assignee', 'reason']),
  move('closed', 'unassigned', ['supervisor', 'customer', 'system'], ['reason']),
]

export const findMove = (from: TicketStatus, to: TicketStatus): Move | undefined =>
  MOVES.find((each) => each.from === from && each.to === to)
export const movesFrom = (from: TicketStatus): Move[] => MOVES.filter((each) => each.from === from)

/** What is over: resolved waits for its closing only. */
export const isOver = (status: TicketStatus): boolean => status === 'resolved' || status === 'closed'
export const reopens = (move: Pick<Move, 'from' | 'to'>): boolean => isOver(move.from) && !isOver(move.to)
/** States without anybody who has it. */
export const isPool = (status: TicketStatus): boolean => status === 'new' || status === 'unassigned'
