/** Where the customer writes. */
import { button, h, icon } from '../../h.ts'
import type { Say } from '../words/words.ts'
import { emojiPanel } from './emoji-panel.ts'
import { Staging } from './staging.ts'
import { ICONS } from './icons.ts'

const MAX_TEXT = 10_000
/** What the server takes: `MAX_UPLOAD_BYTES` of the contract. */
const MAX_FILE_BYTES = 20 * 1024 * 1024

export interface ComposerParts {
  sendText(text: string): void
  sendFile(file: File): void
  typing(on: boolean): void
  complain(text: string): void
  draft: { read(): string; write(text: string): void }
}

export class Composer {
  readonly element: HTMLElement
  readonly #say: Say
  readonly #parts: ComposerParts
  readonly #input: HTMLTextAreaElement
  readonly #send: HTMLButtonElement
  readonly #emojiButton: HTMLButtonElement
  readonly #emoji: HTMLElement
  readonly #over = h('p', { class: 'over', role: 'alert', hidden: true })
  readonly #staging: Staging

  constructor(say: Say, parts: ComposerParts) {
    this.#say = say
    this.#parts = parts
    const input = {
      class: 'input',
      rows: 1,
      enterkeyhint: 'send',
      'data-testid': 'chat-input',
      'aria-label': say('composer.label'),
      placeholder: say('composer.placeholder'),
    }
    this.#input = h('textarea', input)
    this.#input.value = parts.draft.read()
    this.#send = button(
      { class: 'send', 'data-testid': 'chat-send', 'aria-label': say('composer.send') },
      () => this.#submit(),
      icon(ICONS.send),
    )
    this.#emoji = emojiPanel(say, { pick: (emoji) => this.#insert(emoji), leave: () => this.#toggleEmoji(false) })
    this.#emojiButton = button(
      { class: 'tool', 'aria-label': say('composer.emoji'), 'aria-expanded': 'false' },
      () => this.#toggleEmoji(this.#emoji.hidden !== false),
      icon(ICONS.emoji),
    )
    this.#staging = new Staging(say, () => this.#changed())
    const line = h('div', { class: 'line' }, this.#attachButton(), this.#input, this.#emojiButton, this.#send)
    this.element = h('footer', { class: 'composer' }, this.#over, this.#staging.element, line, this.#emoji)
    this.#listen()
    this.#changed()
  }

  focus(): void {
    this.#input.focus({ preventScroll: true })
  }

  set placeholder(text: string) {
    this.#input.placeholder = text
  }

  /** Pasted and dropped files wait for the Send button: nobody sends a screenshot by accident. */
  stage(files: readonly File[]): void {
    this.#staging.add(files.filter((file) => this.#accepts(file)))
    this.focus()
  }

  /** A label around the file field: it opens by click, tap, Enter and script alike. */
  #attachButton(): HTMLElement {
    const field = h('input', { type: 'file', multiple: true, class: 'visually-hidden', 'aria-label': this.#say('composer.attach') })
    field.addEventListener('change', () => {
      for (const file of field.files ?? []) if (this.#accepts(file)) this.#parts.sendFile(file)
      field.value = ''
    })
    return h('label', { class: 'tool', 'data-testid': 'chat-attach', title: this.#say('composer.attach') }, field, icon(ICONS.attach))
  }

  #listen(): void {
    this.#input.addEventListener('input', () => this.#changed())
    this.#input.addEventListener('blur', () => this.#parts.typing(false))
    this.#input.addEventListener('focus', () => {
      // The keyboard and the panel have no room beside each other on a phone.
      if (matchMedia('(pointer: coarse)').matches) this.#toggleEmoji(false)
    })
    this.#input.addEventListener('paste', (event) => {
      const files = [...(event.clipboardData?.files ?? [])]
      if (files.length === 0) return
      event.preventDefault()
      this.stage(files)
    })
    this.#input.addEventListener('keydown', (event) => {
      // While an input method composes, Enter picks a word. Safari ends composing before this event and leaves nothing but the key code.
      // eslint-disable-next-line @typescript-eslint/no-deprecated -- 229 is the only sign of it: https://bugs.webkit.org/show_bug.cgi?id=165004
      const composing = event.isComposing || event.keyCode === 229
      if (event.key !== 'Enter' || event.shiftKey || composing) return
      event.preventDefault()
      this.#submit()
    })
  }

  #accepts(file: File): boolean {
    if (file.size > 0 && file.size <= MAX_FILE_BYTES) return true
    this.#parts.complain(this.#say(file.size === 0 ? 'error.empty' : 'error.too_large', { name: file.name }))
    return false
  }

  #submit(): void {
    const text = this.#input.value
    if (text.length > MAX_TEXT) return this.#input.focus()
    for (const file of this.#staging.take()) this.#parts.sendFile(file)
    if (text.trim() !== '') this.#parts.sendText(text.trim())
    this.#input.value = ''
    this.#changed()
    this.#parts.typing(false)
    // With the emoji panel open on a phone, the keyboard stays away.
    if (this.#emoji.hidden || !matchMedia('(pointer: coarse)').matches) this.focus()
  }

  #changed(): void {
    const text = this.#input.value
    this.#input.style.height = 'auto'
    if (this.#input.scrollHeight > 0) this.#input.style.height = `${this.#input.scrollHeight}px`
    const over = text.length - MAX_TEXT
    this.#over.hidden = over <= 0
    this.#over.textContent = over > 0 ? this.#say('composer.too_long', { max: MAX_TEXT, over }) : ''
    this.#send.disabled = (text.trim() === '' && this.#staging.empty) || over > 0
    this.#parts.draft.write(text)
    if (document.activeElement === this.#input) this.#parts.typing(text.trim() !== '')
  }

  #insert(emoji: string): void {
    this.#input.setRangeText(emoji, this.#input.selectionStart, this.#input.selectionEnd, 'end')
    this.#changed()
    this.#parts.typing(true)
  }

  #toggleEmoji(open: boolean): void {
    if (this.#emoji.hidden === !open) return
    this.#emoji.hidden = !open
    this.#emojiButton.setAttribute('aria-expanded', String(open))
    if (open) this.#emoji.querySelector<HTMLElement>('[tabindex="0"]')?.focus({ preventScroll: true })
    else if (document.activeElement !== this.#input) this.#emojiButton.focus()
  }
}
