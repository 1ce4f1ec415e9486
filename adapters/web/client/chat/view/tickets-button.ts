import { button, icon } from '../../h.ts'
import type { Locale, Say } from '../words/words.ts'
import { ICONS } from './icons.ts'

/** His tickets, over the chat. What cannot be fetched now is fetched with the next press. */
export function ticketsButton(say: Say, page: { token: () => string | null; locale: Locale }): HTMLElement {
  const label = say('header.tickets')
  const open = () =>
    import('../../tickets/sheet.ts').then(
      ({ openTickets }) => openTickets(page),
      () => {},
    )
  return button(
    { class: 'tool', 'aria-label': label, title: label, 'data-testid': 'tickets-button', hidden: true },
    () => void open(),
    icon(ICONS.tickets),
  )
}
