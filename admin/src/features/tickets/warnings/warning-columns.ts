import type { TableColumn } from '../../../shared/table-column.ts'

/** What is left comes first here. */
export const warningColumns: TableColumn[] = [
  { key: 'sla', titleKey: 'ticket.columns.sla', width: '132px' },
  { key: 'title', titleKey: 'ticket.columns.title' },
  { key: 'priority', titleKey: 'ticket.columns.priority', width: '84px' },
  { key: 'status', titleKey: 'ticket.columns.status', width: '116px' },
  { key: 'customer', titleKey: 'ticket.columns.customer', width: '140px' },
  { key: 'holder', titleKey: 'ticket.columns.holder', width: '150px' },
  { key: 'since', titleKey: 'ticket.columns.since', width: '104px' },
]
