/** Files to go along with what is being written: uploaded at once, named when it is sent. */
import { ICONS } from '../chat/view/icons.ts'
import { button, h, icon } from '../h.ts'
import type { TicketContext } from './parts.ts'
import { wordFailure } from './parts.ts'

const MAX_FILES = 9

export interface FilePicker {
  element: HTMLElement
  /** Uploaded so far. */
  ids(): string[]
  /** Something is still on its way. */
  busy(): boolean
  clear(): void
}

export function filePicker({ source, say }: TicketContext, complain: (words: string) => void): FilePicker {
  const ids = new Map<HTMLElement, string>()
  let running = 0
  const list = h('ul', { class: 'ticket-staged', 'aria-live': 'polite' })
  const input = h('input', { type: 'file', multiple: true, hidden: true, 'data-testid': 'ticket-file' })
  const add = async (file: File) => {
    const row = h('li', {}, say('uploading', { name: file.name }))
    list.append(row)
    running += 1
    try {
      const { id } = await source.upload(file)
      ids.set(row, id)
      const drop = button({ class: 'tool', 'aria-label': say('remove', { name: file.name }) }, () => forget(row), icon(ICONS.close))
      row.replaceChildren(h('span', {}, file.name), drop)
    } catch (error) {
      row.remove()
      complain(wordFailure(say, error))
    } finally {
      running -= 1
    }
  }
  const forget = (row: HTMLElement) => {
    ids.delete(row)
    row.remove()
  }
  input.addEventListener('change', () => {
    for (const file of [...(input.files ?? [])].slice(0, MAX_FILES - list.children.length)) void add(file)
    input.value = ''
  })
  const choose = button({ class: 'secondary' }, () => input.click(), icon(ICONS.attach), say('attach'))
  return {
    element: h('div', { class: 'ticket-picker' }, list, input, choose),
    ids: () => [...ids.values()],
    busy: () => running > 0,
    clear() {
      ids.clear()
      list.replaceChildren()
    },
  }
}
