/** Question, name, address. What is half written stays when the sending fails. */
import { button, h } from '../h.ts'
import { field } from '../people/field.ts'
import type { ContactForm } from './api.ts'
import { refusalFor, type StartSay } from './words.ts'

interface ContactFormParts {
  say: StartSay
  send(form: ContactForm): Promise<unknown>
  sent(): void
  cancel?: () => void
}

const newKey = (): string => Array.from(crypto.getRandomValues(new Uint8Array(12)), (byte) => byte.toString(16).padStart(2, '0')).join('')

export function contactForm({ say, send, sent, cancel }: ContactFormParts): HTMLFormElement {
  const text = h('textarea', {
    id: 'contact-text',
    class: 'control',
    rows: 3,
    maxlength: 2000,
    required: true,
    'data-testid': 'contact-text',
  })
  const name = field(say('name'), { maxlength: 60, autocomplete: 'name', 'data-testid': 'contact-name' })
  const contact = field(say('contact'), { maxlength: 120, autocomplete: 'tel', 'data-testid': 'contact-contact' }, say('contact_hint'))
  const problem = h('p', { class: 'start-problem', role: 'alert', hidden: true })
  const submit = h('button', { type: 'submit', class: 'primary', 'data-testid': 'contact-send' }, say('send'))
  const complain = (words: string) => {
    problem.textContent = words
    problem.hidden = false
  }
  // The same for every try: the answer may have been lost, not the form.
  const clientKey = newKey()
  const form = h(
    'form',
    { class: 'contact-form', novalidate: true, 'data-testid': 'contact-form' },
    h('div', { class: 'field' }, h('label', { for: 'contact-text' }, say('text')), text),
    name.element,
    contact.element,
    problem,
    h('div', { class: 'start-actions' }, submit, cancel ? button({ class: 'quiet' }, cancel, say('cancel')) : null),
  )
  form.addEventListener('submit', (event) => {
    event.preventDefault()
    if (text.value.trim() === '') {
      complain(say('missing'))
      return text.focus()
    }
    problem.hidden = true
    submit.disabled = true
    submit.textContent = say('sending')
    send({ clientKey, text: text.value.trim(), name: name.value(), contact: contact.value() })
      .then(sent, (error: unknown) => complain(say(refusalFor(error))))
      .finally(() => {
        submit.disabled = false
        submit.textContent = say('send')
      })
  })
  return form
}
