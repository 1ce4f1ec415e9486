import type { TableColumn } from '../../../shared/table-column.ts'

/** The name always stands first; the others as the reader chose them. */
export const customerColumns: readonly (TableColumn & { fixed?: boolean; initially?: boolean })[] = [
  { key: 'name', titleKey: 'customers.columns.name', sort: 'name', fixed: true },
  { key: 'institution', titleKey: 'customers.columns.institution', width: '170px', initially: true },
  { key: 'tags', titleKey: 'customers.columns.tags', width: '180px', initially: true },
  { key: 'owner', titleKey: 'customers.columns.owner', width: '84px', initially: true },
  { key: 'level', titleKey: 'customers.columns.level', width: '88px', initially: true },
  { key: 'phone', titleKey: 'customers.columns.phone', width: '136px', initially: true },
  { key: 'region', titleKey: 'customers.columns.region', width: '92px' },
  { key: 'channels', titleKey: 'customers.columns.channels', width: '92px' },
  {
    key: 'lastContact',
    titleKey: 'customers.columns.lastContact',
    width: '106px',
    sort: 'last_contact',
    sortFirst: 'desc',
    initially: true,
  },
  { key: 'created', titleKey: 'customers.columns.created', width: '106px', sort: 'created', sortFirst: 'desc' },
]

const initial = (): string[] => customerColumns.filter((column) => column.initially === true).map((column) => column.key)

/** @param stored keys the reader chose earlier; null: never chose */
export const shownColumns = (stored: readonly string[] | null): TableColumn[] => {
  const keys = new Set(stored ?? initial())
  return customerColumns.filter((column) => column.fixed === true || keys.has(column.key))
}
export const optionalColumns = customerColumns.filter((column) => column.fixed !== true)
