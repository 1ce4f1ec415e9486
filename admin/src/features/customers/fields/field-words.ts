import type { FieldValues } from '#api/contract/dictionary.ts'
import { labelIn } from '../../../shared/label-in.ts'
import type { CustomField } from './field-values.ts'

/** A value as it is read; empty for none. */
export const fieldWords = (
  { options }: Pick<CustomField, 'options'>,
  value: FieldValues[string] | undefined,
  { locale, yes, no }: { locale: string; yes: string; no: string },
): string => {
  if (value === undefined || value === null || value === '') return ''
  if (options.type === 'boolean') return value === true ? yes : no
  if (options.type !== 'select') return String(value)
  const choice = options.choices.find((known) => known.value === value)
  return choice === undefined ? String(value) : labelIn(choice, locale)
}
