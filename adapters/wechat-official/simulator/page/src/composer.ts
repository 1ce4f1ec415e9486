/** The lower edge of the phone: the account's menu, or keyboard, faces and attachments. */
import type { CustomerAction } from '../../callbacks/actions.ts'
import type { AccountView, CustomerView } from '../../control/view.ts'
import { act } from './api.ts'
import { createMenuBar } from './account-menu.ts'
import type { Owner } from './bubbles.ts'
import { button, h, icon, ICONS } from './dom.ts'
import { facePicture, FACES } from './faces.ts'
import { openScanner } from './scanner.ts'
import { word } from './words.ts'

/** People's Square, Shanghai. */
const PLACE = { latitude: 31.2304, longitude: 121.4737, scale: 15 }
const FILE_TYPES = 'image/jpeg,image/png,image/gif,.amr,audio/mpeg,video/mp4'

const toBase64 = (file: File): Promise<string> =>
  new Promise((resolve, reject) => {
    const reader = new FileReader()
    reader.addEventListener('load', () => resolve(typeof reader.result === 'string' ? reader.result.replace(/^data:[^,]*,/, '') : ''))
    reader.addEventListener('error', () => reject(new Error('unreadable file')))
    reader.readAsDataURL(file)
  })

const kindOf = (file: File): 'image' | 'voice' | 'video' =>
  file.type.startsWith('image/') ? 'image' : file.type.startsWith('video/') ? 'video' : 'voice'

type Attachment = Parameters<typeof tile>[0]
const tile = (entry: {
  name: (keyof typeof ICONS & ('image' | 'screenshot' | 'voice' | 'video' | 'link' | 'scan' | 'file')) | 'location'
  run: () => void
}) =>
  h(
    'button',
    { type: 'button', class: 'tile', testId: `attach-${entry.name}`, on: { click: entry.run } },
    h('span', {}, icon(entry.name === 'location' ? ICONS.place : ICONS[entry.name])),
    word(entry.name),
  )

interface Context {
  owner: Owner
  perform(action: CustomerAction): void
  account(): AccountView | null
}

const attachments = ({ owner, perform, account }: Context): HTMLElement => {
  const picker = h('input', {
    type: 'file',
    accept: FILE_TYPES,
    class: 'visually-hidden',
    testId: 'attach-picker',
    tabindex: '-1',
    'aria-label': word('file'),
  })
  picker.addEventListener('change', () => {
    const file = picker.files?.[0]
    picker.value = ''
    if (file) void toBase64(file).then((base64) => perform({ type: kindOf(file), base64 }))
  })
  const link = () =>
    perform({ type: 'link', title: word('linkTitle'), description: word('linkDescription'), url: 'https://example.com/returns' })
  const entries: Attachment[] = [
    { name: 'image', run: () => perform({ type: 'image', sample: 'image' }) },
    { name: 'screenshot', run: () => perform({ type: 'image', sample: 'screenshot' }) },
    { name: 'voice', run: () => perform({ type: 'voice' }) },
    { name: 'video', run: () => perform({ type: 'video' }) },
    { name: 'location', run: () => perform({ type: 'location', ...PLACE, label: word('placeLabel') }) },
    { name: 'link', run: link },
    { name: 'scan', run: () => openScanner(owner, account()) },
    { name: 'file', run: () => picker.click() },
  ]
  return h('div', { class: 'drawer tiles', testId: 'attachments', hidden: true }, ...entries.map(tile), picker)
}

const faceButton = (face: (typeof FACES)[number], insert: (code: string) => void): HTMLElement =>
  h('button', { type: 'button', class: 'pick', testId: `face-${face.code}`, on: { click: () => insert(face.code) } }, facePicture(face))

const faces = (insert: (code: string) => void): HTMLElement =>
  h('div', { class: 'drawer faces', testId: 'faces', hidden: true }, ...FACES.map((face) => faceButton(face, insert)))

const createInput = ({ perform }: Context, onSent: () => void) => {
  const input = h('textarea', {
    class: 'input',
    rows: '1',
    testId: 'composer-input',
    'aria-label': word('input'),
    placeholder: word('input'),
  })
  const send = button(word('send'), 'composer-send', () => submit(), 'button primary send')
  const refresh = () => {
    send.hidden = input.value.trim() === ''
    input.style.height = 'auto'
    input.style.height = `${Math.min(96, input.scrollHeight)}px`
  }
  const submit = () => {
    if (input.value.trim() === '') return
    perform({ type: 'text', text: input.value })
    input.value = ''
    refresh()
    onSent()
  }
  input.addEventListener('input', refresh)
  input.addEventListener('keydown', (event) => {
    if (event.key !== 'Enter' || event.shiftKey || event.isComposing) return
    event.preventDefault()
    submit()
  })
  const insert = (code: string) => {
    input.setRangeText(code, input.selectionStart, input.selectionEnd, 'end')
    refresh()
  }
  send.hidden = true
  return { input, send, insert }
}

const iconButton = (path: string, label: string, testId: string, onClick: () => void) =>
  h('button', { type: 'button', class: 'plain', testId, 'aria-label': label, title: label, on: { click: onClick } }, icon(path))

export const createComposer = (owner: Owner) => {
  let account: AccountView | null = null
  const problem = h('p', { class: 'problem', role: 'alert', testId: 'composer-problem', hidden: true })
  const perform = (action: CustomerAction) => {
    problem.hidden = true
    act(owner.appId, owner.openId, action).catch((error: unknown) => {
      problem.textContent = error instanceof Error ? error.message : String(error)
      problem.hidden = false
    })
  }
  const context: Context = { owner, perform, account: () => account }
  const { input, send, insert } = createInput(context, () => showDrawer(null))
  const drawers = { faces: faces(insert), attachments: attachments(context) }
  const showDrawer = (name: keyof typeof drawers | null) => {
    for (const [key, drawer] of Object.entries(drawers)) drawer.hidden = key !== name || !drawer.hidden
  }
  const menu = createMenuBar(owner, perform)
  const keyboard = h('div', { class: 'keyboard' })
  const swap = (toMenu: boolean) => {
    menu.element.hidden = !toMenu
    keyboard.hidden = toMenu
    showDrawer(null)
  }
  const toMenu = iconButton(ICONS.menu, word('toMenu'), 'to-menu', () => swap(true))
  menu.element.prepend(iconButton(ICONS.keyboard, word('toKeyboard'), 'to-keyboard', () => swap(false)))
  keyboard.append(
    toMenu,
    input,
    iconButton(ICONS.face, word('faces'), 'open-faces', () => showDrawer('faces')),
    iconButton(ICONS.plus, word('attachments'), 'open-attachments', () => showDrawer('attachments')),
    send,
  )
  const stranger = button(word('follow'), 'follow-first', () => perform({ type: 'follow' }), 'button primary wide')
  const element = h('footer', { class: 'composer' }, problem, keyboard, menu.element, drawers.faces, drawers.attachments, stranger)
  swap(false)
  return {
    element,
    update(next: AccountView, customer: CustomerView) {
      account = next
      toMenu.hidden = next.menu.length === 0
      if (next.menu.length === 0 && keyboard.hidden && customer.following) swap(false)
      menu.update(next.menu)
      stranger.hidden = customer.following
      element.classList.toggle('stranger', !customer.following)
    },
  }
}
