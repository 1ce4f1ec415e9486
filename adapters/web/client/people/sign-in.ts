/** Signing in: by code (which registers whom we do not know), by password, by WeChat; and a new password for who forgot it. */
import { ApiFailure } from '../chat/api.ts'
import type { Locale } from '../chat/words/words.ts'
import { button, h } from '../h.ts'
import type { PeopleApi } from './api.ts'
import { CodeField } from './code-field.ts'
import { consent, keepBox, type Consent } from './consent.ts'
import { field, type Field } from './field.ts'
import { WechatScan } from './wechat-scan.ts'
import type { WebLogin, WebPage } from './wire.ts'
import { wordFailure, type PeopleSay } from './words/words.ts'

export interface SignInParts {
  api: PeopleApi
  say: PeopleSay
  locale: Locale
  page: WebPage
  /** The registration link somebody came by. */
  link: string | null
  /** There is a conversation of a visitor that may go along. */
  canKeep: boolean
  /** Inside another site: WeChat's own page cannot be opened there. */
  embedded: boolean
  done(login: WebLogin): void
  /** The link was used up by somebody else meanwhile. */
  linkGone?(): void
}

type Way = 'code' | 'password' | 'wechat' | 'reset'

export class SignIn {
  readonly element: HTMLFormElement
  readonly #parts: SignInParts
  readonly #phone: Field
  readonly #code: CodeField
  readonly #password: Field
  readonly #newPassword: Field
  readonly #consent: Consent
  readonly #keep: ReturnType<typeof keepBox> | null
  readonly #error = h('p', { class: 'error', role: 'alert', hidden: true, 'data-testid': 'login-error' })
  readonly #fields = h('div', { class: 'fields' })
  readonly #submit = h('button', { type: 'submit', class: 'primary wide', 'data-testid': 'login-submit' })
  readonly #tabs: HTMLElement
  readonly #scan: WechatScan
  #way: Way = 'code'
  #privacyVersion: number

