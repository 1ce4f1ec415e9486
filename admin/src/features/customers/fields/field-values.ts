import type { FieldOptions, FieldValues, ListedEntry } from '#api/contract/dictionary.ts'

/** A custom field as a form draws it. `code` is its name in the values. */
export interface CustomField {
  code: string
  labelZh: string
  labelEn: string
  options: FieldOptions
  /** No longer offered, but this row still has a value. */
  retired: boolean
}
export type FieldProblem = 'missing' | 'number' | 'date'

const hasValue = (value: FieldValues[string] | undefined): boolean => value !== undefined && value !== null && value !== ''

/** Fields in their order: those in use, and retired ones where a value is left. */
export const customFields = (entries: readonly ListedEntry[], values: FieldValues): CustomField[] =>
  entries.flatMap(({ code, labelZh, labelEn, field, disabled }) =>
    field === null || (disabled && !hasValue(values[code])) ? [] : [{ code, labelZh, labelEn, options: field, retired: disabled }],
  )

const DATE = /^\d{4}-\d{2}-\d{2}$/

export const problemOf = ({ options, retired }: CustomField, value: FieldValues[string] | undefined): FieldProblem | null => {
  if (retired) return null
  if (!hasValue(value)) return options.required ? 'missing' : null
  if (options.type === 'number') return typeof value === 'number' && Number.isFinite(value) ? null : 'number'
  if (options.type === 'date') return typeof value === 'string' && DATE.test(value) ? null : 'date'
  return null
}

export const problemsOf = (fields: readonly CustomField[], values: FieldValues): Record<string, FieldProblem> =>
  Object.fromEntries(
    fields.flatMap((field) => {
      const problem = problemOf(field, values[field.code])
      return problem === null ? [] : [[field.code, problem]]
    }),
  )

/** What is sent: the values of fields in use; an emptied one as null. Retired fields keep what they have. */
export const valuesToSend = (fields: readonly CustomField[], values: FieldValues): FieldValues =>
  Object.fromEntries(
    fields.filter(({ retired }) => !retired).map(({ code }) => [code, hasValue(values[code]) ? (values[code] ?? null) : null]),
  )
