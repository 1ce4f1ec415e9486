import type { TableColumn } from '../../../shared/table-column.ts'

export const auditColumns: TableColumn[] = [
  { key: 'time', titleKey: 'audit.columns.time', width: '190px' },
  { key: 'actor', titleKey: 'audit.columns.actor', width: '150px' },
  { key: 'action', titleKey: 'audit.columns.action', width: '220px' },
  { key: 'object', titleKey: 'audit.columns.object' },
  { key: 'ip', titleKey: 'audit.columns.ip', width: '150px' },
  { key: 'chain', titleKey: 'audit.columns.chain', width: '110px' },
]
