import type { Locale } from '../chat/words/words.ts'
import { ratingInChat } from './api.ts'
import { ratingCard } from './card.ts'

/** The cards of one chat: each invitation has one, however often its bubble is drawn, so that what is half filled in stays. */
export function ratingCards(token: () => string | null, locale: Locale): (invitationId: string) => HTMLElement {
  const known = new Map<string, HTMLElement>()
  return (invitationId) => {
    const element = known.get(invitationId) ?? ratingCard(ratingInChat(invitationId, token), locale).element
    known.set(invitationId, element)
    return element
  }
}
