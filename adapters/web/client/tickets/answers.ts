/** What the customer may say to a ticket now: it is solved or not, hurry, once more, and how it was. */
import { button, h } from '../h.ts'
import { problemLine, type TicketContext, wordFailure } from './parts.ts'
import type { TicketAction } from './api.ts'
import type { CustomerTicket } from './wire.ts'
import { timeIn, type TicketWord } from './words.ts'
import { writeForm } from './write-form.ts'

interface AnswerParts extends TicketContext {
  ticket: CustomerTicket
  done(ticket: CustomerTicket): void
}

export const answers = (parts: AnswerParts): HTMLElement[] =>
  [confirmation(parts), urging(parts), reopening(parts), rating(parts)].flatMap((each) => (each ? [each] : []))

/** A button that does it at once, with its own place for what went wrong. */
function acting(
  { say, source, ticket, done }: AnswerParts,
  action: TicketAction,
  attributes: { class: string; label: TicketWord; testid: string },
) {
  const problem = problemLine()
  const press = button({ class: attributes.class, 'data-testid': attributes.testid }, () => void act(), say(attributes.label))
  const act = async () => {
    press.disabled = true
    problem.clear()
    try {
      done(await source.act(ticket.id, action, {}))
    } catch (error) {
      problem.show(wordFailure(say, error))
      press.disabled = false
    }
  }
  return { press, problem: problem.element }
}

/** A reason is asked for behind a button. */
function reasoned(
  parts: AnswerParts,
  words: { action: TicketAction; open: TicketWord; label: TicketWord; submit: TicketWord; testid: string },
) {
  const { say, source, ticket, done } = parts
  const place = h('div', {})
  const show = () => {
    place.replaceChildren(
      writeForm(parts, {
        label: say(words.label),
        submit: say(words.submit),
        testid: words.testid,
        maxlength: 1000,
        files: false,
        send: async ({ text }) => done(await source.act(ticket.id, words.action, { reason: text })),
        cancel: () => place.replaceChildren(),
      }),
    )
    place.querySelector('textarea')?.focus()
  }
  return { press: button({ class: 'secondary', 'data-testid': `${words.testid}-open` }, show, say(words.open)), place }
}

function confirmation(parts: AnswerParts): HTMLElement | null {
  const { say, locale, ticket } = parts
  if (!ticket.may.confirm) return null
  const yes = acting(parts, 'confirmation', { class: 'primary', label: 'confirm_yes', testid: 'ticket-confirm' })
  const no = reasoned(parts, {
    action: 'rejection',
    open: 'confirm_no',
    label: 'reject_label',
    submit: 'reject_send',
    testid: 'ticket-reject',
  })
  const closes = ticket.closesAt && h('p', { class: 'note' }, say('confirm_closes', { time: timeIn(locale, ticket.closesAt) }))
  return h(
    'section',
    { class: 'ticket-ask', 'data-testid': 'ticket-ask' },
    h('h3', {}, say('confirm_ask')),
    closes || null,
    h('div', { class: 'ticket-actions' }, yes.press, no.press),
    yes.problem,
    no.place,
  )
}

function urging(parts: AnswerParts): HTMLElement | null {
  const { say, locale, ticket } = parts
  if (ticket.nextUrgeAt !== null)
    return h(
      'p',
      { class: 'note', 'data-testid': 'ticket-urged', role: 'status' },
      say('urge_later', { time: timeIn(locale, ticket.nextUrgeAt) }),
    )
  if (!ticket.may.urge) return null
  const { press, problem } = acting(parts, 'urges', { class: 'secondary', label: 'urge', testid: 'ticket-urge' })
  return h('div', { class: 'ticket-actions' }, press, problem)
}

function reopening(parts: AnswerParts): HTMLElement | null {
  if (!parts.ticket.may.reopen) return null
  const { press, place } = reasoned(parts, {
    action: 'reopening',
    open: 'reopen',
    label: 'reopen_label',
    submit: 'reopen_send',
    testid: 'ticket-reopen',
  })
  return h('section', {}, h('div', { class: 'ticket-actions' }, press), place)
}

function rating(parts: AnswerParts): HTMLElement | null {
  const { say, ticket } = parts
  if (ticket.rating) return h('p', { class: 'note', 'data-testid': 'ticket-rated' }, say('rate_given', { score: ticket.rating.score }))
  return ticket.may.rate ? ratingForm(parts) : null
}

const STARS = [1, 2, 3, 4, 5] as const

/** Radio buttons, so that keys and readers know them; drawn as stars. */
function ratingForm({ say, source, ticket, done }: AnswerParts): HTMLElement {
  let score = 0
  const problem = problemLine()
  const more = h('div', { class: 'more', hidden: true })
  const stars = h('div', { class: 'stars', role: 'radiogroup', 'aria-label': say('rate_score') })
  const choose = (value: number) => {
    score = value
    for (const [index, star] of [...stars.children].entries()) star.classList.toggle('on', index < value)
    more.hidden = false
  }
  for (const value of STARS) {
    const input = h('input', { type: 'radio', name: 'ticket-score', value, 'aria-label': String(value), 'data-testid': `score-${value}` })
    input.addEventListener('change', () => choose(value))
    stars.append(h('label', {}, input, h('span', { 'aria-hidden': 'true' }, '★')))
  }
  const comment = h('textarea', { rows: 2, maxlength: 500, placeholder: say('rate_comment'), 'aria-label': say('rate_comment') })
  const send = button({ class: 'primary', 'data-testid': 'ticket-rate' }, () => void submit(), say('rate_send'))
  const submit = async () => {
    send.disabled = true
    const words = comment.value.trim()
    try {
      done(await source.act(ticket.id, 'rating', { score, ...(words === '' ? {} : { comment: words }) }))
    } catch (error) {
      problem.show(wordFailure(say, error))
      send.disabled = false
    }
  }
  more.append(comment, send, problem.element)
  return h('section', { class: 'rating', 'data-testid': 'ticket-rating' }, h('h3', {}, say('rate_ask')), stars, more)
}
