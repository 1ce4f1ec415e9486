import type { TableColumn } from '../../shared/table-column.ts'

export const ticketRatingColumns: TableColumn[] = [
  { key: 'score', titleKey: 'ratings.columns.score', width: '110px' },
  { key: 'ticket', titleKey: 'ratings.ofTickets.ticket', width: '220px' },
  { key: 'words', titleKey: 'ratings.ofTickets.words' },
  { key: 'customer', titleKey: 'ratings.columns.customer', width: '150px' },
  { key: 'agent', titleKey: 'ratings.ofTickets.assignee', width: '120px' },
  { key: 'team', titleKey: 'ratings.columns.team', width: '130px' },
  { key: 'time', titleKey: 'ratings.columns.time', width: '150px' },
]
