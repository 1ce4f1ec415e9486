/** Making the platform misbehave. */
import type { Command } from '../../control/commands.ts'
import type { AccountView, SimulatorView } from '../../control/view.ts'
import type { ApiFaultEffect } from '../../types.ts'
import { command } from './api.ts'
import { button, h, select } from './dom.ts'
import { dateAndTime, word } from './words.ts'

const PATHS = [
  '/cgi-bin/message/custom/send',
  '/cgi-bin/stable_token',
  '/cgi-bin/token',
  '/cgi-bin/media/upload',
  '/cgi-bin/media/get',
  '/cgi-bin/message/template/send',
  '/cgi-bin/message/custom/typing',
  '/cgi-bin/user/info',
]
const CALLBACK_FAULTS = ['wrong_signature', 'missing_signature', 'wrong_appid', 'stale_timestamp', 'duplicate', 'drop'] as const
const KINDS = ['latency', 'status', 'malformed', 'reset_before', 'reset_after', 'errcode'] as const
type Kind = (typeof KINDS)[number]
const DEFAULT_VALUES: Partial<Record<Kind, string>> = { latency: '3000', status: '502', errcode: '45015' }
const MINUTE = 60_000
const SEND_PATH = '/cgi-bin/message/custom/send'

const run = (request: Command) => void command(request)

const effectOf = (kind: string, value: number): ApiFaultEffect => {
  switch (kind) {
    case 'latency':
      return { kind, ms: value }
    case 'status':
      return { kind, status: value }
    case 'errcode':
      return { kind, errcode: value }
    case 'malformed':
    case 'reset_before':
      return { kind }
    default:
      return { kind: 'reset_after' }
  }
}

const createApiFaultForm = () => {
  const path = select([['*', word('allPaths')], ...PATHS.map((name) => [name, name] as const)], 'fault-path', word('path'))
  const kind = select(
    KINDS.map((name) => [name, word(name)] as const),
    'fault-kind',
    word('kind'),
  )
  const value = h('input', { type: 'number', value: '3000', testId: 'fault-value', 'aria-label': word('value') })
  const times = h('input', { type: 'number', value: '1', min: '1', max: '1000', testId: 'fault-times', 'aria-label': word('times') })
  path.value = SEND_PATH
  kind.addEventListener('change', () => {
    const standard = KINDS.flatMap((name) => (name === kind.value ? (DEFAULT_VALUES[name] ?? []) : []))
    value.disabled = standard.length === 0
    value.value = standard[0] ?? ''
  })
  const form = h(
    'form',
    { class: 'fault-form' },
    h('label', { class: 'wide' }, word('path'), path),
    h('label', { class: 'wide' }, word('kind'), kind),
    h('label', {}, word('value'), value),
    h('label', {}, word('times'), times),
    h('button', { type: 'submit', class: 'button primary', testId: 'fault-add' }, word('arrange')),
  )
  form.addEventListener('submit', (event) => {
    event.preventDefault()
    run({ command: 'add_api_fault', path: path.value, times: Number(times.value) || 1, fault: effectOf(kind.value, Number(value.value)) })
  })
  return form
}

const describe = (effect: ApiFaultEffect): string => {
  const name = word(effect.kind)
  if (effect.kind === 'latency') return `${name} ${effect.ms}`
  if (effect.kind === 'status') return `${name} ${effect.status}`
  return effect.kind === 'errcode' ? `${name} ${effect.errcode}` : name
}

const waitingFaults = (view: SimulatorView): HTMLElement[] => [
  ...view.apiFaults.map(({ path, times, fault }) =>
    h('li', {}, `${path === '*' ? word('allPaths') : path} · ${describe(fault)} × ${times ?? 1}`),
  ),
  ...view.callbackFaults.map((name) => h('li', {}, `${word('callbackFaults')} · ${word(name)}`)),
  ...(view.reorder.size > 0 ? [h('li', {}, `${word('reorder')} · ${view.reorder.held}/${view.reorder.size}`)] : []),
]

const accountButtons = (account: AccountView): HTMLElement[] => {
  const { appId } = account
  const spent = account.sendQuota.limit === 0
  return [
    button(word('expire'), 'expire-tokens', () => run({ command: 'expire_tokens', appId, how: 'expired' })),
    button(word('revoke'), 'revoke-tokens', () => run({ command: 'expire_tokens', appId, how: 'revoked' })),
    button(word('expireMedia'), 'expire-media', () => run({ command: 'expire_media', appId })),
    button(word(spent ? 'restoreQuota' : 'spendQuota'), 'spend-quota', () =>
      run({ command: 'set_daily_limit', appId, path: SEND_PATH, limit: spent ? null : 0 }),
    ),
    button(word(account.ipLocked ? 'unlockIp' : 'lockIp'), 'lock-ip', () =>
      run({ command: 'update_account', appId, changes: { ipAllowList: account.ipLocked ? null : ['203.0.113.1'] } }),
    ),
  ]
}

const callbackSection = (replay: () => void): HTMLElement =>
  h(
    'section',
    {},
    h('h2', {}, word('callbackFaults')),
    h('p', { class: 'quiet' }, word('nextDelivery')),
    h(
      'div',
      { class: 'buttons' },
      ...CALLBACK_FAULTS.map((fault) => button(word(fault), `callback-${fault}`, () => run({ command: 'add_callback_fault', fault }))),
      button(word('reorder'), 'callback-reorder', () => run({ command: 'reorder_next', size: 3 })),
      button(word('release'), 'callback-release', () => run({ command: 'release_held' })),
      button(word('replay'), 'callback-replay', replay),
    ),
  )

const SKIPS = { minute: MINUTE, hour: 60 * MINUTE, window: 48 * 60 * MINUTE } as const

const skipButtons = (): HTMLElement =>
  h(
    'div',
    { class: 'buttons' },
    ...(['minute', 'hour', 'window'] as const).map((name) =>
      button(word(name), `advance-${name}`, () => run({ command: 'advance', ms: SKIPS[name] })),
    ),
  )

export const createFaultsPanel = () => {
  const waiting = h('ul', { class: 'waiting', testId: 'waiting-faults' })
  const account = h('div', { class: 'buttons' })
  const clock = h('p', { class: 'clock', testId: 'clock' })
  let last: SimulatorView | null = null
  const replay = () => {
    const delivery = last?.deliveries.at(-1)
    if (delivery) run({ command: 'replay', deliveryId: delivery.id })
  }
  const clear = button(word('clearFaults'), 'clear-faults', () => run({ command: 'clear_faults' }))
  const element = h(
    'div',
    { class: 'tab-panel', testId: 'faults-panel' },
    h('section', {}, waiting, clear),
    h('section', {}, h('h2', {}, word('apiFaults')), createApiFaultForm()),
    callbackSection(replay),
    h('section', {}, h('h2', {}, word('timeAndAccount')), clock, skipButtons(), account),
  )
  return {
    element,
    tick: (now: number) => void (clock.textContent = `${word('clock')} ${dateAndTime(now)}`),
    update(view: SimulatorView, shown: AccountView | undefined) {
      last = view
      const entries = waitingFaults(view)
      waiting.replaceChildren(...(entries.length > 0 ? entries : [h('li', { class: 'quiet' }, word('nothingArranged'))]))
      account.replaceChildren(...(shown ? accountButtons(shown) : []))
    },
  }
}
