import type { TableColumn } from '../../../shared/table-column.ts'

export const institutionColumns: TableColumn[] = [
  { key: 'name', titleKey: 'customers.institution.name', sort: 'name' },
  { key: 'type', titleKey: 'customers.institution.type', width: '120px' },
  { key: 'region', titleKey: 'customers.columns.region', width: '110px' },
  { key: 'parent', titleKey: 'customers.institution.parent', width: '20%' },
  { key: 'contact', titleKey: 'customers.institution.contact', width: '120px' },
  { key: 'contacts', titleKey: 'customers.institution.people', width: '90px', align: 'right' },
  { key: 'created', titleKey: 'customers.columns.created', width: '130px', sort: 'created', sortFirst: 'desc' },
]
