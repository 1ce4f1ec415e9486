import type { TableColumn } from '../../shared/table-column.ts'

export const contactColumns: TableColumn[] = [
  { key: 'customer', titleKey: 'contactRequests.columns.customer', width: '180px' },
  { key: 'words', titleKey: 'contactRequests.columns.words' },
  { key: 'contact', titleKey: 'contactRequests.columns.contact', width: '180px' },
  { key: 'team', titleKey: 'contactRequests.columns.team', width: '140px' },
  { key: 'time', titleKey: 'contactRequests.columns.time', width: '120px' },
  { key: 'state', titleKey: 'contactRequests.columns.state', width: '170px' },
  { key: 'actions', titleKey: 'contactRequests.columns.actions', width: '190px', align: 'right' },
]
