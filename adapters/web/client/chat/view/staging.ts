/** Files that were pasted or dropped and wait for the Send button. */
import { button, h, icon } from '../../h.ts'
import { sizeText } from '../words/time.ts'
import type { Say } from '../words/words.ts'
import { ICONS } from './icons.ts'

const MAX_STAGED = 9

export class Staging {
  readonly element: HTMLElement
  readonly #say: Say
  readonly #changed: () => void
  #files: readonly File[] = []

  constructor(say: Say, changed: () => void) {
    this.#say = say
    this.#changed = changed
    this.element = h('ul', { class: 'staged', 'aria-label': say('composer.staged'), hidden: true })
  }

  get empty(): boolean {
    return this.#files.length === 0
  }

  add(files: readonly File[]): void {
    this.#show([...this.#files, ...files].slice(0, MAX_STAGED))
  }

  /** @returns what was staged; nothing is any more. */
  take(): readonly File[] {
    const files = this.#files
    if (files.length > 0) this.#show([])
    return files
  }

  #show(files: readonly File[]): void {
    this.#files = files
    this.element.hidden = files.length === 0
    this.element.replaceChildren(...files.map((file) => this.#item(file)))
    this.#changed()
  }

  #item(file: File): HTMLElement {
    const remove = button(
      { class: 'unstage', 'aria-label': this.#say('composer.remove', { name: file.name }) },
      () => this.#show(this.#files.filter((each) => each !== file)),
      icon(ICONS.close),
    )
    return h(
      'li',
      {},
      file.type.startsWith('image/') ? thumbnail(file) : h('span', { class: 'card-icon' }, icon(ICONS.file)),
      h('span', { class: 'staged-name' }, file.name),
      h('span', { class: 'sub' }, sizeText(file.size)),
      remove,
    )
  }
}

function thumbnail(file: File): HTMLImageElement {
  const url = URL.createObjectURL(file)
  const image = h('img', { src: url, alt: '' })
  for (const end of ['load', 'error']) image.addEventListener(end, () => URL.revokeObjectURL(url))
  return image
}
