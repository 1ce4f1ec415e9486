/** One ticket: where it stands, what was said, and what its customer may do now. It looks again by itself, without taking anything from under his hands. */
import { richText } from '../chat/view/text.ts'
import { h } from '../h.ts'
import { answers } from './answers.ts'
import { fileList, pill, type TicketContext } from './parts.ts'
import type { CustomerTicket } from './wire.ts'
import { timeIn } from './words.ts'
import { writeForm } from './write-form.ts'

const LOOK_AGAIN_MS = 15_000

export class TicketDetail {
  readonly element = h('article', { class: 'ticket', 'data-testid': 'ticket' })
  readonly #context: TicketContext
  readonly #facts = h('div', { class: 'ticket-facts' })
  readonly #answers = h('div', { class: 'ticket-answers' })
  readonly #talk = h('section', { class: 'ticket-talk' })
  readonly #write = h('div', {})
  readonly #timer: ReturnType<typeof setInterval>
  #ticket: CustomerTicket
  #asked = ''

  constructor(context: TicketContext, ticket: CustomerTicket) {
    this.#context = context
    this.#ticket = ticket
    this.element.append(this.#facts, this.#answers, this.#talk, this.#write)
    this.show(ticket)
    this.#timer = setInterval(() => void this.#lookAgain(), LOOK_AGAIN_MS)
    document.addEventListener('visibilitychange', this.#seen)
  }

  stop(): void {
    clearInterval(this.#timer)
    document.removeEventListener('visibilitychange', this.#seen)
  }

  show(ticket: CustomerTicket): void {
    this.#ticket = ticket
    this.element.dataset['state'] = ticket.state
    this.#facts.replaceChildren(...this.#factsOf(ticket))
    this.#talk.replaceChildren(...this.#talkOf(ticket))
    // What he is filling in stays while it may still be asked.
    const asked = JSON.stringify([ticket.state, ticket.may, ticket.nextUrgeAt, ticket.rating])
    if (asked === this.#asked) return
    this.#asked = asked
    this.#answers.replaceChildren(...answers({ ...this.#context, ticket, done: (now) => this.show(now) }))
    if (!ticket.may.add) return this.#write.replaceChildren()
    if (this.#write.childElementCount === 0) this.#write.append(this.#adding(ticket))
  }

  readonly #seen = () => {
    if (!document.hidden) void this.#lookAgain()
  }

  async #lookAgain(): Promise<void> {
    if (document.hidden) return
    try {
      const now = await this.#context.source.show(this.#ticket.id)
      if (now.version !== this.#ticket.version || now.may.urge !== this.#ticket.may.urge) this.show(now)
    } catch {
      // What it shows was true a moment ago; the next look tells more.
    }
  }

  #factsOf(ticket: CustomerTicket): HTMLElement[] {
    const { say, locale } = this.#context
    const head = h(
      'header',
      { class: 'ticket-head' },
      h('h2', {}, ticket.title),
      h(
        'p',
        { class: 'note' },
        say('number', { number: ticket.number }),
        ' · ',
        say('created', { time: timeIn(locale, ticket.createdAt) }),
      ),
      pill(say, ticket.state),
    )
    const steps = ticket.steps.map((step) =>
      h('li', { 'data-state': step.state }, h('span', {}, say(`state_${step.state}`)), h('time', {}, timeIn(locale, step.at))),
    )
    const progress = h(
      'section',
      {},
      h('h3', {}, say('progress')),
      h('ol', { class: 'ticket-steps', 'data-testid': 'ticket-steps' }, ...steps),
    )
    const described =
      ticket.description === '' && ticket.files.length === 0 && ticket.fields.length === 0
        ? null
        : this.#block('description', ticket.description, this.#filledIn(ticket), fileList(ticket.files))
    const solution = ticket.solution === null ? null : this.#block('solution', ticket.solution)
    return [head, progress, described, solution].flatMap((each) => (each ? [each] : []))
  }

  /** Of the form. */
  #filledIn({ fields }: CustomerTicket): HTMLElement | null {
    const en = this.#context.locale === 'en'
    if (fields.length === 0) return null
    const rows = fields.flatMap((field) => [
      h('dt', {}, en ? field.labelEn : field.labelZh),
      h('dd', {}, en ? field.valueEn : field.valueZh),
    ])
    return h('dl', { class: 'ticket-fields', 'data-testid': 'ticket-fields' }, ...rows)
  }

  #block(title: 'description' | 'solution', text: string, ...below: (HTMLElement | null)[]): HTMLElement {
    const { say } = this.#context
    return h(
      'section',
      { 'data-testid': `ticket-${title}` },
      h('h3', {}, say(title)),
      text === '' ? null : h('p', { class: 'ticket-words' }, richText(text)),
      ...below,
    )
  }

  #talkOf(ticket: CustomerTicket): HTMLElement[] {
    const { say, locale } = this.#context
    const words = ticket.followUps.map(({ from, name, text, files, at }) =>
      h(
        'li',
        { class: 'ticket-word', 'data-from': from, 'data-testid': 'ticket-word' },
        h('p', { class: 'note' }, from === 'me' ? say('me') : (name ?? say('service')), ' · ', timeIn(locale, at)),
        h('p', { class: 'ticket-words' }, richText(text)),
        fileList(files),
      ),
    )
    const none = h('p', { class: 'note' }, say('nothing_yet'))
    return [h('h3', {}, say('talk')), words.length === 0 ? none : h('ul', { class: 'ticket-said', 'aria-live': 'polite' }, ...words)]
  }

  #adding(ticket: CustomerTicket): HTMLElement {
    const { say, source } = this.#context
    return writeForm(this.#context, {
      label: say('add_label'),
      hint: say('add_hint'),
      submit: say('send'),
      testid: 'ticket-add',
      maxlength: 5000,
      files: true,
      send: async (written) => this.show(await source.act(ticket.id, 'follow-ups', written)),
    })
  }
}
