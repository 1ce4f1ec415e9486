/** All tickets of this customer, newest first; a press opens one. */
import { button, h } from '../h.ts'
import { pill, type TicketContext, wordFailure } from './parts.ts'
import type { CustomerTicketPage, CustomerTicketSummary } from './wire.ts'
import { timeIn } from './words.ts'

interface ListParts extends TicketContext {
  open(id: string): void
  create(types: NonNullable<CustomerTicketPage['form']>['types']): void
}

function row({ say, locale, open }: ListParts, ticket: CustomerTicketSummary): HTMLElement {
  const head = h('span', { class: 'ticket-row-head' }, h('strong', {}, ticket.title), pill(say, ticket.state))
  const foot = h('span', { class: 'ticket-row-foot' }, h('span', {}, ticket.number), h('time', {}, timeIn(locale, ticket.updatedAt)))
  return h(
    'li',
    {},
    button({ class: 'ticket-row', 'data-testid': 'ticket-row' }, () => open(ticket.id), head, foot),
  )
}

/** @throws what the first page was refused with */
export async function ticketList(
  parts: ListParts,
): Promise<{ element: HTMLElement; tickets: readonly CustomerTicketSummary[]; alone: boolean }> {
  const { say, source } = parts
  const rows = h('ul', { class: 'ticket-list', 'data-testid': 'ticket-list' })
  const below = h('div', { class: 'ticket-actions' })
  const show = (page: CustomerTicketPage) => {
    rows.append(...page.tickets.map((ticket) => row(parts, ticket)))
    const next = page.nextCursor
    below.replaceChildren(...(next === null ? [] : [button({ class: 'secondary wide' }, () => void more(next), say('more'))]))
  }
  const more = async (cursor: string) => {
    try {
      show(await source.list(cursor))
    } catch (error) {
      below.replaceChildren(
        h('p', { role: 'alert' }, wordFailure(say, error)),
        button({ class: 'secondary' }, () => void more(cursor), say('retry')),
      )
    }
  }
  const first = await source.list(null)
  show(first)
  const { form } = first
  const create = form && button({ class: 'primary wide', 'data-testid': 'ticket-new' }, () => parts.create(form.types), say('create'))
  const empty = h('div', { class: 'ticket-empty' }, h('p', {}, say('empty')), h('p', { class: 'note' }, say('empty_hint')))
  const element = h('div', {}, first.tickets.length === 0 ? empty : rows, below, create)
  return { element, tickets: first.tickets, alone: form === null }
}
