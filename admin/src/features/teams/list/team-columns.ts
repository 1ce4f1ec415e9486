import type { TableColumn } from '../../../shared/table-column.ts'

export const teamColumns: TableColumn[] = [
  { key: 'name', titleKey: 'teams.column.name', sort: 'name' },
  { key: 'leader', titleKey: 'teams.column.leader', width: '120px' },
  { key: 'business', titleKey: 'teams.column.business', width: '200px' },
  { key: 'open', titleKey: 'teams.column.open', width: '220px' },
  { key: 'members', titleKey: 'teams.column.members', width: '80px', align: 'right' },
  { key: 'load', titleKey: 'teams.column.load', width: '190px' },
  { key: 'status', titleKey: 'teams.column.status', width: '90px' },
]
