import { onScopeDispose } from 'vue'
import type { Ticket } from '#api/contract/ticket.ts'
import { useRealtime } from '../../../realtime/realtime.ts'

/**
 * Changes of tickets while a list is on screen.
 * @param onTicket one that concerns the reader is as it is now
 * @param onChange something in a list may be different; also after the connection was gone
 */
export const useTicketEvents = (onTicket: (ticket: Ticket) => void, onChange: () => void): void => {
  const stop = useRealtime().hear((event) => {
    if (event.type === 'ticket.updated') onTicket(event.patch.ticket)
    else if (event.type === 'ticket.changed') onChange()
  }, onChange)
  onScopeDispose(stop)
}
