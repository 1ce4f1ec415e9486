/** The account as its owner set it up at the platform. */
import type { AccountView } from '../../control/view.ts'
import type { BodyFormat, EncryptionMode } from '../../types.ts'
import { codeUrl, command } from './api.ts'
import { button, h, select } from './dom.ts'
import { word } from './words.ts'

const MODES: readonly EncryptionMode[] = ['safe', 'compatible', 'plain']
const FORMATS: readonly BodyFormat[] = ['xml', 'json']
const PLATFORM_BASE = 'wechat'

const facts = (account: AccountView): HTMLElement =>
  h(
    'dl',
    { class: 'facts' },
    ...(
      [
        ['AppID', account.appId],
        ['ID', account.originalId],
        [word('callback'), account.callbackUrl ?? word('none')],
        [word('quota'), `${account.sendQuota.used} / ${account.sendQuota.limit}`],
        [word('tokens'), String(account.tokens)],
      ] as const
    ).flatMap(([label, value]) => [h('dt', {}, label), h('dd', {}, value)]),
  )

/** How callbacks are written, changeable on the spot. */
const createEncoding = (appId: () => string) => {
  const mode = select(
    MODES.map((name) => [name, word(name)] as const),
    'account-mode',
    word('mode'),
  )
  const format = select(
    FORMATS.map((name) => [name, name.toUpperCase()] as const),
    'account-format',
    word('format'),
  )
  const change = () => {
    const changes = { mode: MODES.find((name) => name === mode.value), format: FORMATS.find((name) => name === format.value) }
    void command({ command: 'update_account', appId: appId(), changes })
  }
  mode.addEventListener('change', change)
  format.addEventListener('change', change)
  return {
    element: h('section', { class: 'fault-form' }, h('label', {}, word('mode'), mode), h('label', {}, word('format'), format)),
    update(account: AccountView) {
      if (document.activeElement !== mode) mode.value = account.mode
      if (document.activeElement !== format) format.value = account.format
    },
  }
}

const createCodes = (appId: () => string) => {
  const codes = h('div', { class: 'codes', testId: 'account-codes' })
  const scene = h('input', { type: 'text', value: 'store-7', maxlength: '64', testId: 'code-scene', 'aria-label': word('scene') })
  const submit = h('button', { type: 'submit', class: 'button', testId: 'code-create' }, word('create'))
  const form = h('form', { class: 'inline' }, scene, submit)
  form.addEventListener('submit', (event) => {
    event.preventDefault()
    void command({ command: 'create_code', appId: appId(), scene: scene.value })
  })
  let shown = ''
  return {
    element: h('section', {}, h('h2', {}, word('newCode')), form, codes),
    update({ tickets }: AccountView) {
      const next = tickets.map(({ ticket }) => ticket).join()
      if (next === shown) return
      shown = next
      codes.replaceChildren(
        ...tickets.map(({ ticket, scene: name }) => {
          const picture = h('img', { src: codeUrl(PLATFORM_BASE, ticket), alt: name, width: '96', height: '96' })
          return h('figure', { class: 'code' }, picture, h('figcaption', {}, name))
        }),
      )
    },
  }
}

const createAddressCheck = (appId: () => string): HTMLElement => {
  const result = h('span', { class: 'quiet', role: 'status', testId: 'check-result' })
  const check = async () => {
    const answer = await command({ command: 'check_callback', appId: appId() })
    const ok = typeof answer === 'object' && answer !== null && 'ok' in answer && answer.ok === true
    result.textContent = word(ok ? 'checkOk' : 'checkFailed')
  }
  return h(
    'div',
    { class: 'inline' },
    button(word('check'), 'check-callback', () => void check()),
    result,
  )
}

export const createAccountPanel = () => {
  let shown = ''
  const appId = () => shown
  const about = h('div')
  const encoding = createEncoding(appId)
  const codes = createCodes(appId)
  const identity = h('section', {}, about, createAddressCheck(appId))
  return {
    element: h('div', { class: 'tab-panel', testId: 'account-panel', hidden: true }, identity, encoding.element, codes.element),
    update(account: AccountView | undefined) {
      if (!account) return
      shown = account.appId
      about.replaceChildren(facts(account))
      encoding.update(account)
      codes.update(account)
    },
  }
}
