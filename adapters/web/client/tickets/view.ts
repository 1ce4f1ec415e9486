/** List, one ticket, form: one at a time, in a page of their own or in a sheet over the chat. */
import { ApiFailure } from '../chat/api.ts'
import { button, h } from '../h.ts'
import { createForm } from './create.ts'
import { TicketDetail } from './detail.ts'
import { ticketList } from './list.ts'
import { type TicketContext, wordFailure } from './parts.ts'

export class TicketsView {
  readonly element = h('div', { class: 'tickets', 'data-testid': 'tickets' })
  readonly #context: TicketContext
  #detail: TicketDetail | null = null
  /** Each showing takes the place of the one before, also of one that is still being loaded. */
  #turn = 0

  constructor(context: TicketContext) {
    this.#context = context
  }

  /** @param wanted opened at once; so is the only one behind a link */
  start(wanted: string | null): Promise<void> {
    return wanted === null ? this.#showList(true) : this.#showOne(wanted, true)
  }

  stop(): void {
    this.#detail?.stop()
    this.#detail = null
  }

  #begin(): number {
    this.stop()
    this.element.replaceChildren(h('p', { class: 'note' }, this.#context.say('loading')))
    return ++this.#turn
  }

  async #showList(first = false): Promise<void> {
    const turn = this.#begin()
    try {
      const list = await ticketList({
        ...this.#context,
        open: (id) => void this.#showOne(id, true),
        create: (types) => this.#showForm(types),
      })
      if (turn !== this.#turn) return
      const [only] = list.tickets
      if (first && list.alone && only) return await this.#showOne(only.id, false)
      this.element.replaceChildren(list.element)
    } catch (error) {
      this.#refused(error, () => void this.#showList(first))
    }
  }

  async #showOne(id: string, withList: boolean): Promise<void> {
    const turn = this.#begin()
    try {
      const ticket = await this.#context.source.show(id)
      if (turn !== this.#turn) return
      this.#detail = new TicketDetail(this.#context, ticket)
      this.element.replaceChildren(...(withList ? [this.#back()] : []), this.#detail.element)
    } catch (error) {
      this.#refused(error, () => void this.#showOne(id, withList))
    }
  }

  #showForm(types: Parameters<typeof createForm>[0]['types']): void {
    this.#begin()
    const form = createForm({
      ...this.#context,
      types,
      made: (ticket) => void this.#showOne(ticket.id, true),
      cancel: () => void this.#showList(),
    })
    this.element.replaceChildren(form)
    form.querySelector<HTMLElement>('input, textarea, select')?.focus()
  }

  #back(): HTMLElement {
    return button({ class: 'link', 'data-testid': 'ticket-back' }, () => void this.#showList(), `‹ ${this.#context.say('back')}`)
  }

  /** What the schema refuses is as wrong as what nobody signed. */
  #refused(error: unknown, again: () => void): void {
    const { say } = this.#context
    const gone = error instanceof ApiFailure && (error.code === 'not_found' || error.code === 'invalid_request')
    this.element.replaceChildren(
      h('h2', { 'data-testid': 'tickets-problem' }, gone ? say('link_gone') : say('failed')),
      h('p', { class: 'note', role: 'alert' }, gone ? say('link_gone_hint') : wordFailure(say, error)),
      ...(gone ? [] : [button({ class: 'secondary' }, again, say('retry'))]),
    )
  }
}
