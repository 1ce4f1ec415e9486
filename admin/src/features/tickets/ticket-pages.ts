import type { Permission } from '#api/contract/identity.ts'

interface PageEntry {
  name: string
  titleKey: string
  permission: Permission
  /** Pages below it that keep it lit. */
  also?: readonly string[]
}

export const ticketPages: readonly PageEntry[] = [
  { name: 'tickets', titleKey: 'ticket.pages.list', permission: 'tickets.read', also: ['ticket'] },
  { name: 'ticket-board', titleKey: 'ticket.pages.board', permission: 'tickets.read' },
  { name: 'ticket-warnings', titleKey: 'ticket.pages.warnings', permission: 'tickets.read' },
]
