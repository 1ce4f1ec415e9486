import type { TableColumn } from '../../../shared/table-column.ts'

export const segmentColumns: TableColumn[] = [
  { key: 'name', titleKey: 'customers.segment.name' },
  { key: 'count', titleKey: 'customers.segment.count', width: '120px', align: 'right' },
  { key: 'creator', titleKey: 'customers.segment.creator', width: '140px' },
  { key: 'updated', titleKey: 'customers.segment.updated', width: '160px' },
]
