import type { TableColumn } from '../../../shared/table-column.ts'

export const auditColumns: TableColumn[] = [
  { key: 'time', titleKey: 'audit.columns.time', width: '168px' },
  { key: 'actor', titleKey: 'audit.columns.actor', width: '100px' },
  { key: 'action', titleKey: 'audit.columns.action', width: '200px' },
  { key: 'object', titleKey: 'audit.columns.object' },
  { key: 'ip', titleKey: 'audit.columns.ip', width: '120px' },
  { key: 'chain', titleKey: 'audit.columns.chain', width: '96px' },
]
