/** A row of the log as an element, and what decides whether it must be drawn again. */
import { button, h } from '../../h.ts'
import type { OutboxEntry } from '../outbox.ts'
import type { CustomerMessage } from '../wire.ts'
import { authorName } from '../words/author.ts'
import { noticeText } from '../words/notice.ts'
import { dayText, hourText } from '../words/time.ts'
import { isWordKey, type Say } from '../words/words.ts'
import type { ViewContext } from './context.ts'
import { fileCard, partElement } from './parts.ts'
import type { Row } from './rows.ts'
import { richText, safeFileUrl } from './text.ts'

type MessageRow = Extract<Row, { kind: 'message' }>
type LocalRow = Extract<Row, { kind: 'local' }>

/** Equal as long as the row looks the same. Not the progress: that moves inside the row; not the links: they change with every fetch. */
export function lookOf(row: Row): string {
  if (row.kind === 'day') return row.date.toDateString() + new Date().toDateString()
  if (row.kind === 'welcome') return row.title + row.text
  const run = `${row.head}${row.foot}`
  return row.kind === 'message' ? `${row.message.version}${row.read}${run}` : `${row.entry.state}${row.entry.reason}${run}`
}

export function rowElement(row: Row, view: ViewContext): HTMLElement {
  switch (row.kind) {
    case 'day':
      return h('div', { class: 'row day' }, h('span', {}, dayText(row.date, new Date(), view.locale, view.say)))
    case 'welcome':
      return h(
        'div',
        { class: 'row theirs first' },
        faceElement({ name: row.title, avatarUrl: null }),
        h('div', { class: 'stack' }, h('div', { class: 'bubble text' }, richText(row.text))),
      )
    case 'message':
      return messageElement(row, view)
    case 'local':
      return localElement(row, view)
  }
}

function messageElement(row: MessageRow, view: ViewContext): HTMLElement {
  const { message } = row
  const mine = message.direction === 'inbound'
  const state = mine ? (row.read ? 'read' : 'sent') : 'received'
  const marks = { 'data-testid': 'chat-message', 'data-seq': message.seq, 'data-direction': message.direction }
  if (message.recalledAt)
    return h('div', { ...marks, class: 'row system', 'data-state': 'recalled' }, h('span', {}, recallText(message, view.say)))
  if (message.direction === 'system') return systemElement(message, marks, view)
  const preview = message.clientKey ? view.previewOf(message.clientKey) : null
  const refresh = () => view.refreshFiles(row.conversationId, message.seq)
  const parts = message.parts.map((part) => partElement(part, view, { preview: mine ? preview : null, refresh }))
  const foot = row.foot
    ? footElement(new Date(message.createdAt), mine ? view.say(`state.${row.read ? 'read' : 'sent'}`) : null, view)
    : null
  return h(
    'div',
    { ...marks, class: classOf(mine, row), 'data-state': state },
    mine ? null : faceElement(message.author, row.head),
    h(
      'div',
      { class: 'stack' },
      !mine && row.head ? h('div', { class: 'author' }, authorName(message.author, view.say)) : null,
      ...parts,
      foot,
    ),
  )
}

/** Notices stand in the middle as a line; anything else that the system says reads like words from our side. */
function systemElement(message: CustomerMessage, marks: Record<string, string | number>, view: ViewContext): HTMLElement {
  const lines = message.parts.map((part) => {
    if (part.type !== 'notice') return partElement(part, view, { preview: null, refresh: () => {} })
    const text = noticeText(part, view.say)
    return text === null ? null : h('span', {}, text)
  })
  const shown = lines.filter((line) => line !== null)
  const spoken = message.parts.some((part) => part.type !== 'notice')
  const body = spoken ? [h('div', { class: 'stack' }, ...shown)] : shown
  return h(
    'div',
    { ...marks, class: spoken ? 'row theirs first' : 'row system', 'data-state': 'received', hidden: shown.length === 0 },
    ...body,
  )
}

