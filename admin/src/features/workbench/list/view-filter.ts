/** A list's filters as a saved view keeps them, and back; what a view of another version does not know falls to the default. Pure. */
import type { SavedView } from '#api/contract/view.ts'
import type { ListFilter } from '../../../stores/conversation-lists.ts'

const SORTS = ['recent', 'waiting'] as const
const VIEWS = ['all', 'snoozed', 'pinned', 'reminders', 'helping'] as const

export const viewOfFilter = ({ tab, view, q, channelKind, team, sort }: ListFilter): Record<string, string> => ({
  tab,
  view,
  sort,
  ...(q === '' ? {} : { q }),
  ...(channelKind === '' ? {} : { channelKind }),
  ...(team === '' ? {} : { team }),
})

const text = (value: string | string[] | undefined): string => (typeof value === 'string' ? value : '')

export const filterOfView = (filters: SavedView['filters']): Omit<ListFilter, 'tab'> => ({
  view: VIEWS.find((view) => view === filters['view']) ?? 'all',
  sort: SORTS.find((sort) => sort === filters['sort']) ?? 'recent',
  q: text(filters['q']),
  channelKind: text(filters['channelKind']),
  team: text(filters['team']),
})
