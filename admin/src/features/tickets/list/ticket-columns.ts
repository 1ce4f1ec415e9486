import type { TableColumn } from '../../../shared/table-column.ts'

/** The title always stands first; the others as the reader chose them. */
export const ticketColumns: readonly (TableColumn & { fixed?: boolean; initially?: boolean })[] = [
  { key: 'title', titleKey: 'ticket.columns.title', fixed: true },
  { key: 'status', titleKey: 'ticket.columns.status', width: '116px', initially: true },
  { key: 'priority', titleKey: 'ticket.columns.priority', width: '84px', sort: 'priority', initially: true },
  { key: 'sla', titleKey: 'ticket.columns.sla', width: '184px', sort: 'due', initially: true },
  { key: 'customer', titleKey: 'ticket.columns.customer', width: '120px', initially: true },
  { key: 'holder', titleKey: 'ticket.columns.holder', width: '150px', initially: true },
  { key: 'type', titleKey: 'ticket.columns.type', width: '110px' },
  { key: 'source', titleKey: 'ticket.columns.source', width: '96px' },
  { key: 'tags', titleKey: 'ticket.columns.tags', width: '160px' },
  { key: 'since', titleKey: 'ticket.columns.since', width: '104px', sort: 'status_since' },
  { key: 'activity', titleKey: 'ticket.columns.activity', width: '104px', sort: 'activity', sortFirst: 'desc', initially: true },
  { key: 'created', titleKey: 'ticket.columns.created', width: '104px', sort: 'created', sortFirst: 'desc' },
]

const initial = (): string[] => ticketColumns.filter((column) => column.initially === true).map((column) => column.key)

/** @param stored keys the reader chose earlier; null: never chose */
export const shownColumns = (stored: readonly string[] | null): TableColumn[] => {
  const keys = new Set(stored ?? initial())
  return ticketColumns.filter((column) => column.fixed === true || keys.has(column.key))
}
export const optionalColumns = ticketColumns.filter((column) => column.fixed !== true)
