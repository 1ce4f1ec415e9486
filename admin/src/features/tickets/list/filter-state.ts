import { TICKET_SORTS } from '#api/contract/ticket-terms.ts'
import type { TicketAddress } from '../../../api/tickets.ts'

/** Ready-made looks at the list; each decides some filters by itself. */
export const VIEWS = ['mine', 'pool', 'open', 'late', 'waiting', 'confirm', 'watching', 'made', 'ended', 'all'] as const
export type View = (typeof VIEWS)[number]

/** What the list's address says. Days are `yyyy-mm-dd` where the reader is, both ends included; several values are joined by commas. */
export const FILTER_DEFAULTS = {
  view: 'mine',
  q: '',
  status: '',
  priority: '',
  type: '',
  team: '',
  assignee: '',
  source: '',
  tag: '',
  sla: '',
  marked: '',
  createdFrom: '',
  createdUntil: '',
  sort: '',
}
export type FilterState = typeof FILTER_DEFAULTS

const OF_VIEW: Record<View, TicketAddress> = {
  mine: { assigneeId: 'me', status: 'open' },
  pool: { assigneeId: 'none', status: 'open' },
  open: { status: 'open' },
  late: { breached: 'true', status: 'open' },
  waiting: { status: 'waiting_customer,on_hold' },
  confirm: { status: 'awaiting_confirmation' },
  watching: { watching: 'true' },
  made: { createdById: 'me' },
  ended: { status: 'resolved,closed' },
  all: {},
}
/** Work is taken in the order in which it is owed; what is looked up, by what happened last. */
const SORT_OF_VIEW: Partial<Record<View, string>> = { mine: 'due', pool: 'due', open: 'due', late: 'due' }

export const viewOf = (state: FilterState): View => VIEWS.find((view) => view === state.view) ?? 'mine'
export const sortOf = (state: FilterState): string =>
  TICKET_SORTS.find((sort) => sort === state.sort) ?? SORT_OF_VIEW[viewOf(state)] ?? '-activity'

const DAY = /^\d{4}-\d{2}-\d{2}$/
/** The first moment of a day, or of the day after it, where the reader is. */
const startOf = (day: string, daysLater = 0): string | undefined => {
  if (!DAY.test(day)) return undefined
  const [year = 0, month = 1, date = 1] = day.split('-').map(Number)
  const moment = new Date(year, month - 1, date + daysLater)
  return Number.isNaN(moment.getTime()) ? undefined : moment.toISOString()
}
const orNothing = (text: string): string | undefined => (text === '' ? undefined : text)
const markOf = (state: FilterState, mark: string): 'true' | undefined => (state.marked.split(',').includes(mark) ? 'true' : undefined)
const breachedOf = (state: FilterState): string | undefined => (state.sla === 'late' ? 'true' : state.sla === 'fine' ? 'false' : undefined)

const given = (address: TicketAddress): TicketAddress =>
  Object.fromEntries(Object.entries(address).filter(([, value]) => value !== undefined))

/** The filters as a query: what the reader narrows wins over what the view says. */
export const addressOf = (state: FilterState): TicketAddress => ({
  ...OF_VIEW[viewOf(state)],
  ...given({
    q: orNothing(state.q),
    status: orNothing(state.status),
    priority: orNothing(state.priority),
    typeId: orNothing(state.type),
    teamId: orNothing(state.team),
    assigneeId: orNothing(state.assignee),
    source: orNothing(state.source),
    tag: orNothing(state.tag),
    breached: breachedOf(state),
    urged: markOf(state, 'urged'),
    escalated: markOf(state, 'escalated'),
    unread: markOf(state, 'unread'),
    createdFrom: startOf(state.createdFrom),
    createdUntil: startOf(state.createdUntil, 1),
  }),
})
/** For the numbers beside the states: everything but the state itself. */
export const addressWithoutStatus = (state: FilterState): TicketAddress => {
  const { status: _status, ...rest } = addressOf(state)
  return rest
}

/** Filters behind the "more" button that are set. */
export const MORE_FILTERS = ['source', 'tag', 'sla', 'marked', 'createdFrom', 'createdUntil'] as const
export const moreCount = (state: FilterState): number => MORE_FILTERS.filter((key) => state[key] !== '').length
const NARROWING = ['q', 'status', 'priority', 'type', 'team', 'assignee', ...MORE_FILTERS] as const
export const isNarrowed = (state: FilterState): boolean => NARROWING.some((key) => state[key] !== '')
/** Everything but the view and the order as it is without filters. */
export const withoutFilters = ({ view, sort }: FilterState): FilterState => ({ ...FILTER_DEFAULTS, view, sort })

/** As a saved view keeps them: what differs from the plain list. */
export const viewOfFilters = (state: FilterState): Record<string, string> => {
  const kept = Object.entries(state).filter(([key, value]) => value !== '' && key !== 'view')
  return Object.fromEntries([['view', viewOf(state)], ...kept])
}
/** Unknown keys of an older or newer release are left out. */
export const filtersOfView = (filters: Record<string, string | string[]>): FilterState => {
  const known: Record<string, string> = {}
  for (const key of Object.keys(FILTER_DEFAULTS)) {
    const value = filters[key]
    if (value !== undefined) known[key] = Array.isArray(value) ? value.join(',') : value
  }
  return { ...FILTER_DEFAULTS, ...known }
}
export const sameFilters = (a: FilterState, b: FilterState): boolean =>
  JSON.stringify(viewOfFilters(a)) === JSON.stringify(viewOfFilters(b))
