import type { FormField, FormValues } from '#api/contract/ticket-type.ts'
import type { TicketStatus } from '#api/contract/ticket-status.ts'

export type FormValue = FormValues[string]
export type FieldProblem = 'missing' | 'number' | 'date'

/** What counts as filled in; a switch that is off is an answer. */
export const isFilled = (value: FormValue | undefined): boolean =>
  value !== undefined && value !== null && value !== '' && !(Array.isArray(value) && value.length === 0)

const DATE = /^\d{4}-\d{2}-\d{2}$/
export const isRequired = (field: FormField, status: TicketStatus | null): boolean => status !== null && field.requiredIn.includes(status)

/** @param status the state that is to be entered; null: nothing is required */
export const problemOf = (field: FormField, value: FormValue | undefined, status: TicketStatus | null): FieldProblem | null => {
  if (!isFilled(value)) return isRequired(field, status) ? 'missing' : null
  if (field.type === 'number') return typeof value === 'number' && Number.isFinite(value) ? null : 'number'
  if (field.type === 'date') return typeof value === 'string' && DATE.test(value) ? null : 'date'
  return null
}
export const problemsOf = (fields: readonly FormField[], values: FormValues, status: TicketStatus | null): Record<string, FieldProblem> =>
  Object.fromEntries(
    fields.flatMap((field) => {
      const problem = problemOf(field, values[field.key], status)
      return problem === null ? [] : [[field.key, problem]]
    }),
  )

/** What is sent with a new ticket: filled fields of this form alone, so that a change of type leaves nothing foreign behind. */
export const filledValues = (fields: readonly FormField[], values: FormValues): FormValues =>
  Object.fromEntries(
    fields.flatMap(({ key }) => {
      const value = values[key]
      return value === undefined || !isFilled(value) ? [] : [[key, value]]
    }),
  )
/** What is sent with a change: only what differs; an emptied one as null. */
export const changedValues = (fields: readonly FormField[], before: FormValues, now: FormValues): FormValues =>
  Object.fromEntries(
    fields.flatMap(({ key }) => {
      const value = isFilled(now[key]) ? (now[key] ?? null) : null
      return JSON.stringify(value) === JSON.stringify(before[key] ?? null) ? [] : [[key, value]]
    }),
  )
