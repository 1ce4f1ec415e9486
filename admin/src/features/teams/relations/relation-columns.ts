import type { TableColumn } from '../../../shared/table-column.ts'

export const relationColumns: TableColumn[] = [
  { key: 'subject', titleKey: 'teams.relation.subject' },
  { key: 'team', titleKey: 'teams.relation.team', width: '150px' },
  { key: 'rank', titleKey: 'teams.relation.rankLabel', width: '80px' },
  { key: 'business', titleKey: 'teams.relation.business', width: '160px' },
  { key: 'period', titleKey: 'teams.relation.period', width: '210px', sort: 'expiry' },
  { key: 'state', titleKey: 'teams.relation.stateLabel', width: '100px' },
  { key: 'actions', titleKey: 'teams.member.actions', width: '160px', align: 'right' },
]

export const RELATION_DEFAULTS = { q: '', team: '', rank: '', state: '', business: '', sort: '-created' }