function localElement(row: LocalRow, view: ViewContext): HTMLElement {
  const { entry } = row
  const marks = {
    'data-testid': 'chat-message',
    'data-direction': 'inbound',
    'data-state': entry.state,
    'data-client-key': entry.clientKey,
  }
  const element = h(
    'div',
    { ...marks, class: `${classOf(true, row)} ${entry.state}` },
    h('div', { class: 'stack' }, localBody(entry, view)),
  )
  element.firstElementChild?.append(...localFoot(row, view))
  return element
}

function localBody(entry: OutboxEntry, view: ViewContext): HTMLElement {
  if (entry.content.kind === 'text') return h('div', { class: 'bubble text' }, richText(entry.content.text))
  const { name, sizeBytes } = entry.content
  const preview = view.previewOf(entry.clientKey)
  const body = preview
    ? h('div', { class: 'bubble image' }, h('img', { src: preview, alt: name }))
    : fileCard({ name, sizeBytes, url: null }, view)
  if (entry.state === 'uploading') body.append(h('progress', { class: 'progress', max: 1, value: 0, 'aria-label': name }))
  return body
}

function localFoot({ entry, foot }: LocalRow, view: ViewContext): HTMLElement[] {
  if (entry.state === 'failed')
    return [h('div', { class: 'foot failure' }, h('span', {}, failureText(entry.reason, view.say)), ...actions(entry, view))]
  const state = entry.state === 'uploading' ? view.say('state.uploading', { percent: 0 }) : view.say(`state.${entry.state}`)
  const cancellable = entry.content.kind === 'file' && (entry.state === 'uploading' || entry.state === 'waiting')
  if (!foot && !cancellable) return []
  const line = footElement(new Date(entry.createdAt), state, view)
  if (cancellable) line.append(button({ class: 'action' }, () => view.cancel(entry.clientKey), view.say('action.cancel')))
  return [line]
}

function actions(entry: OutboxEntry, view: ViewContext): HTMLElement[] {
  return [
    button({ class: 'action' }, () => view.retry(entry.clientKey), view.say('action.retry')),
    button({ class: 'action' }, () => view.cancel(entry.clientKey), view.say('action.remove')),
  ]
}

/** Moves what moves without drawing the bubble anew. */
export function updateProgress(element: HTMLElement, row: Row, say: Say): void {
  if (row.kind !== 'local' || row.entry.content.kind !== 'file' || row.entry.state !== 'uploading') return
  const bar = element.querySelector('progress')
  const label = element.querySelector('.foot .state')
  if (bar) bar.value = row.entry.content.progress
  if (label) label.textContent = say('state.uploading', { percent: Math.round(row.entry.content.progress * 100) })
}

const classOf = (mine: boolean, { head }: { head: boolean }) => `row ${mine ? 'mine' : 'theirs'}${head ? ' first' : ''}`

function footElement(time: Date, state: string | null, view: ViewContext): HTMLElement {
  const clock = h('time', { datetime: time.toISOString() }, hourText(time, view.locale))
  return h('div', { class: 'foot' }, clock, state === null ? null : h('span', { class: 'state' }, state))
}

function failureText(reason: string | null, say: Say): string {
  const key = `error.${reason}`
  return isWordKey(key) ? say(key) : say('state.failed')
}

function recallText(message: CustomerMessage, say: Say): string {
  return message.direction === 'outbound' ? say('part.recalled_by_agent', { name: authorName(message.author, say) }) : say('part.recalled')
}

/** A picture, or the first character of the name on a plain disc. */
export function faceElement(author: { name: string | null; avatarUrl: string | null }, shown = true): HTMLElement {
  const url = shown ? safeFileUrl(author.avatarUrl ?? undefined) : null
  const initial = [...(author.name ?? '')][0] ?? '·'
  const face = h('span', { class: shown ? 'avatar' : 'avatar empty', 'aria-hidden': 'true' }, shown ? initial : '')
  if (!url) return face
  const image = h('img', { src: url, alt: '', referrerpolicy: 'no-referrer' })
  image.addEventListener('error', () => image.remove())
  face.append(image)
  return face
}
