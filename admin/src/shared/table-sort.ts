import type { TableColumn } from './table-column.ts'

/** An order as lists take it: the column's name, `-` before it for descending. */
export type SortOrder = 'asc' | 'desc'

/** How `sort` orders by this column; null when it orders by another. */
export const orderOf = (column: TableColumn, sort: string): SortOrder | null => {
  if (column.sort === undefined) return null
  if (sort === column.sort) return 'asc'
  return sort === `-${column.sort}` ? 'desc' : null
}

/** What a click on the heading asks for: the first time the column's own way, then the other. */
export const sortAfterClick = (column: TableColumn, sort: string): string => {
  const name = column.sort ?? ''
  const order = orderOf(column, sort)
  const next: SortOrder = order === null ? (column.sortFirst ?? 'asc') : order === 'asc' ? 'desc' : 'asc'
  return next === 'asc' ? name : `-${name}`
}
