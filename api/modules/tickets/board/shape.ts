/** How a board is cut: what makes a column and a lane, and since when a card is where it is. */
import type { Knex } from 'knex'
import { BOARD_ENDED_DAYS, type BoardGroup, type BoardLanes, NOBODY, type TicketBoardQuery } from '../../../contract/ticket-board.ts'
import { OPEN_STATUSES, type TicketStatus } from '../../../contract/ticket-status.ts'
import type { Ctx, StaffActor } from '../../../core/context.ts'
import { narrowingOf } from '../filters.ts'

/** Over `tickets t`: text, so that nobody’s is a key like the others. */
const COLUMNS: Record<BoardGroup, string> = {
  status: 't.status',
  priority: 't.priority',
  assignee: `coalesce(t.assignee_id::text, '${NOBODY}')`,
  team: `coalesce(t.team_id::text, '${NOBODY}')`,
}
const LANES: Record<BoardLanes, string> = {
  none: `'${NOBODY}'`,
  priority: 't.priority',
  assignee: COLUMNS.assignee,
  team: COLUMNS.team,
  type: 't.type_id::text',
}
/** In somebody’s column since he has it; else since it is in its state. */
const SINCE: Record<BoardGroup, string> = {
  status: 't.status_since',
  priority: 't.status_since',
  assignee: 'coalesce(t.assigned_at, t.status_since)',
  team: 't.status_since',
}

export const COLUMN_STATUSES: readonly TicketStatus[] = [
  'unassigned',
  'in_progress',
  'waiting_customer',
  'on_hold',
  'awaiting_confirmation',
  'resolved',
  'closed',
]

/** Asked once for a statement: bare it would be called for every row. */
export const NOW = '(select app_now())'

/** Literal, so that the index of what is open answers alone. */
const OPEN = `t.status in (${OPEN_STATUSES.map((status) => `'${status}'`).join(', ')})`
const ENDED = `t.status in ('resolved', 'closed') and t.status_since > app_now() - interval '${BOARD_ENDED_DAYS} days'`

/**
 * The tickets of a board that the reader sees, each with its column and lane: what is open, and on a board of states what ended lately.
 * Merged tickets are not on it: their matter goes on in another.
 */
export async function boardTickets(ctx: Ctx<StaffActor>, query: TicketBoardQuery): Promise<{ tickets: Knex.QueryBuilder }> {
  const { group, lanes, ...filters } = query
  const { bySet } = await narrowingOf(ctx, filters)
  const part = (which: string): Knex.QueryBuilder =>
    ctx
      .trx('tickets as t')
      .modify(bySet)
      .whereRaw(which)
      .whereNull('t.merged_into')
      .select('t.id', 't.breached', 't.priority_rank')
      .select(ctx.trx.raw(`${COLUMNS[group]} as col`), ctx.trx.raw(`${LANES[lanes]} as lane`), ctx.trx.raw(`${SINCE[group]} as since`))
  // Inside an object: a builder is a promise of its rows, and would be run by being awaited.
  return { tickets: group === 'status' ? part(OPEN).unionAll([part(ENDED)]) : part(OPEN) }
}
