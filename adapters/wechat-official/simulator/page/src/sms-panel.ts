/** Text messages of the development provider, newest first: where a code is read when nothing is really sent. */
import { readSms } from './api.ts'
import { h } from './dom.ts'
import { timeOfDay, word } from './words.ts'

const EVERY_MS = 2_000

export const createSmsPanel = () => {
  const list = h('div', { class: 'messages', testId: 'sms-list', 'aria-live': 'polite' })
  const nothing = h('p', { class: 'quiet' }, word('noSms'))
  const element = h('div', { class: 'tab-panel', testId: 'sms-panel', hidden: true }, nothing, list)
  let shown = ''
  const update = async () => {
    if (element.hidden) return
    const messages = await readSms().catch(() => null)
    if (!messages) return
    const ids = messages.map(({ id }) => id).join()
    if (ids === shown) return
    shown = ids
    nothing.hidden = messages.length > 0
    list.replaceChildren(
      ...messages.map(({ phone, text, sentAt }) =>
        h(
          'article',
          { class: 'sms', testId: 'sms' },
          h('header', {}, h('strong', {}, phone), h('time', {}, timeOfDay(Date.parse(sentAt)))),
          h('p', {}, text),
        ),
      ),
    )
  }
  setInterval(() => void update(), EVERY_MS)
  return { element, update: () => void update() }
}
