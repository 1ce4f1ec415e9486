import type { OptionalColumn } from '../../../shared/chosen-columns.ts'

/** The title always stands first; the others as the reader chose them. */
export const ticketColumns: readonly OptionalColumn[] = [
  { key: 'title', titleKey: 'ticket.columns.title', fixed: true },
  { key: 'status', titleKey: 'ticket.columns.status', width: '116px', initially: true },
  { key: 'priority', titleKey: 'ticket.columns.priority', width: '84px', sort: 'priority', initially: true },
  { key: 'sla', titleKey: 'ticket.columns.sla', width: '156px', sort: 'due', initially: true },
  { key: 'customer', titleKey: 'ticket.columns.customer', width: '132px', initially: true },
  { key: 'holder', titleKey: 'ticket.columns.holder', width: '132px', initially: true },
  { key: 'type', titleKey: 'ticket.columns.type', width: '110px' },
  { key: 'source', titleKey: 'ticket.columns.source', width: '96px' },
  { key: 'tags', titleKey: 'ticket.columns.tags', width: '160px' },
  { key: 'since', titleKey: 'ticket.columns.since', width: '104px', sort: 'status_since' },
  { key: 'activity', titleKey: 'ticket.columns.activity', width: '104px', sort: 'activity', sortFirst: 'desc', initially: true },
  { key: 'created', titleKey: 'ticket.columns.created', width: '104px', sort: 'created', sortFirst: 'desc' },
]
