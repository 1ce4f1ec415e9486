/** The account's own menu at the lower edge of the phone. */
import type { CustomerAction } from '../../callbacks/actions.ts'
import type { MenuButtonView } from '../../control/view.ts'
import { phoneLink } from './api.ts'
import type { Owner } from './bubbles.ts'
import { button, h, onLeave } from './dom.ts'

type Click = (entry: MenuButtonView, path: number[]) => void

const closeAll = (bar: HTMLElement) => {
  for (const open of bar.querySelectorAll<HTMLElement>('.submenu')) open.hidden = true
}

/** A button of the upper row: clicked itself, or opening those below it. */
const topButton = (bar: HTMLElement, entry: MenuButtonView, index: number, click: Click): HTMLElement => {
  if (entry.sub.length === 0) return button(entry.name, `menu-${index}`, () => click(entry, [index]), 'menu-button')
  const choose = (sub: MenuButtonView, position: number) => {
    closeAll(bar)
    click(sub, [index, position])
  }
  const rows = entry.sub.map((sub, position) => button(sub.name, `menu-${index}-${position}`, () => choose(sub, position), 'row'))
  const below = h('div', { class: 'submenu', hidden: true }, ...rows)
  const toggle = () => {
    const open = below.hidden
    closeAll(bar)
    below.hidden = !open
  }
  return h('div', { class: 'menu-group' }, button(`≡ ${entry.name}`, `menu-${index}`, toggle, 'menu-button'), below)
}

export const createMenuBar = (owner: Owner, perform: (action: CustomerAction) => void) => {
  const bar = h('div', { class: 'menu-buttons' })
  let shown = ''
  onLeave(bar, () => closeAll(bar))
  const click: Click = (entry, path) => {
    perform({ type: 'menu', path })
    if (entry.type === 'view' && entry.url) window.open(phoneLink(owner.appId, owner.openId, entry.url), '_blank', 'noopener')
  }
  return {
    element: h('div', { class: 'menu-bar', testId: 'account-menu', hidden: true }, bar),
    update(menu: MenuButtonView[]) {
      const next = JSON.stringify(menu)
      if (next === shown) return
      shown = next
      bar.replaceChildren(...menu.map((entry, index) => topButton(bar, entry, index, click)))
    },
  }
}
