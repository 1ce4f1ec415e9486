import type { TableColumn } from '../../shared/table-column.ts'

export const ratingColumns: TableColumn[] = [
  { key: 'score', titleKey: 'ratings.columns.score', width: '110px' },
  { key: 'words', titleKey: 'ratings.columns.words' },
  { key: 'customer', titleKey: 'ratings.columns.customer', width: '160px' },
  { key: 'agent', titleKey: 'ratings.columns.agent', width: '120px' },
  { key: 'team', titleKey: 'ratings.columns.team', width: '130px' },
  { key: 'time', titleKey: 'ratings.columns.time', width: '150px' },
  { key: 'actions', titleKey: 'ratings.columns.actions', width: '110px', align: 'right' },
]
