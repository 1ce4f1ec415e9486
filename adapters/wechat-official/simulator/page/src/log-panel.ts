/** Every call in both directions, newest first. */
import type { SimulatorView } from '../../control/view.ts'
import type { WireCall } from '../../types.ts'
import { command } from './api.ts'
import { button, h, select } from './dom.ts'
import { timeOfDay, word } from './words.ts'

const outcome = (call: WireCall): { text: string; bad: boolean } => {
  if (call.status === 0) return { text: word('noAnswer'), bad: true }
  if (call.errcode !== undefined && call.errcode !== 0) return { text: String(call.errcode), bad: true }
  return { text: String(call.status), bad: call.status >= 400 || call.fault !== undefined }
}

const block = (label: string, text: string) => (text ? h('div', {}, h('h3', {}, label), h('pre', {}, text)) : null)

const row = (call: WireCall): HTMLElement => {
  const { text, bad } = outcome(call)
  const arrow = call.direction === 'api' ? '→' : '←'
  return h(
    'details',
    { class: `call ${call.direction}`, testId: 'log-row', 'data-direction': call.direction },
    h(
      'summary',
      {},
      h('time', {}, timeOfDay(call.at)),
      h('span', { class: 'arrow', title: word(call.direction === 'api' ? 'toPlatform' : 'toServer') }, arrow),
      h('code', { title: call.path }, call.kind ?? `${call.method} ${call.path.replace('/cgi-bin/', '')}`),
      h('span', { class: bad ? 'outcome bad' : 'outcome', testId: 'log-outcome' }, text),
    ),
    call.fault ? h('p', { class: 'fault-note' }, call.fault) : null,
    block('query', call.query.replaceAll('&', '\n')),
    block(word('content'), call.content ?? ''),
    block(word('request'), call.request),
    block(word('response'), call.response),
    call.rid ? h('p', { class: 'quiet' }, `rid ${call.rid}`) : null,
  )
}

export const createLogPanel = () => {
  const list = h('div', { class: 'calls', testId: 'log' })
  const nothing = h('p', { class: 'quiet' }, word('noCalls'))
  const filter = select(
    [
      ['', word('all')],
      ['api', word('toPlatform')],
      ['callback', word('toServer')],
    ],
    'log-filter',
    word('log'),
  )
  const known = new Map<number, HTMLElement>()
  const applyFilter = () => {
    list.dataset['only'] = filter.value
  }
  filter.addEventListener('change', applyFilter)
  const clear = button(word('clear'), 'clear-history', () => void command({ command: 'clear_history' }))
  const element = h(
    'div',
    { class: 'tab-panel', testId: 'log-panel', hidden: true },
    h('div', { class: 'inline' }, filter, clear),
    nothing,
    list,
  )
  return {
    element,
    update({ calls }: SimulatorView) {
      const present = new Set(calls.map(({ id }) => id))
      for (const [id, gone] of known) {
        if (present.has(id)) continue
        gone.remove()
        known.delete(id)
      }
      for (const call of calls) {
        if (known.has(call.id)) continue
        const added = row(call)
        known.set(call.id, added)
        list.prepend(added)
      }
      nothing.hidden = calls.length > 0
    },
  }
}
