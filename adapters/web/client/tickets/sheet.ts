/** My tickets, over the chat. A chunk of its own: most people never open it. */
import '../style/people.css'
import '../style/rating.css'
import '../style/tickets.css'
import type { Locale } from '../chat/words/words.ts'
import { openDialog } from '../people/dialog.ts'
import { ticketsInChat } from './api.ts'
import { TicketsView } from './view.ts'
import { ticketSpeaker } from './words.ts'

export function openTickets({ token, locale }: { token: () => string | null; locale: Locale }): void {
  const say = ticketSpeaker(locale)
  const view = new TicketsView({ source: ticketsInChat(token), say, locale })
  const dialog = openDialog({ title: say('title'), close: say('close'), body: view.element })
  dialog.closed(() => view.stop())
  void view.start(null)
}
