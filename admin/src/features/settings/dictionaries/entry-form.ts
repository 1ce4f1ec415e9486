import { type Dictionary, type FieldOptions, type ListedEntry } from '#api/contract/dictionary.ts'
import type { EntryCreate, EntryPatch } from '../../../api/settings.ts'

export interface EntryForm {
  labelZh: string
  labelEn: string
  code: string
  color: string | null
  parentId: string | null
  type: FieldOptions['type']
  required: boolean
  choices: { value: string; labelZh: string; labelEn: string }[]
}
export type EntryProblem = 'required' | 'codeInvalid' | 'choicesMissing'
export type EntryProblems = Partial<Record<'labelZh' | 'labelEn' | 'code' | 'parentId' | 'choices', EntryProblem>>

const CODE = /^[a-z0-9][a-z0-9_]{0,39}$/
export const isFieldList = (dictionary: Dictionary): boolean => dictionary === 'customer_field' || dictionary === 'institution_field'

const BLANK = { labelZh: '', labelEn: '', code: '', color: null, field: null }
const NO_FIELD: FieldOptions = { type: 'text', required: false, choices: [] }

export const formOf = (entry: ListedEntry | null, parentId: string | null): EntryForm => {
  const { labelZh, labelEn, code, color, field } = entry ?? BLANK
  const { type, required, choices } = field ?? NO_FIELD
  return {
    labelZh,
    labelEn,
    code,
    color,
    parentId: entry?.parentId ?? parentId,
    type,
    required,
    choices: choices.map((choice) => ({ ...choice })),
  }
}

const choicesFit = ({ type, choices }: EntryForm): boolean => {
  if (type !== 'select') return true
  const complete = choices.every(({ value, labelZh, labelEn }) => CODE.test(value) && labelZh.trim() !== '' && labelEn.trim() !== '')
  return choices.length > 0 && complete && new Set(choices.map(({ value }) => value)).size === choices.length
}

export const problemsOf = (form: EntryForm, dictionary: Dictionary): EntryProblems => ({
  ...(form.labelZh.trim() === '' ? { labelZh: 'required' as const } : {}),
  ...(form.labelEn.trim() === '' ? { labelEn: 'required' as const } : {}),
  ...(CODE.test(form.code) ? {} : { code: form.code === '' ? ('required' as const) : ('codeInvalid' as const) }),
  ...(dictionary === 'issue_type' && form.parentId === null ? { parentId: 'required' as const } : {}),
  ...(isFieldList(dictionary) && !choicesFit(form) ? { choices: 'choicesMissing' as const } : {}),
})

const changeable = (form: EntryForm, dictionary: Dictionary): Omit<EntryPatch, 'version'> => ({
  labelZh: form.labelZh.trim(),
  labelEn: form.labelEn.trim(),
  color: form.color,
  ...(isFieldList(dictionary)
    ? { field: { type: form.type, required: form.required, choices: form.type === 'select' ? form.choices : [] } }
    : {}),
})

export const patchOf = changeable
export const createOf = (form: EntryForm, dictionary: Dictionary): EntryCreate => ({
  code: form.code,
  labelZh: form.labelZh.trim(),
  labelEn: form.labelEn.trim(),
  color: form.color,
  ...(form.parentId === null ? {} : { parentId: form.parentId }),
  ...changeable(form, dictionary),
})
