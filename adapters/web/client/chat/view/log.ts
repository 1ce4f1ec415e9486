/** The log: keeps its elements by key, draws only what changed, stays at the end for who reads the end and still for who reads further up. */
import { button, h, icon } from '../../h.ts'
import type { ChatState } from '../state.ts'
import { lookOf, rowElement, updateProgress } from './bubble.ts'
import type { ViewContext } from './context.ts'
import { ICONS } from './icons.ts'
import { rowsOf, type Row } from './rows.ts'

const NEAR_END = 60
interface Drawn {
  element: HTMLElement
  look: string
}

export class LogView {
  readonly element: HTMLElement
  readonly #view: ViewContext
  readonly #rows = h('div', { class: 'rows' })
  readonly #scroller: HTMLElement
  readonly #earlier: HTMLButtonElement
  readonly #typing: HTMLElement
  readonly #latest: HTMLButtonElement
  readonly #drawn = new Map<string, Drawn>()
  readonly #onSeen: () => void
  #atEnd = true
  #missed = 0
  #mayLoad = false
  #lastKey: string | undefined

  constructor(view: ViewContext, parts: { earlier(): void; seen(): void }) {
    this.#view = view
    this.#onSeen = parts.seen
    this.#earlier = button({ class: 'earlier' }, parts.earlier)
    this.#typing = h(
      'div',
      { class: 'typing', 'data-testid': 'chat-typing', role: 'status', hidden: true },
      h('i'),
      h('i'),
      h('i'),
      h('span', { class: 'visually-hidden' }),
    )
    // Spoken by the announcer alone: a log that is live would read out every older page.
    const attributes = { class: 'scroller', role: 'log', 'aria-live': 'off', tabindex: 0, 'aria-label': view.say('log.label') }
    this.#scroller = h('div', attributes, this.#earlier, this.#rows, this.#typing)
    this.#latest = button({ class: 'latest', hidden: true }, () => this.toEnd(), icon(ICONS.down), h('span'))
    this.element = h('div', { class: 'log' }, this.#scroller, this.#latest)
    this.#scroller.addEventListener('scroll', () => this.#scrolled(parts.earlier), { passive: true })
    // Pictures and the keyboard change heights after the rows were placed.
    const watch = new ResizeObserver(() => this.#atEnd && this.#jump())
    watch.observe(this.#rows)
    watch.observe(this.#scroller)
  }

  /** The customer sees the newest message. */
  get atEnd(): boolean {
    return this.#atEnd
  }

  update(state: ChatState): void {
    const rows = rowsOf(state)
    const heightBefore = this.#scroller.scrollHeight
    const prepended = this.#drawn.size > 0 && rows[0] !== undefined && !this.#drawn.has(rows[0].key)
    const added = this.#draw(rows)
    this.#updateEarlier(state)
    this.#updateTyping(state.typing)
    const last = rows.at(-1)
    const sentNow = last?.kind === 'local' && last.key !== this.#lastKey
    const grew = last?.key !== this.#lastKey
    this.#lastKey = last?.key
    if (this.#atEnd || sentNow) return this.toEnd()
    if (prepended) this.#scroller.scrollTop += this.#scroller.scrollHeight - heightBefore
    else if (grew && added) this.#showMissed(added)
  }

  toEnd(): void {
    this.#atEnd = true
    this.#missed = 0
    this.#latest.hidden = true
    this.#jump()
  }

  /** Draws again what could not be loaded. */
  redrawBroken(): void {
    for (const [key, drawn] of this.#drawn) if (drawn.element.querySelector('.broken')) this.#drawn.set(key, { ...drawn, look: '' })
  }

  #draw(rows: readonly Row[]): number {
    let added = 0
    const keys = new Set(rows.map((row) => row.key))
    for (const [key, { element }] of this.#drawn) {
      if (keys.has(key)) continue
      element.remove()
      this.#drawn.delete(key)
    }
    let place = this.#rows.firstElementChild
    for (const row of rows) {
      const known = this.#drawn.get(row.key)
      const element = this.#elementOf(row, known)
      if (!known && row.kind === 'message' && row.message.direction === 'outbound') added += 1
      if (known && known.element !== element && place === known.element) place = element
      if (known && known.element !== element) known.element.replaceWith(element)
      if (place === element) place = element.nextElementSibling
      else this.#rows.insertBefore(element, place)
      updateProgress(element, row, this.#view.say)
    }
    return added
  }

  #elementOf(row: Row, known: Drawn | undefined): HTMLElement {
    const look = row.kind + lookOf(row)
    if (known?.look === look) return known.element
    const element = rowElement(row, this.#view)
    this.#drawn.set(row.key, { element, look })
    return element
  }

  #updateEarlier({ timeline, earlier }: ChatState): void {
    this.#earlier.hidden = timeline.earlier === null
    // After a failure the customer decides.
    this.#mayLoad = timeline.earlier !== null && earlier === 'idle'
    this.#earlier.disabled = earlier === 'loading'
    this.#earlier.textContent = this.#view.say(
      earlier === 'loading' ? 'log.loading' : earlier === 'failed' ? 'log.earlier_failed' : 'log.earlier',
    )
  }

  #updateTyping(typing: boolean): void {
    this.#typing.hidden = !typing
    const label = this.#typing.lastElementChild
    if (label) label.textContent = typing ? this.#view.say('log.typing') : ''
  }

  #showMissed(count: number): void {
    this.#missed += count
    const label = this.#latest.lastElementChild
    if (label) label.textContent = this.#view.say('log.new', { count: this.#missed })
    this.#latest.hidden = false
  }

  #scrolled(earlier: () => void): void {
    const { scrollTop, scrollHeight, clientHeight } = this.#scroller
    this.#atEnd = scrollHeight - scrollTop - clientHeight < NEAR_END
    if (this.#atEnd && this.#missed > 0) this.toEnd()
    if (this.#atEnd) this.#onSeen()
    if (scrollTop < 80 && this.#mayLoad) earlier()
  }

  #jump(): void {
    this.#scroller.scrollTop = this.#scroller.scrollHeight
  }
}
