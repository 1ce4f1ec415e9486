/** What a type asks for beside title and words: its form, as the customer fills it in. */
import type { Locale } from '../chat/words/words.ts'
import { h } from '../h.ts'
import { field } from '../people/field.ts'
import type { CustomerFormField } from './wire.ts'
import type { TicketSay } from './words.ts'

export type FieldValue = string | number | boolean | string[]

export interface TypeFields {
  elements: HTMLElement[]
  /** By key; what is empty is left out. */
  values(): Record<string, FieldValue>
  /** In his words: the first that is missing or does not fit; its control has the focus then. Null: all is well. */
  problem(): string | null
}

interface Drawn {
  element: HTMLElement
  focus(): void
  /** Undefined: empty; null: what is typed does not fit. */
  value(): FieldValue | null | undefined
}

interface Parts {
  say: TicketSay
  locale: Locale
}

let made = 0

export function typeFields(parts: Parts, fields: readonly CustomerFormField[]): TypeFields {
  const drawn = fields.map((asked) => ({ asked, ...draw(parts, asked) }))
  return {
    elements: drawn.map(({ element }) => element),
    values: () =>
      Object.fromEntries(
        drawn.flatMap(({ asked, value }) => {
          const given = value()
          return given === undefined || given === null ? [] : [[asked.key, given]]
        }),
      ),
    problem() {
      const wrong = drawn.find(({ asked, value }) => value() === null || (asked.required && value() === undefined))
      if (wrong === undefined) return null
      wrong.focus()
      return parts.say(wrong.value() === null ? 'field_wrong' : 'field_missing', { field: labelOf(parts, wrong.asked) })
    },
  }
}

const labelOf = ({ locale }: Parts, { labelZh, labelEn }: { labelZh: string; labelEn: string }): string =>
  locale === 'en' ? labelEn : labelZh
/** Where one language is missing the other is better than none. */
const hintOf = ({ locale }: Parts, { hintZh, hintEn }: CustomerFormField): string => (locale === 'en' ? hintEn || hintZh : hintZh || hintEn)
/** Most are; so the others are marked. */
const titleOf = (parts: Parts, asked: CustomerFormField): string =>
  asked.required ? labelOf(parts, asked) : parts.say('field_optional', { field: labelOf(parts, asked) })
const testid = ({ key }: CustomerFormField): string => `ticket-field-${key}`

function draw(parts: Parts, asked: CustomerFormField): Drawn {
  switch (asked.type) {
    case 'select':
    case 'boolean':
      return oneOf(parts, asked)
    case 'multi_select':
      return severalOf(parts, asked)
    case 'paragraph':
      return paragraph(parts, asked)
    default:
      return line(parts, asked)
  }
}

function line(parts: Parts, asked: CustomerFormField): Drawn {
  const kinds = { number: { inputmode: 'decimal', maxlength: 20 }, date: { type: 'date' }, text: { maxlength: 500 } } as const
  const kind = asked.type === 'number' || asked.type === 'date' ? kinds[asked.type] : kinds.text
  const { element, input, value } = field(titleOf(parts, asked), { ...kind, 'data-testid': testid(asked) }, hintOf(parts, asked))
  return {
    element,
    focus: () => input.focus(),
    value() {
      // A date that is half typed has no value, and is not empty.
      if (input.validity.badInput) return null
      if (value() === '') return undefined
      if (asked.type !== 'number') return value()
      const number = Number(value())
      return Number.isFinite(number) ? number : null
    },
  }
}

/** A label above its control, which the hint is read out with. */
function labelled(parts: Parts, asked: CustomerFormField, control: HTMLTextAreaElement | HTMLSelectElement): HTMLElement {
  control.id = `type-field-${++made}`
  const words = hintOf(parts, asked)
  const hint = words === '' ? null : h('small', { id: `${control.id}-hint` }, words)
  if (hint) control.setAttribute('aria-describedby', hint.id)
  return h('div', { class: 'field' }, h('label', { for: control.id }, titleOf(parts, asked)), control, hint)
}

function paragraph(parts: Parts, asked: CustomerFormField): Drawn {
  const control = h('textarea', { class: 'control', rows: 3, maxlength: 5000, 'data-testid': testid(asked) })
  const value = () => control.value.trim() || undefined
  return { element: labelled(parts, asked, control), focus: () => control.focus(), value }
}

function oneOf(parts: Parts, asked: CustomerFormField): Drawn {
  const control = h('select', { class: 'control', 'data-testid': testid(asked) })
  const yesOrNo = [
    { value: 'yes', label: parts.say('yes') },
    { value: 'no', label: parts.say('no') },
  ]
  const choices =
    asked.type === 'boolean' ? yesOrNo : asked.choices.map((choice) => ({ value: choice.value, label: labelOf(parts, choice) }))
  control.append(h('option', { value: '' }, parts.say('choose')), ...choices.map(({ value, label }) => h('option', { value }, label)))
  return {
    element: labelled(parts, asked, control),
    focus: () => control.focus(),
    value: () => (control.value === '' ? undefined : asked.type === 'boolean' ? control.value === 'yes' : control.value),
  }
}

function severalOf(parts: Parts, asked: CustomerFormField): Drawn {
  const hint = hintOf(parts, asked)
  const boxes = asked.choices.map((choice) => {
    const box = h('input', { type: 'checkbox', value: choice.value })
    return { box, row: h('label', { class: 'ticket-choice' }, box, labelOf(parts, choice)) }
  })
  const element = h(
    'fieldset',
    { class: 'field ticket-choices', 'data-testid': testid(asked) },
    h('legend', {}, titleOf(parts, asked)),
    ...boxes.map(({ row }) => row),
    hint === '' ? null : h('small', {}, hint),
  )
  return {
    element,
    focus: () => boxes[0]?.box.focus(),
    value() {
      const chosen = boxes.filter(({ box }) => box.checked).map(({ box }) => box.value)
      return chosen.length === 0 ? undefined : chosen
    },
  }
}
