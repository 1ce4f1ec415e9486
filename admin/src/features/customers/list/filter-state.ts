import type { z } from 'zod'
import { type customerFilter } from '#api/contract/customer.ts'
import { CUSTOMER_SORTS, CUSTOMER_STATUSES } from '#api/contract/customer-terms.ts'
import type { CustomerAddress } from '../../../api/customers.ts'
import { listed } from '../../../shared/url-state.ts'

export const VIEWS = ['all', 'mine', 'temporary', 'archived'] as const
export type View = (typeof VIEWS)[number]

/** What the list's address says. Days are `yyyy-mm-dd` where the reader is, both ends included. */
export const FILTER_DEFAULTS = {
  view: 'all',
  segment: '',
  q: '',
  status: '',
  institution: '',
  owner: '',
  level: '',
  region: '',
  channel: '',
  tags: '',
  tagMode: 'any',
  without: '',
  contactFrom: '',
  contactUntil: '',
  createdFrom: '',
  createdUntil: '',
  sort: '-last_contact',
}
export type FilterState = typeof FILTER_DEFAULTS
export type BulkFilter = z.input<typeof customerFilter>

const DAY = /^\d{4}-\d{2}-\d{2}$/
/** The first moment of a day, or of the day after it, where the reader is. */
const startOf = (day: string, daysLater = 0): string | undefined => {
  if (!DAY.test(day)) return undefined
  const [year = 0, month = 1, date = 1] = day.split('-').map(Number)
  const moment = new Date(year, month - 1, date + daysLater)
  return Number.isNaN(moment.getTime()) ? undefined : moment.toISOString()
}
const oneOf = <T extends string>(known: readonly T[], word: string): T | undefined => known.find((one) => one === word)
const orNothing = (text: string): string | undefined => (text === '' ? undefined : text)
const some = (text: string): string[] | undefined => (text === '' ? undefined : listed(text))

/** What the state asks for, as the body of a bulk request has it. */
export const filterOf = (state: FilterState): BulkFilter => {
  const filter = {
    q: orNothing(state.q),
    status: state.view === 'temporary' ? ('temporary' as const) : oneOf(CUSTOMER_STATUSES, state.status),
    institutionId: orNothing(state.institution),
    ownerId: state.view === 'mine' ? 'me' : orNothing(state.owner),
    levelId: orNothing(state.level),
    regionId: orNothing(state.region),
    channelKind: orNothing(state.channel),
    tagsAny: state.tagMode === 'any' ? some(state.tags) : undefined,
    tagsAll: state.tagMode === 'all' ? some(state.tags) : undefined,
    tagsNone: some(state.without),
    lastContactFrom: startOf(state.contactFrom),
    lastContactUntil: startOf(state.contactUntil, 1),
    createdFrom: startOf(state.createdFrom),
    createdUntil: startOf(state.createdUntil, 1),
    archived: state.view === 'archived' ? true : undefined,
  }
  return filter
}

/** The same as a query. */
export const addressOf = (state: FilterState): CustomerAddress => {
  const { tagsAny, tagsAll, tagsNone, archived, ...single } = filterOf(state)
  return {
    ...Object.fromEntries(Object.entries(single).filter(([, value]) => typeof value === 'string')),
    tagsAny: tagsAny?.join(','),
    tagsAll: tagsAll?.join(','),
    tagsNone: tagsNone?.join(','),
    archived: archived === true ? 'true' : undefined,
  }
}

/** `-last_contact` in the address is `sort=last_contact&order=desc` for the list. */
export const orderParams = (sort: string): { sort: string; order: 'asc' | 'desc' } => {
  const descending = sort.startsWith('-')
  const name = oneOf(CUSTOMER_SORTS, descending ? sort.slice(1) : sort)
  return name === undefined ? { sort: 'last_contact', order: 'desc' } : { sort: name, order: descending ? 'desc' : 'asc' }
}

const NARROWING = ['status', 'institution', 'owner', 'level', 'region', 'channel', 'tags', 'without'] as const
/** Filters behind the "more" button that are set. */
export const MORE_FILTERS = ['region', 'channel', 'without', 'contactFrom', 'contactUntil', 'createdFrom', 'createdUntil'] as const
export const moreCount = (state: FilterState): number => MORE_FILTERS.filter((key) => state[key] !== '').length
export const isNarrowed = (state: FilterState): boolean =>
  state.q !== '' || moreCount(state) > 0 || NARROWING.some((key) => state[key] !== '')

/** Everything but the view and the order as it is without filters. */
export const withoutFilters = ({ view, segment, sort }: FilterState): FilterState => ({ ...FILTER_DEFAULTS, view, segment, sort })
