import type { TableColumn } from '../../shared/table-column.ts'

export const linkColumns: TableColumn[] = [
  { key: 'label', titleKey: 'registration.columns.label' },
  { key: 'state', titleKey: 'registration.columns.state', width: '110px' },
  { key: 'uses', titleKey: 'registration.columns.uses', width: '120px' },
  { key: 'team', titleKey: 'registration.columns.team', width: '130px' },
  { key: 'page', titleKey: 'registration.columns.page', width: '130px' },
  { key: 'maker', titleKey: 'registration.columns.maker', width: '110px' },
  { key: 'expires', titleKey: 'registration.columns.expires', width: '210px' },
  { key: 'actions', titleKey: 'registration.columns.actions', width: '90px', align: 'right' },
]
