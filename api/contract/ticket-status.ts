/** States of a ticket. Which leads to which, for whom and with what, is data of the core (`GET /tickets/{id}` tells what is open to the reader). */
export const TICKET_STATUSES = [
  'new',
  'unassigned',
  'in_progress',
  'waiting_customer',
  'on_hold',
  'awaiting_confirmation',
  'resolved',
  'closed',
] as const
export type TicketStatus = (typeof TICKET_STATUSES)[number]
/** Somebody still has to do something: the staff, or the customer. */
export const OPEN_STATUSES: readonly TicketStatus[] = [
  'new',
  'unassigned',
  'in_progress',
  'waiting_customer',
  'on_hold',
  'awaiting_confirmation',
]
export const TICKET_SOURCES = ['conversation', 'hand', 'customer', 'off_hours', 'api'] as const
export type TicketSource = (typeof TICKET_SOURCES)[number]
