import type { TableColumn } from '../../shared/table-column.ts'

export const queueColumns: TableColumn[] = [
  { key: 'wait', titleKey: 'supervision.queue.wait', width: '64px' },
  { key: 'customer', titleKey: 'supervision.queue.customer' },
  { key: 'team', titleKey: 'supervision.queue.team', width: '120px' },
  { key: 'reason', titleKey: 'supervision.queue.reason' },
  { key: 'act', titleKey: 'supervision.queue.act', width: '72px', align: 'right' },
]
