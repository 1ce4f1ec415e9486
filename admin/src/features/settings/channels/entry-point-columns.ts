import type { TableColumn } from '../../../shared/table-column.ts'

export const entryPointColumns: TableColumn[] = [
  { key: 'kind', titleKey: 'entryPoints.columns.kind', width: '140px' },
  { key: 'key', titleKey: 'entryPoints.columns.key' },
  { key: 'team', titleKey: 'entryPoints.columns.team' },
  { key: 'business', titleKey: 'entryPoints.columns.business' },
  { key: 'skill', titleKey: 'entryPoints.columns.skill' },
  { key: 'actions', titleKey: 'entryPoints.columns.actions', width: '150px', align: 'right' },
]
