import { h } from '../h.ts'

export interface Field {
  element: HTMLElement
  input: HTMLInputElement
  value(): string
}

let made = 0

/** A labelled input; the hint is read out with it. */
export function field(label: string, attributes: Readonly<Record<string, string | number | boolean>>, hint?: string): Field {
  const id = `field-${++made}`
  const input = h('input', { id, class: 'control', ...attributes, ...(hint ? { 'aria-describedby': `${id}-hint` } : {}) })
  const element = h('div', { class: 'field' }, h('label', { for: id }, label), input, hint ? h('small', { id: `${id}-hint` }, hint) : null)
  return { element, input, value: () => input.value.trim() }
}
