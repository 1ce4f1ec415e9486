/** The form by which a customer opens a ticket himself. */
import { button, h } from '../h.ts'
import { field } from '../people/field.ts'
import { filePicker } from './file-picker.ts'
import { newKey, problemLine, type TicketContext, wordFailure } from './parts.ts'
import type { CustomerTicket, CustomerTicketPage } from './wire.ts'

interface CreateParts extends TicketContext {
  types: NonNullable<CustomerTicketPage['form']>['types']
  made(ticket: CustomerTicket): void
  cancel(): void
}

function typeChoice({ say, types, locale }: CreateParts): { element: HTMLElement | null; value(): string | null } {
  if (types.length < 2) return { element: null, value: () => types[0]?.id ?? null }
  const select = h('select', { id: 'ticket-type', class: 'control', 'data-testid': 'ticket-type' })
  select.append(...types.map((type) => h('option', { value: type.id }, locale === 'en' ? type.nameEn : type.nameZh)))
  const element = h('div', { class: 'field' }, h('label', { for: 'ticket-type' }, say('form_type')), select)
  return { element, value: () => select.value }
}

export function createForm(parts: CreateParts): HTMLElement {
  const { say, source } = parts
  const type = typeChoice(parts)
  const title = field(say('form_title'), { maxlength: 120, required: true, 'data-testid': 'ticket-title' })
  const text = h('textarea', {
    id: 'ticket-text',
    class: 'control',
    rows: 5,
    maxlength: 5000,
    required: true,
    'data-testid': 'ticket-text',
  })
  const problem = problemLine()
  const picker = filePicker(parts, problem.show)
  const submit = h('button', { type: 'submit', class: 'primary', 'data-testid': 'ticket-send' }, say('form_send'))
  const clientKey = newKey()
  const send = async () => {
    submit.disabled = true
    const typeId = type.value()
    const written = { clientKey, title: title.value(), text: text.value.trim(), attachmentIds: picker.ids() }
    try {
      parts.made(await source.create({ ...written, ...(typeId === null ? {} : { typeId }) }))
    } catch (error) {
      problem.show(wordFailure(say, error))
    } finally {
      submit.disabled = false
    }
  }
  const form = h(
    'form',
    { class: 'ticket-form', novalidate: true, 'data-testid': 'ticket-create' },
    h('p', { class: 'note' }, say('form_lead')),
    type.element,
    title.element,
    h('div', { class: 'field' }, h('label', { for: 'ticket-text' }, say('form_text')), text),
    picker.element,
    problem.element,
    h('div', { class: 'ticket-actions' }, submit, button({ class: 'secondary' }, parts.cancel, say('cancel'))),
  )
  form.addEventListener('submit', (event) => {
    event.preventDefault()
    problem.clear()
    if (title.value() === '') return problem.show(say('missing_title'))
    if (text.value.trim() === '') return problem.show(say('missing_text'))
    if (picker.busy()) return problem.show(say('uploading', { name: '' }))
    void send()
  })
  return form
}
