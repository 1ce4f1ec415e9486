import type { TableColumn } from '../../shared/table-column.ts'

export const draftColumns: TableColumn[] = [
  { key: 'title', titleKey: 'articleDrafts.columns.title' },
  { key: 'source', titleKey: 'articleDrafts.columns.source', width: '200px' },
  { key: 'author', titleKey: 'articleDrafts.columns.author', width: '140px' },
  { key: 'time', titleKey: 'articleDrafts.columns.time', width: '140px' },
  { key: 'actions', titleKey: 'articleDrafts.columns.actions', width: '150px', align: 'right' },
]
