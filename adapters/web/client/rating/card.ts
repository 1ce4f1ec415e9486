/** The card on which a customer rates: stars or three words, then reasons for this score and a comment, then thanks. */
import { ApiFailure } from '../chat/api.ts'
import type { Locale } from '../chat/words/words.ts'
import { button, h } from '../h.ts'
import type { RatingSource } from './api.ts'
import type { RatingAnswer, RatingFormState, RatingLevel, RatingReason } from './wire.ts'
import { ratingWords, scoreWord, type RatingWords } from './words.ts'

export interface RatingCard {
  element: HTMLElement
  /** What went wrong when it was first loaded, for a page that has nothing else to show. */
  loaded: Promise<string | null>
}

interface Drawing {
  source: RatingSource
  words: RatingWords
  locale: Locale
  element: HTMLElement
}

export function ratingCard(source: RatingSource, locale: Locale): RatingCard {
  const words = ratingWords(locale)
  const element = h('div', { class: 'rating', 'data-testid': 'rating-card' }, h('p', { class: 'sub' }, words.loading))
  return { element, loaded: load({ source, words, locale, element }) }
}

async function load(drawing: Drawing): Promise<string | null> {
  const { element, source, words } = drawing
  try {
    show(drawing, await source.load())
    return null
  } catch (error) {
    const again = button({ class: 'quiet' }, () => void load(drawing), words.retry)
    element.replaceChildren(h('p', {}, words.failed), again)
    return error instanceof ApiFailure ? error.code : 'unknown'
  }
}

function show(drawing: Drawing, form: RatingFormState): void {
  const { element, words } = drawing
  element.dataset['state'] = form.state
  if (form.state === 'expired') return element.replaceChildren(h('p', {}, words.expired), h('p', { class: 'sub' }, words.expired_hint))
  if (form.state === 'open') return element.replaceChildren(...questions(drawing, form))
  const score = form.score ?? 0
  element.replaceChildren(
    h('p', { class: 'given', 'data-testid': 'rating-given' }, `${starsText(form)} ${scoreWord(words, score, form.scale)}`),
    h('p', { role: 'status' }, form.thanks ?? words.thanks),
    ...(form.canExplain ? [explanation(drawing, form)] : []),
  )
}

const starsText = ({ scale, score }: RatingFormState): string =>
  scale === 5 ? `${'★'.repeat(score ?? 0)}${'☆'.repeat(scale - (score ?? 0))}` : ''

/** The same rule as the server's. */
const levelOf = (score: number, scale: number): RatingLevel => (score * 5 <= scale * 2 ? 'low' : score * 2 <= scale + 1 ? 'middle' : 'high')

function questions(drawing: Drawing, form: RatingFormState): HTMLElement[] {
  const { words } = drawing
  const more = h('div', { class: 'more' })
  const chosen = (score: number) => more.replaceChildren(...details(drawing, form, score, words.submit))
  return [
    h('p', { class: 'ask' }, form.invite),
    h('p', { class: 'sub' }, words.about.replace('{name}', form.agentName)),
    scores(drawing, form, chosen),
    more,
  ]
}

let groups = 0

/** Radio buttons, so that keys and readers know them; drawn as stars or as words. */
function scores({ words }: Drawing, { scale }: RatingFormState, chosen: (score: number) => void): HTMLElement {
  const name = `rating-${++groups}`
  const group = h('div', { class: scale === 5 ? 'stars' : 'levels', role: 'radiogroup', 'aria-label': words.score })
  const word = h('p', { class: 'score-word', 'aria-hidden': 'true' })
  for (let score = 1; score <= scale; score++) {
    const label = scoreWord(words, score, scale)
    const input = h('input', { type: 'radio', name, value: score, 'aria-label': label, 'data-testid': `score-${score}` })
    input.addEventListener('change', () => {
      group.dataset['score'] = String(score)
      for (const [index, star] of [...group.children].entries())
        star.classList.toggle('on', scale === 5 ? index < score : index === score - 1)
      word.textContent = scale === 5 ? label : ''
      chosen(score)
    })
    group.append(h('label', {}, input, h('span', { 'aria-hidden': 'true' }, scale === 5 ? '★' : label)))
  }
  return h('div', {}, group, word)
}

/** For a score that is already given: what was tapped in WeChat may be explained here. */
function explanation(drawing: Drawing, form: RatingFormState): HTMLElement {
  const box = h('div', { class: 'more' })
  const open = button(
    { class: 'quiet' },
    () => box.replaceChildren(...details(drawing, form, form.score ?? 1, drawing.words.submit)),
    drawing.words.explain,
  )
  box.append(open)
  return box
}

function details(drawing: Drawing, form: RatingFormState, score: number, submitWord: string): HTMLElement[] {
  const { words, locale } = drawing
  const offered = form.reasons.filter(({ level }) => level === levelOf(score, form.scale))
  const ticked = new Set<string>()
  const comment = h('textarea', { rows: 2, maxlength: 500, placeholder: words.comment, 'aria-label': words.comment })
  const problem = h('p', { class: 'problem', role: 'alert' })
  const send = button({ class: 'primary', 'data-testid': 'rating-submit' }, () => void submit(), submitWord)
  const submit = async () => {
    send.disabled = true
    problem.textContent = ''
    const answer: RatingAnswer = { score, reasons: [...ticked], ...(comment.value.trim() === '' ? {} : { comment: comment.value }) }
    const outcome = await sent(drawing, answer)
    if (outcome !== null) problem.textContent = outcome
    send.disabled = false
  }
  return [...(offered.length > 0 ? [reasonPicker(offered, ticked, words.reasons, locale)] : []), comment, problem, send]
}

function reasonPicker(offered: readonly RatingReason[], ticked: Set<string>, title: string, locale: Locale): HTMLElement {
  const boxes = offered.map(({ id, labelZh, labelEn }) => {
    const input = h('input', { type: 'checkbox', value: id })
    input.addEventListener('change', () => void (input.checked ? ticked.add(id) : ticked.delete(id)))
    return h('label', { class: 'reason' }, input, h('span', {}, locale === 'en' ? labelEn : labelZh))
  })
  return h('fieldset', { class: 'reasons' }, h('legend', { class: 'sub' }, title), ...boxes)
}

/** @returns words of what went wrong, or null */
async function sent(drawing: Drawing, answer: RatingAnswer): Promise<string | null> {
  try {
    show(drawing, await drawing.source.submit(answer))
    return null
  } catch (error) {
    const code = error instanceof ApiFailure ? error.code : 'unknown'
    // Another tab was quicker, or the time is over: the card shows how it stands now.
    if (code === 'rating_given' || code === 'rating_expired') void load(drawing)
    return code === 'rating_given' ? drawing.words.given : code === 'rating_expired' ? drawing.words.expired : drawing.words.not_sent
  }
}
