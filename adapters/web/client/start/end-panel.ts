/** The customer ends his conversation (BP-004.8): a button in the head, and the question whether he means it above the composer. */
import type { WebConversation } from '../chat/wire.ts'
import { button, h } from '../h.ts'
import { startInChat, type StartApi } from './api.ts'
import type { StartPanelParts } from './panel.ts'
import { refusalFor, startSpeaker, type StartSay } from './words.ts'

export class EndPanel {
  readonly button: HTMLButtonElement
  readonly element: HTMLElement
  readonly #parts: StartPanelParts
  readonly #api: StartApi
  readonly #say: StartSay
  /** Only what somebody serves; whoever waits leaves the queue instead. */
  #servedId: string | null = null

  constructor(parts: StartPanelParts) {
    this.#parts = parts
    this.#api = startInChat(parts.token)
    this.#say = startSpeaker(parts.locale)
    const label = { class: 'tool end-tool', 'aria-label': this.#say('end_label'), 'data-testid': 'end-conversation', hidden: true }
    this.button = button(label, () => this.#ask(), this.#say('end'))
    this.element = h('section', { class: 'start', role: 'group', 'aria-label': this.#say('end_label'), hidden: true })
  }

  update(conversation: WebConversation | null): void {
    const servedId = conversation?.status === 'open' ? conversation.id : null
    if (servedId === this.#servedId) return
    this.#servedId = servedId
    this.button.hidden = servedId === null
    this.#dismiss()
  }

  #ask(): void {
    const stay = button({ class: 'quiet', 'data-testid': 'end-no' }, () => this.#stay(), this.#say('end_no'))
    const end = button({ class: 'danger', 'data-testid': 'end-yes' }, () => void this.#end(), this.#say('end_yes'))
    this.element.replaceChildren(h('p', {}, this.#say('end_sure')), h('div', { class: 'start-actions' }, stay, end))
    this.element.hidden = false
    stay.focus()
  }

  #stay(): void {
    this.#dismiss()
    this.button.focus()
  }

  #dismiss(): void {
    this.element.hidden = true
    this.element.replaceChildren()
  }

  async #end(): Promise<void> {
    const id = this.#servedId
    if (id === null) return
    for (const each of this.element.querySelectorAll('button')) each.disabled = true
    try {
      await this.#api.end(id)
    } catch (error) {
      this.#parts.complain(this.#say(refusalFor(error)))
    }
    this.#dismiss()
    this.#parts.changed()
  }
}
