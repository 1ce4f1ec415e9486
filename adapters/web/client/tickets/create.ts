/** The form by which a customer opens a ticket himself. */
import { button, h } from '../h.ts'
import { field } from '../people/field.ts'
import { filePicker } from './file-picker.ts'
import { newKey, problemLine, type TicketContext, wordFailure } from './parts.ts'
import { type TypeFields, typeFields } from './type-fields.ts'
import type { CustomerTicket, CustomerTicketPage } from './wire.ts'

interface CreateParts extends TicketContext {
  types: NonNullable<CustomerTicketPage['form']>['types']
  made(ticket: CustomerTicket): void
  cancel(): void
}

/** The kind of problem, where there are several, and below it what that kind asks for. What was filled in for another is kept. */
function typeChoice(parts: CreateParts): {
  choice: HTMLElement | null
  fields: HTMLElement
  value(): string | null
  form(): TypeFields
} {
  const { say, types, locale } = parts
  const forms = new Map<string | null, TypeFields>()
  const place = h('div')
  const select = h('select', { id: 'ticket-type', class: 'control', 'data-testid': 'ticket-type' })
  select.append(...types.map((type) => h('option', { value: type.id }, locale === 'en' ? type.nameEn : type.nameZh)))
  const value = () => (types.length < 2 ? (types[0]?.id ?? null) : select.value)
  const form = () => {
    const known = forms.get(value()) ?? typeFields(parts, types.find(({ id }) => id === value())?.fields ?? [])
    forms.set(value(), known)
    return known
  }
  const show = () => place.replaceChildren(...form().elements)
  select.addEventListener('change', show)
  show()
  const choice = h('div', { class: 'field' }, h('label', { for: 'ticket-type' }, say('form_type')), select)
  return { choice: types.length < 2 ? null : choice, fields: place, value, form }
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
    const written = { clientKey, title: title.value(), text: text.value.trim(), fields: type.form().values(), attachmentIds: picker.ids() }
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
    type.choice,
    title.element,
    h('div', { class: 'field' }, h('label', { for: 'ticket-text' }, say('form_text')), text),
    type.fields,
    picker.element,
    problem.element,
    h('div', { class: 'ticket-actions' }, submit, button({ class: 'secondary' }, parts.cancel, say('cancel'))),
  )
  form.addEventListener('submit', (event) => {
    event.preventDefault()
    problem.clear()
    if (title.value() === '') return problem.show(say('missing_title'))
    if (text.value.trim() === '') return problem.show(say('missing_text'))
    const wrong = type.form().problem()
    if (wrong !== null) return problem.show(wrong)
    if (picker.busy()) return problem.show(say('uploading', { name: '' }))
    void send()
  })
  return form
}
