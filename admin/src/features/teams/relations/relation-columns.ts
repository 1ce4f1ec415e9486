import type { TableColumn } from '../../../shared/table-column.ts'

export const relationColumns: TableColumn[] = [
  { key: 'subject', titleKey: 'relation.subject' },
  { key: 'team', titleKey: 'relation.team', width: '150px' },
  { key: 'rank', titleKey: 'relation.rankLabel', width: '80px' },
  { key: 'business', titleKey: 'relation.business', width: '160px' },
  { key: 'period', titleKey: 'relation.period', width: '210px', sort: 'expiry' },
  { key: 'state', titleKey: 'relation.stateLabel', width: '100px' },
  { key: 'actions', titleKey: 'teams.member.actions', width: '160px', align: 'right' },
]

export const RELATION_DEFAULTS = { q: '', team: '', rank: '', state: '', within: '', business: '', sort: '-created' }

/** Whose last day comes within so many days. */
export const WITHIN_DAYS = [7, 30, 90] as const
