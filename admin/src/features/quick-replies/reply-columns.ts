import type { TableColumn } from '../../shared/table-column.ts'

export const replyColumns: TableColumn[] = [
  { key: 'title', titleKey: 'quickReplies.column.title', width: '220px' },
  { key: 'code', titleKey: 'quickReplies.column.code', width: '80px' },
  { key: 'content', titleKey: 'quickReplies.column.content' },
  { key: 'uses', titleKey: 'quickReplies.column.uses', width: '70px' },
  { key: 'updated', titleKey: 'quickReplies.column.updated', width: '110px' },
  { key: 'actions', titleKey: 'quickReplies.column.actions', width: '130px', align: 'right' },
]
