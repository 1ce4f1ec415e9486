/** "Scan": choose a code that the account made, or invent a scene. */
import type { AccountView } from '../../control/view.ts'
import { act, codeUrl } from './api.ts'
import type { Owner } from './bubbles.ts'
import { button, h } from './dom.ts'
import { word } from './words.ts'

const PLATFORM_BASE = 'wechat'

export const openScanner = ({ appId, openId }: Owner, account: AccountView | null) => {
  const scene = h('input', { type: 'text', value: 'store-7', maxlength: '64', testId: 'scan-scene', 'aria-label': word('scene') })
  const scan = (target: { scene: string } | { ticket: string }) => {
    dialog.close()
    void act(appId, openId, { type: 'scan', ...target })
  }
  const codes = (account?.tickets ?? []).map(({ ticket, scene: name }) =>
    h(
      'button',
      { type: 'button', class: 'code', testId: `scan-code-${name}`, on: { click: () => scan({ ticket }) } },
      h('img', { src: codeUrl(PLATFORM_BASE, ticket), alt: '', width: '96', height: '96' }),
      name,
    ),
  )
  const form = h(
    'form',
    { class: 'inline', method: 'dialog' },
    scene,
    h('button', { type: 'submit', class: 'button primary', testId: 'scan-submit' }, word('scan')),
  )
  form.addEventListener('submit', () => scan({ scene: scene.value }))
  const dialog = h(
    'dialog',
    { class: 'dialog', testId: 'scanner' },
    h('h2', {}, word('scanTitle')),
    h('h3', {}, word('scanExisting')),
    codes.length > 0 ? h('div', { class: 'codes' }, ...codes) : h('p', { class: 'quiet' }, word('scanNone')),
    h('h3', {}, word('scanNew')),
    form,
    button(word('cancel'), 'scan-cancel', () => dialog.close()),
  )
  dialog.addEventListener('close', () => dialog.remove())
  document.body.append(dialog)
  dialog.showModal()
}
