/** A few lines and a button: adding, saying what is missing, reopening. What is half written stays when the sending fails. */
import { button, h } from '../h.ts'
import { filePicker } from './file-picker.ts'
import { newKey, problemLine, type TicketContext, wordFailure } from './parts.ts'

export interface Written {
  clientKey: string
  text: string
  attachmentIds: string[]
}

interface WriteForm {
  label: string
  hint?: string
  submit: string
  testid: string
  maxlength: number
  /** With files. */
  files: boolean
  send(written: Written): Promise<unknown>
  cancel?: () => void
}

let made = 0

export function writeForm(
  context: TicketContext,
  { label, hint, submit, testid, maxlength, files, send, cancel }: WriteForm,
): HTMLFormElement {
  const { say } = context
  const id = `ticket-text-${++made}`
  const text = h('textarea', { id, class: 'control', rows: 3, maxlength, placeholder: hint ?? '', 'data-testid': `${testid}-text` })
  const problem = problemLine()
  const picker = files ? filePicker(context, problem.show) : null
  const submitButton = h('button', { type: 'submit', class: 'primary', 'data-testid': `${testid}-send` }, submit)
  let clientKey = newKey()
  const form = h(
    'form',
    { class: 'ticket-form', novalidate: true, 'data-testid': testid },
    h('div', { class: 'field' }, h('label', { for: id }, label), text),
    picker?.element,
    problem.element,
    h('div', { class: 'ticket-actions' }, submitButton, cancel ? button({ class: 'secondary' }, cancel, say('cancel')) : null),
  )
  const begin = async () => {
    submitButton.disabled = true
    submitButton.textContent = say('sending')
    try {
      await send({ clientKey, text: text.value.trim(), attachmentIds: picker?.ids() ?? [] })
      clientKey = newKey()
      text.value = ''
      picker?.clear()
    } catch (error) {
      problem.show(wordFailure(say, error))
    } finally {
      submitButton.disabled = false
      submitButton.textContent = submit
    }
  }
  form.addEventListener('submit', (event) => {
    event.preventDefault()
    problem.clear()
    if (picker?.busy()) return problem.show(say('uploading', { name: '' }))
    if (text.value.trim() !== '') return void begin()
    problem.show(say('missing_text'))
    text.focus()
  })
  return form
}
