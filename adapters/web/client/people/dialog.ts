import { button, h, icon } from '../h.ts'
import { ICONS } from '../chat/view/icons.ts'

export interface OpenDialog {
  show(title: string, body: HTMLElement): void
  close(): void
  closed(handle: () => void): void
}

/** A sheet over the page: the browser's own dialog keeps the focus inside, closes on Escape and gives the focus back. */
export function openDialog(parts: { title: string; close: string; body: HTMLElement }): OpenDialog {
  const heading = h('h2', { id: 'sheet-title' }, parts.title)
  const closing = button(
    { class: 'tool', 'aria-label': parts.close, 'data-testid': 'sheet-close' },
    () => dialog.close(),
    icon(ICONS.close),
  )
  const body = h('div', { class: 'sheet-body' }, parts.body)
  const dialog = h('dialog', { class: 'sheet', 'aria-labelledby': 'sheet-title' }, h('header', {}, heading, closing), body)
  dialog.addEventListener('click', (event) => event.target === dialog && dialog.close())
  dialog.addEventListener('close', () => dialog.remove())
  document.body.append(dialog)
  dialog.showModal()
  return {
    show(title, element) {
      heading.textContent = title
      body.replaceChildren(element)
    },
    close: () => dialog.close(),
    closed: (handle) => dialog.addEventListener('close', handle),
  }
}
