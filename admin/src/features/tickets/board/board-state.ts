import type { BoardGroup, BoardLanes } from '#api/contract/ticket-board.ts'
import { FILTER_DEFAULTS } from '../list/filter-state.ts'

/** What the board's address says: how it is cut, and the filters of the list. */
export const BOARD_DEFAULTS = { ...FILTER_DEFAULTS, view: 'all', tab: 'board', group: 'status', lanes: 'none', by: 'team' }
export type BoardState = typeof BOARD_DEFAULTS

export const TABS = ['board', 'progress'] as const
export type Tab = (typeof TABS)[number]
export const GROUPS = ['status', 'assignee', 'team', 'priority'] as const satisfies readonly BoardGroup[]
const LANES = ['none', 'assignee', 'team', 'priority', 'type'] as const satisfies readonly BoardLanes[]
export const PROGRESS_BY = ['team', 'assignee'] as const
export type ProgressBy = (typeof PROGRESS_BY)[number]

/** Lanes that repeat the columns would say nothing. */
export const lanesFor = (group: BoardGroup): BoardLanes[] => LANES.filter((lanes) => lanes !== group)

export const tabOf = (state: BoardState): Tab => TABS.find((tab) => tab === state.tab) ?? 'board'
export const byOf = (state: BoardState): ProgressBy => PROGRESS_BY.find((by) => by === state.by) ?? 'team'

export interface Cut {
  group: BoardGroup
  lanes: BoardLanes
}
export const cutOf = (state: BoardState): Cut => {
  const group = GROUPS.find((each) => each === state.group) ?? 'status'
  return { group, lanes: lanesFor(group).find((each) => each === state.lanes) ?? 'none' }
}