  constructor(parts: SignInParts) {
    const { say, api } = parts
    this.#parts = parts
    this.#privacyVersion = parts.page.privacyVersion
    this.#phone = field(
      say('field.phone'),
      { type: 'tel', autocomplete: 'tel', maxlength: 20, required: true, 'data-testid': 'login-phone' },
      say('field.phone_hint'),
    )
    this.#code = new CodeField({ api, say, phone: () => this.#phone.value(), complain: (text) => this.#complain(text) })
    const secret = { type: 'password', maxlength: 256, required: true }
    this.#password = field(say('field.password'), { ...secret, autocomplete: 'current-password', 'data-testid': 'login-password' })
    this.#newPassword = field(say('field.new_password'), { ...secret, autocomplete: 'new-password' }, say('field.password_hint'))
    this.#consent = consent(say, parts.locale)
    this.#keep = parts.canKeep ? keepBox(say) : null
    this.#scan = new WechatScan({
      api,
      say,
      vias: parts.page.scanVias,
      link: parts.link,
      embedded: parts.embedded,
      confirmed: (scan) => void this.finish(scan),
    })
    this.#tabs = this.#makeTabs()
    const agreements = [this.#keep?.element, this.#consent.element]
    this.element = h('form', { class: 'sign-in', novalidate: true }, this.#tabs, this.#fields, ...agreements, this.#error, this.#submit)
    this.element.addEventListener('submit', (event) => {
      event.preventDefault()
      void this.#send()
    })
    this.#show(parts.page.methods[0] ?? 'code')
  }

  /** Ends what runs in the background. */
  stop(): void {
    this.#scan.stop()
  }

  get keeps(): boolean {
    return this.#keep?.checked() ?? false
  }

  #makeTabs(): HTMLElement {
    const { say, page, link } = this.#parts
    // A link registers: with a password there would be nothing to register.
    const ways = page.methods.filter((way) => link === null || way !== 'password')
    const tabs = ways.map((way) =>
      button({ role: 'tab', 'data-way': way, 'data-testid': `login-by-${way}` }, () => this.#show(way), say(`sign_in.by_${way}`)),
    )
    const list = h('div', { class: 'tabs', role: 'tablist', 'aria-label': say('sign_in.methods') }, ...tabs)
    list.hidden = tabs.length < 2
    return list
  }

  #show(way: Way): void {
    const { say, link } = this.#parts
    this.#way = way
    this.#complain('')
    this.#scan.stop()
    for (const tab of this.#tabs.children) tab.setAttribute('aria-selected', String(tab.getAttribute('data-way') === way))
    this.#tabs.classList.toggle('away', way === 'reset')
    const forgot = button({ class: 'link' }, () => this.#show('reset'), say('sign_in.forgot'))
    const back = button({ class: 'link' }, () => this.#show('password'), say('sign_in.back'))
    const shown: Record<Way, HTMLElement[]> = {
      code: [this.#phone.element, this.#code.element],
      password: [this.#phone.element, this.#password.element, forgot],
      reset: [h('h3', {}, say('sign_in.reset_title')), this.#phone.element, this.#code.element, this.#newPassword.element, back],
      wechat: [this.#scan.element],
    }
    this.#fields.replaceChildren(...shown[way])
    this.#submit.hidden = way === 'wechat'
    this.#submit.textContent = say(way === 'reset' ? 'sign_in.reset_submit' : link !== null ? 'join.submit' : 'sign_in.submit')
    if (way === 'wechat') this.#scan.start(() => this.#agreed())
  }

  #agreed(): boolean {
    if (this.#consent.given()) return true
    this.#complain(this.#parts.say('sign_in.must_agree'))
    this.#consent.element.querySelector('input')?.focus()
    return false
  }

  #complain(text: string): void {
    this.#error.textContent = text
    this.#error.hidden = text === ''
  }

  async #send(): Promise<void> {
    if (!this.#agreed()) return
    await this.#attempt(() => {
      const { api, link } = this.#parts
      const common = { phone: this.#phone.value(), privacyVersion: this.#privacyVersion }
      const kept = { keepConversation: this.keeps }
      if (this.#way === 'password') return api.logIn({ method: 'password', ...common, ...kept, password: this.#password.input.value })
      const code = this.#code.value()
      if (this.#way === 'reset') return api.resetPassword({ ...common, code, password: this.#newPassword.input.value })
      return api.logIn({ method: 'code', ...common, ...kept, code, ...(link === null ? {} : { link }) })
    })
  }

  /** Nothing stands in between any more: who came to WeChat had agreed here. */
  finish(scan: { scanId: string; browserToken: string }): Promise<void> {
    const { api, link } = this.#parts
    const kept = { keepConversation: this.keeps, privacyVersion: this.#privacyVersion }
    return this.#attempt(() =>
      api.logIn({ method: 'wechat', scanId: scan.scanId, browserToken: scan.browserToken, ...kept, ...(link === null ? {} : { link }) }),
    )
  }

  async #attempt(request: () => Promise<WebLogin>): Promise<void> {
    this.#complain('')
    this.#submit.disabled = true
    try {
      const login = await request()
      this.stop()
      this.#parts.done(login)
    } catch (error) {
      await this.#failed(error instanceof ApiFailure ? error : new ApiFailure('unknown'))
    } finally {
      this.#submit.disabled = false
    }
  }

  async #failed(failure: ApiFailure): Promise<void> {
    const { api, say, linkGone } = this.#parts
    if (failure.code === 'link_used_up' && linkGone) return linkGone()
    if (failure.code === 'privacy_changed') {
      this.#consent.ask()
      this.#privacyVersion = (await api.page().catch(() => this.#parts.page)).privacyVersion
    }
    this.#complain(wordFailure(say, failure))
    if (this.#way === 'wechat') this.#scan.start(() => this.#agreed())
  }
}
