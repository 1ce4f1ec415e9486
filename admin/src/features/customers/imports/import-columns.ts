import { IMPORT_COLUMNS } from '#api/contract/customer-terms.ts'
import type { TableColumn } from '../../../shared/table-column.ts'

export const importColumns: TableColumn[] = [
  { key: 'file', titleKey: 'customers.import.columns.file' },
  { key: 'state', titleKey: 'customers.import.columns.state', width: '140px' },
  { key: 'rows', titleKey: 'customers.import.columns.rows', width: '100px', align: 'right' },
  { key: 'result', titleKey: 'customers.import.columns.result', width: '220px' },
  { key: 'by', titleKey: 'customers.import.columns.by', width: '120px' },
  { key: 'at', titleKey: 'customers.import.columns.at', width: '140px' },
]

/** The columns of the file that any of these rows uses, in the order of the template; custom fields after them. */
export const usedColumns = (rows: readonly { cells: Record<string, string>; errors: readonly { column: string }[] }[]): string[] => {
  const used = new Set(rows.flatMap((row) => [...Object.keys(row.cells), ...row.errors.map(({ column }) => column)]))
  const known = IMPORT_COLUMNS.filter((column) => used.has(column))
  return [...known, ...[...used].filter((column) => !IMPORT_COLUMNS.some((one) => one === column)).toSorted()]
}
