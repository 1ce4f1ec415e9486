import type { AreaPage } from '../../shared/area-page.ts'

export const ticketPages: readonly AreaPage[] = [
  { name: 'tickets', titleKey: 'ticket.pages.list', permission: 'tickets.read', also: ['ticket'] },
  { name: 'ticket-board', titleKey: 'ticket.pages.board', permission: 'tickets.read' },
  { name: 'ticket-warnings', titleKey: 'ticket.pages.warnings', permission: 'tickets.read' },
]
