/** A type of tickets while it is edited, and what is wrong with it before the server is asked. Pure. */
import type { Dictionary } from '#api/contract/dictionary.ts'
import type { FormField, FormFieldType, TicketType } from '#api/contract/ticket-type.ts'
import type { TicketTypeBody } from '../../../../api/ticket-settings.ts'

/** `uid` names a row of the screen; a key may be changed while it is new. */
export type FieldForm = FormField & { uid: number; stored: boolean }
export interface TypeForm {
  nameZh: string
  nameEn: string
  description: string
  /** Empty: none. */
  color: string
  businessTypeId: string | null
  teamId: string | null
  priority: TicketType['priority']
  openToCustomers: boolean
  fields: FieldForm[]
}

export const FIELD_TYPES: readonly FormFieldType[] = [
  'text',
  'paragraph',
  'number',
  'date',
  'boolean',
  'select',
  'multi_select',
  'dictionary',
]
export const FIELD_DICTIONARIES: readonly Dictionary[] = [
  'business_type',
  'issue_type',
  'customer_level',
  'institution_type',
  'region',
  'job_title',
  'skill',
  'language',
  'rating_reason',
]
export const takesChoices = (type: FormFieldType): boolean => type === 'select' || type === 'multi_select'

let lastUid = 0
const nextUid = (): number => (lastUid += 1)

const blank = (): TypeForm => ({
  nameZh: '',
  nameEn: '',
  description: '',
  color: '',
  businessTypeId: null,
  teamId: null,
  priority: 'normal',
  openToCustomers: false,
  fields: [],
})
export const formOf = (type: TicketType | null): TypeForm => {
  if (type === null) return blank()
  const { nameZh, nameEn, description, priority, openToCustomers } = type
  return {
    ...{ nameZh, nameEn, description, priority, openToCustomers },
    color: type.color ?? '',
    businessTypeId: type.businessType?.id ?? null,
    teamId: type.team?.id ?? null,
    fields: type.fields.map((field) => ({ ...structuredClone(field), uid: nextUid(), stored: true })),
  }
}

const FIRST_KEY = 'field_1'
/** `field_7`: the first number that no field of this form has. */
export const freeKey = (fields: readonly Pick<FieldForm, 'key'>[]): string => {
  const taken = new Set(fields.map(({ key }) => key))
  const numbers = Array.from({ length: taken.size + 1 }, (_, index) => `field_${index + 1}`)
  return numbers.find((key) => !taken.has(key)) ?? FIRST_KEY
}

export const newField = (type: FormFieldType, fields: readonly FieldForm[]): FieldForm => ({
  key: freeKey(fields),
  labelZh: '',
  labelEn: '',
  type,
  requiredIn: [],
  choices: takesChoices(type) ? [{ value: 'option_1', labelZh: '', labelEn: '' }] : [],
  dictionary: type === 'dictionary' ? 'issue_type' : null,
  hintZh: '',
  hintEn: '',
  forCustomers: false,
  uid: nextUid(),
  stored: false,
})

export type FieldFault = 'label' | 'key' | 'key_taken' | 'choices' | 'choice_label' | 'choice_value' | 'choice_taken'
const KEY = /^[a-z][a-z0-9_]{0,39}$/
const VALUE = /^[a-z0-9][a-z0-9_]{0,39}$/

const choiceFault = ({ choices }: FieldForm): FieldFault | null => {
  if (choices.length === 0) return 'choices'
  if (choices.some(({ labelZh, labelEn }) => labelZh.trim() === '' || labelEn.trim() === '')) return 'choice_label'
  if (choices.some(({ value }) => !VALUE.test(value))) return 'choice_value'
  return new Set(choices.map(({ value }) => value)).size === choices.length ? null : 'choice_taken'
}

export const fieldFault = (field: FieldForm, fields: readonly FieldForm[]): FieldFault | null => {
  if (field.labelZh.trim() === '' || field.labelEn.trim() === '') return 'label'
  if (!KEY.test(field.key)) return 'key'
  if (fields.some((other) => other.uid !== field.uid && other.key === field.key)) return 'key_taken'
  return takesChoices(field.type) ? choiceFault(field) : null
}

export const faultsOf = ({ fields }: Pick<TypeForm, 'fields'>): Map<number, FieldFault> =>
  new Map(
    fields.flatMap((field) => {
      const fault = fieldFault(field, fields)
      return fault === null ? [] : [[field.uid, fault] as const]
    }),
  )

export const bodyOf = (form: TypeForm): TicketTypeBody => ({
  nameZh: form.nameZh.trim(),
  nameEn: form.nameEn.trim(),
  description: form.description.trim(),
  color: form.color === '' ? null : form.color,
  businessTypeId: form.businessTypeId,
  teamId: form.teamId,
  priority: form.priority,
  openToCustomers: form.openToCustomers,
  fields: form.fields.map(({ key, labelZh, labelEn, type, requiredIn, choices, dictionary, hintZh, hintEn, forCustomers }) => ({
    key,
    labelZh: labelZh.trim(),
    labelEn: labelEn.trim(),
    type,
    requiredIn,
    choices: takesChoices(type) ? choices : [],
    dictionary: type === 'dictionary' ? dictionary : null,
    hintZh: hintZh.trim(),
    hintEn: hintEn.trim(),
    forCustomers,
  })),
})

/** Whether anything would be stored. */
export const isChanged = (form: TypeForm, type: TicketType | null): boolean =>
  JSON.stringify(bodyOf(form)) !== JSON.stringify(bodyOf(formOf(type)))

export const moved = <T>(rows: readonly T[], index: number, by: -1 | 1): T[] => {
  const next = [...rows]
  const [one] = next.splice(index, 1)
  if (one !== undefined) next.splice(index + by, 0, one)
  return next
}
