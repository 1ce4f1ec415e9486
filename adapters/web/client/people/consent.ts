/** Agreeing to the privacy text: never ticked beforehand, the text one tap away. */
import { button, h } from '../h.ts'
import { openPrivacy } from './privacy.ts'
import type { Locale } from '../chat/words/words.ts'
import type { PeopleSay } from './words/words.ts'

export interface Consent {
  element: HTMLElement
  given(): boolean
  /** The text changed while the page was open. */
  ask(): void
}

export function consent(say: PeopleSay, locale: Locale): Consent {
  const box = h('input', { type: 'checkbox', 'data-testid': 'consent' })
  const read = button({ class: 'link' }, () => void openPrivacy(say, locale), say('sign_in.privacy'))
  const element = h('div', { class: 'consent' }, h('label', {}, box, h('span', {}, say('sign_in.agree'))), read)
  return { element, given: () => box.checked, ask: () => void (box.checked = false) }
}

export function keepBox(say: PeopleSay): { element: HTMLElement; checked(): boolean } {
  const box = h('input', { type: 'checkbox', 'data-testid': 'keep-conversation' })
  box.checked = true
  return { element: h('label', { class: 'consent' }, box, h('span', {}, say('sign_in.keep'))), checked: () => box.checked }
}
