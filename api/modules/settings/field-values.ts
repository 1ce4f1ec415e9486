import type { FieldOptions, FieldValues } from '../../contract/dictionary.ts'

export type FieldFault = 'unknown' | 'required' | 'not_text' | 'not_a_number' | 'not_a_date' | 'not_a_choice' | 'not_yes_or_no'

type Value = FieldValues[string]

/** What each type of field takes, and what is said of a value that does not fit. */
const TYPES: Record<FieldOptions['type'], { fault: FieldFault; takes(value: Value, choices: FieldOptions['choices']): boolean }> = {
  text: { fault: 'not_text', takes: (value) => typeof value === 'string' && !value.includes('\0') && value.isWellFormed() },
  number: { fault: 'not_a_number', takes: (value) => typeof value === 'number' && Math.abs(value) <= Number.MAX_SAFE_INTEGER },
  date: { fault: 'not_a_date', takes: isDay },
  select: { fault: 'not_a_choice', takes: (value, choices) => choices.some((choice) => choice.value === value) },
  boolean: { fault: 'not_yes_or_no', takes: (value) => typeof value === 'boolean' },
}

/** Why a value does not fit its field; null when it does. Null and '' mean "no value" and fit where none is required. */
export function fieldFault({ type, required, choices }: FieldOptions, value: Value): FieldFault | null {
  if (value === null || value === '') return required ? 'required' : null
  return TYPES[type].takes(value, choices) ? null : TYPES[type].fault
}

/** A day that exists: 2026-02-30 does not. */
function isDay(value: unknown): boolean {
  if (typeof value !== 'string' || !/^\d{4}-\d{2}-\d{2}$/.test(value)) return false
  const day = new Date(`${value}T00:00:00Z`)
  return !Number.isNaN(day.getTime()) && day.toISOString().startsWith(value)
}
