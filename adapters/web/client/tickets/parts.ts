/** Small pieces that the pages of tickets share. */
import { ApiFailure } from '../chat/api.ts'
import { ICONS } from '../chat/view/icons.ts'
import { link, safeFileUrl } from '../chat/view/text.ts'
import type { Locale } from '../chat/words/words.ts'
import { h, icon } from '../h.ts'
import type { TicketSource } from './api.ts'
import type { Attachment, CustomerTicketState } from './wire.ts'
import { refusalWord, type TicketSay } from './words.ts'

/** What every view is given. */
export interface TicketContext {
  source: TicketSource
  say: TicketSay
  locale: Locale
}

export const pill = (say: TicketSay, state: CustomerTicketState): HTMLElement =>
  h('span', { class: 'ticket-state', 'data-state': state, 'data-testid': 'ticket-state' }, say(`state_${state}`))

export const wordFailure = (say: TicketSay, error: unknown): string =>
  say(refusalWord(error instanceof ApiFailure ? error.code : 'unknown'))

/** The same for every try: the answer may have been lost, not the form. */
export const newKey = (): string =>
  Array.from(crypto.getRandomValues(new Uint8Array(12)), (byte) => byte.toString(16).padStart(2, '0')).join('')

export function fileList(files: readonly Attachment[]): HTMLElement | null {
  if (files.length === 0) return null
  return h('ul', { class: 'ticket-files' }, ...files.map((file) => h('li', {}, fileElement(file))))
}

function fileElement(file: Attachment): HTMLElement {
  const url = safeFileUrl(file.url)
  if (url === null) return h('span', {}, file.name)
  const thumbnail = file.kind === 'image' ? safeFileUrl(file.thumbnailUrl ?? file.url) : null
  const shown = thumbnail ? h('img', { src: thumbnail, alt: file.name, loading: 'lazy' }) : h('span', {}, icon(ICONS.file), file.name)
  return link(url, shown)
}

/** What went wrong, read out; empty until then. */
export function problemLine(): { element: HTMLElement; show(words: string): void; clear(): void } {
  const element = h('p', { class: 'ticket-problem', role: 'alert', hidden: true })
  return {
    element,
    show(words) {
      element.textContent = words
      element.hidden = false
    },
    clear: () => void (element.hidden = true),
  }
}
