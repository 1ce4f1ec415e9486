/** By what a board is cut into columns and lanes. Compared and counted as it is stored; turned into a key only for the cells that come out. */
import { PRIORITIES } from '../../../contract/priority.ts'
import { type BoardGroup, type BoardLanes, NOBODY } from '../../../contract/ticket-board.ts'
import { TICKET_STATUSES } from '../../../contract/ticket-status.ts'
import { rankOf } from '../rank.ts'

export interface Cut {
  /** Over `tickets t`; never null. */
  sql: string
  type: 'text' | 'smallint' | 'uuid'
  /** @param value as text */
  keyOf(value: string): string
  /** Null: no column or lane of this cut has such a key. */
  valueOf(key: string): string | null
}

const NO_ID = '00000000-0000-0000-0000-000000000000'
const ID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i

const byId = (column: string): Cut => ({
  sql: `coalesce(${column}, '${NO_ID}')`,
  type: 'uuid',
  keyOf: (value) => (value === NO_ID ? NOBODY : value),
  valueOf: (key) => (key === NOBODY ? NO_ID : ID.test(key) ? key.toLowerCase() : null),
})
const byPriority: Cut = {
  sql: 't.priority_rank',
  type: 'smallint',
  keyOf: (value) => PRIORITIES.find((one) => String(rankOf(one)) === value) ?? value,
  valueOf(key) {
    const priority = PRIORITIES.find((one) => one === key)
    return priority ? String(rankOf(priority)) : null
  },
}

export const COLUMNS: Record<BoardGroup, Cut> = {
  status: { sql: 't.status', type: 'text', keyOf: (value) => value, valueOf: (key) => TICKET_STATUSES.find((one) => one === key) ?? null },
  priority: byPriority,
  assignee: byId('t.assignee_id'),
  team: byId('t.team_id'),
}
export const LANES: Record<BoardLanes, Cut> = {
  none: { sql: '0::smallint', type: 'smallint', keyOf: () => NOBODY, valueOf: (key) => (key === NOBODY ? '0' : null) },
  priority: byPriority,
  assignee: COLUMNS.assignee,
  team: COLUMNS.team,
  type: byId('t.type_id'),
}
/** In somebody’s column since he has it; else since it is in its state. */
export const SINCE: Record<BoardGroup, string> = {
  status: 't.status_since',
  priority: 't.status_since',
  assignee: 'coalesce(t.assigned_at, t.status_since)',
  team: 't.status_since',
}
