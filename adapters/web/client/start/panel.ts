/** Between the log and the composer while nobody serves the customer: teams to choose from, his place, closed doors. */
import type { WebConversation } from '../chat/wire.ts'
import type { Locale } from '../chat/words/words.ts'
import { button, h } from '../h.ts'
import { startInChat, type StartApi } from './api.ts'
import { contactForm } from './contact-form.ts'
import { refusalFor, startSpeaker, type StartSay } from './words.ts'

export interface StartPanelParts {
  token: () => string | null
  locale: Locale
  complain(text: string): void
  /** Something was done: the page asks for how things stand now. */
  changed(): void
}

type Open = 'nothing' | 'form' | 'leaving'
const LONGEST_SECONDS = 7200

export class StartPanel {
  readonly element: HTMLElement
  readonly #parts: StartPanelParts
  readonly #api: StartApi
  readonly #say: StartSay
  #conversation: WebConversation | null = null
  #open: Open = 'nothing'
  #look = ''
  #countdown: ReturnType<typeof setInterval> | undefined

  constructor(parts: StartPanelParts) {
    this.#parts = parts
    this.#api = startInChat(parts.token)
    this.#say = startSpeaker(parts.locale)
    this.element = h('section', { class: 'start', 'aria-label': this.#say('region'), 'data-testid': 'start-panel', hidden: true })
  }

  update(conversation: WebConversation | null): void {
    const waiting = conversation?.status === 'queued' ? conversation : null
    if (waiting?.id !== this.#conversation?.id) this.#open = 'nothing'
    this.#conversation = waiting
    const look = waiting ? this.#lookOf(waiting) : ''
    if (look === this.#look) return
    // What somebody is writing is not taken from under his hands.
    if (this.#open === 'form' && waiting?.offHours?.form === true && this.element.querySelector('form')) return
    this.#look = look
    this.#draw()
  }

  #lookOf({ id, queue, choices, offHours }: WebConversation): string {
    return JSON.stringify([id, queue?.position, queue?.estimateSeconds, choices, offHours, this.#open])
  }

  #draw(): void {
    clearInterval(this.#countdown)
    const rows = this.#conversation ? this.#rows(this.#conversation) : []
    this.element.replaceChildren(...rows)
    this.element.hidden = rows.length === 0
  }

  #show(open: Open): void {
    this.#open = open
    this.#look = ''
    this.update(this.#conversation)
    this.element.querySelector<HTMLElement>('textarea, .start-actions button')?.focus()
  }

  #rows(conversation: WebConversation): HTMLElement[] {
    if (this.#open === 'form') return [this.#form(conversation)]
    if (conversation.choices) return this.#choices(conversation, conversation.choices)
    const { queue, offHours } = conversation
    return [...(queue ? this.#queue(conversation, queue) : []), ...(offHours ? this.#hours(conversation, offHours) : [])]
  }

  #choices({ id }: WebConversation, { options, until }: NonNullable<WebConversation['choices']>): HTMLElement[] {
    const say = this.#say
    const hint = h('p', { class: 'start-hint' })
    const end = new Date(until).getTime()
    const tick = () => {
      const seconds = Math.ceil((end - Date.now()) / 1000)
      hint.textContent = seconds > 0 ? say('choose_hint', { seconds }) : say('choose_soon')
    }
    tick()
    this.#countdown = setInterval(tick, 1000)
    const buttons = options.map(({ teamId, name }) =>
      button({ class: 'choice', 'data-testid': 'team-choice' }, () => this.#do(this.#api.choose({ conversationId: id, teamId })), name),
    )
    return [h('h2', {}, say('choose')), h('div', { class: 'choices', role: 'group', 'aria-label': say('choose') }, ...buttons), hint]
  }

  #queue({ id }: WebConversation, { position, estimateSeconds }: NonNullable<WebConversation['queue']>): HTMLElement[] {
    const say = this.#say
    const place = position === 1 ? say('next') : say('place', { position })
    const line = h(
      'div',
      { class: 'start-queue', role: 'status', 'data-testid': 'chat-queue' },
      h('strong', { 'data-testid': 'queue-position' }, place),
      h('span', { 'data-testid': 'queue-estimate' }, waitText(say, estimateSeconds)),
    )
    if (this.#open === 'leaving') {
      const stay = button({ class: 'quiet' }, () => this.#show('nothing'), say('leave_no'))
      const go = button({ class: 'danger', 'data-testid': 'leave-yes' }, () => this.#do(this.#api.leave(id)), say('leave_yes'))
      return [line, h('p', {}, say('leave_sure')), h('div', { class: 'start-actions' }, stay, go)]
    }
    const leave = button({ class: 'quiet', 'data-testid': 'leave-queue' }, () => this.#show('leaving'), say('leave'))
    return [h('div', { class: 'start-line' }, line, leave), h('p', { class: 'start-hint' }, say('hint'))]
  }

  #hours({ id, queue }: WebConversation, { opensAt, timeZone, waits, form }: NonNullable<WebConversation['offHours']>): HTMLElement[] {
    const say = this.#say
    const write = form && button({ class: 'primary', 'data-testid': 'leave-word' }, () => this.#show('form'), say('leave_word'))
    if (queue) return form ? [h('div', { class: 'start-line' }, h('p', {}, say('full')), write || null)] : []
    const wait =
      !waits && button({ class: 'quiet', 'data-testid': 'wait-opening' }, () => this.#do(this.#api.waitForOpening(id)), say('wait_opening'))
    const opens =
      opensAt === null ? say('opens_unknown') : say('opens', { time: dayAndTime(opensAt, { timeZone, locale: this.#parts.locale }) })
    return [
      h('div', { class: 'start-queue', role: 'status', 'data-testid': 'off-hours' }, h('strong', {}, say('closed')), h('span', {}, opens)),
      ...(form ? [] : [h('p', { class: 'start-hint', 'data-testid': 'contact-sent' }, say('sent'))]),
      ...(form && waits ? [h('p', { class: 'start-hint' }, say('waits'))] : []),
      ...(write || wait ? [h('div', { class: 'start-actions' }, write || null, wait || null)] : []),
    ]
  }

  #form({ id }: WebConversation): HTMLElement {
    return h(
      'div',
      { class: 'start-form' },
      h('h2', {}, this.#say('form_title')),
      contactForm({
        say: this.#say,
        send: (form) => this.#api.leaveWord(id, form),
        sent: () => {
          this.#show('nothing')
          this.#parts.changed()
        },
        cancel: () => this.#show('nothing'),
      }),
    )
  }

  #do(work: Promise<unknown>): void {
    for (const each of this.element.querySelectorAll('button')) each.disabled = true
    work
      .catch((error: unknown) => this.#parts.complain(this.#say(refusalFor(error))))
      .finally(() => {
        this.#show('nothing')
        this.#parts.changed()
      })
  }
}

export function waitText(say: StartSay, seconds: number | null): string {
  if (seconds === null) return say('wait_unknown')
  return seconds >= LONGEST_SECONDS ? say('wait_long') : say('wait', { minutes: Math.max(1, Math.ceil(seconds / 60)) })
}

/** In the company's time, as the messages say it. */
export const dayAndTime = (iso: string, { timeZone, locale }: { timeZone: string; locale: Locale }): string =>
  new Intl.DateTimeFormat(locale, { timeZone, month: 'long', day: 'numeric', weekday: 'short', hour: '2-digit', minute: '2-digit' }).format(
    new Date(iso),
  )
