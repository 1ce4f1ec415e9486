/** The code by SMS: its button with the seconds until the next one, the picture when it is asked for, the digits themselves. */
import { ApiFailure } from '../chat/api.ts'
import { button, h } from '../h.ts'
import type { PeopleApi } from './api.ts'
import { field, type Field } from './field.ts'
import { wordFailure, type PeopleSay } from './words/words.ts'

interface CodeFieldParts {
  api: PeopleApi
  say: PeopleSay
  /** As typed; empty when there is none yet. */
  phone: () => string
  complain(text: string): void
}

/** The provider may refuse a moment after we were told that the code is on its way. */
const LOOKS_MS = [1500, 4000, 9000]

export class CodeField {
  readonly element: HTMLElement
  readonly #parts: CodeFieldParts
  readonly #code: Field
  readonly #send: HTMLButtonElement
  readonly #note = h('p', { class: 'note', role: 'status', hidden: true })
  readonly #picture = h('div', { class: 'captcha', hidden: true })
  #captcha: { id: string; answer: Field } | null = null
  #timer: ReturnType<typeof setInterval> | undefined
  #asked = ''

  constructor(parts: CodeFieldParts) {
    const { say } = parts
    this.#parts = parts
    this.#code = field(say('field.code'), {
      inputmode: 'numeric',
      autocomplete: 'one-time-code',
      maxlength: 6,
      pattern: '\\d{6}',
      required: true,
      'data-testid': 'login-code',
    })
    this.#send = button({ class: 'secondary', 'data-testid': 'send-code' }, () => void this.#ask(), say('code.send'))
    this.#code.element.classList.add('with-button')
    this.#code.element.append(this.#send)
    this.element = h('div', {}, this.#picture, this.#code.element, this.#note)
  }

  value = (): string => this.#code.value()

  async #ask(): Promise<void> {
    const { api, say, phone, complain } = this.#parts
    if (phone() === '') return complain(say('error.phone_invalid'))
    const answer = this.#captcha?.answer.value()
    if (this.#captcha && !answer) return complain(say('error.captcha_required'))
    this.#send.disabled = true
    complain('')
    try {
      const ticket = await api.code(phone(), this.#captcha && answer ? { id: this.#captcha.id, text: answer } : undefined)
      this.#hidePicture()
      this.#sent(Date.parse(ticket.resendAt) - Date.now())
      this.#watchDelivery(ticket.id)
    } catch (error) {
      const failure = error instanceof ApiFailure ? error : new ApiFailure('unknown')
      complain(wordFailure(say, failure))
      this.#send.disabled = false
      if (failure.code === 'captcha_required' || failure.code === 'captcha_invalid') await this.#showPicture()
      if (failure.code === 'rate_limited') this.#countDown(failure.retryAfterMs ?? 60_000)
    }
  }

  #sent(againInMs: number): void {
    this.#note.hidden = false
    this.#note.textContent = this.#parts.say('code.sent')
    this.#code.input.focus()
    // The device's clock may be wrong: never longer than the server ever asks for, and never nothing.
    this.#countDown(Math.min(Math.max(againInMs, 10_000), 60_000))
  }

  #watchDelivery(id: string): void {
    const { api, say } = this.#parts
    this.#asked = id
    const look = async () => {
      const { state } = await api.codeDelivery(id)
      // Another one was asked for meanwhile.
      if (this.#asked === id) this.#note.textContent = say(state === 'failing' ? 'code.failing' : 'code.sent')
    }
    for (const after of LOOKS_MS) setTimeout(() => void look().catch(() => undefined), after)
  }

  #countDown(ms: number): void {
    const until = Date.now() + ms
    clearInterval(this.#timer)
    this.#send.disabled = true
    const show = () => {
      const seconds = Math.ceil((until - Date.now()) / 1000)
      this.#send.textContent = seconds > 0 ? this.#parts.say('code.again', { seconds }) : this.#parts.say('code.send')
      if (seconds > 0) return
      this.#send.disabled = false
      clearInterval(this.#timer)
    }
    this.#timer = setInterval(show, 1000)
    show()
  }

  async #showPicture(): Promise<void> {
    const { api, say } = this.#parts
    try {
      const captcha = await api.captcha()
      const answer = field(say('field.captcha'), { autocomplete: 'off', autocapitalize: 'off', maxlength: 10, 'data-testid': 'captcha' })
      // As an image: what the server drew can run nothing in this page.
      const image = h('img', { src: `data:image/svg+xml,${encodeURIComponent(captcha.svg)}`, alt: '' })
      const another = button({ class: 'quiet', 'aria-label': say('field.captcha_new') }, () => void this.#showPicture(), image)
      answer.element.classList.add('with-button')
      answer.element.append(another)
      this.#captcha = { id: captcha.id, answer }
      this.#picture.replaceChildren(answer.element)
      this.#picture.hidden = false
      answer.input.focus()
    } catch (error) {
      this.#parts.complain(wordFailure(say, error instanceof ApiFailure ? error : new ApiFailure('unknown')))
    }
  }

  #hidePicture(): void {
    this.#captcha = null
    this.#picture.hidden = true
    this.#picture.replaceChildren()
  }
}
