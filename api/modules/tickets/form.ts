/** Values of a type's form: checked against its fields, which may be over dictionaries. */
import type { FormField, FormValues } from '../../contract/ticket-type.ts'
import type { TicketStatus } from '../../contract/ticket-status.ts'
import type { Ctx } from '../../core/context.ts'
import { Invalid } from '../../core/errors.ts'
import { checkEntries, fieldFault } from '../settings/index.ts'

type Value = FormValues[string]
export type FormFault =
  'unknown' | 'not_text' | 'not_a_number' | 'not_a_date' | 'not_a_choice' | 'not_yes_or_no' | 'too_long' | 'required' | 'not_an_entry'

const isEmpty = (value: Value | undefined): boolean =>
  value === undefined || value === null || value === '' || (Array.isArray(value) && value.length === 0)

const MAX_LINE = 500
const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i

/** Pure: why a value does not fit its field; null when it does. Entries of dictionaries are looked up by the caller. */
export function formFault(field: FormField, value: Value): FormFault | null {
  if (isEmpty(value)) return null
  switch (field.type) {
    case 'paragraph':
      return typeof value === 'string' ? null : 'not_text'
    case 'multi_select':
      return Array.isArray(value) && value.every((one) => field.choices.some((choice) => choice.value === one)) ? null : 'not_a_choice'
    case 'dictionary':
      return typeof value === 'string' && UUID.test(value) ? null : 'not_an_entry'
    default: {
      if (Array.isArray(value)) return 'not_text'
      if (field.type === 'text' && typeof value === 'string' && value.length > MAX_LINE) return 'too_long'
      return fieldFault({ type: field.type, required: false, choices: field.choices }, value)
    }
  }
}

/**
 * What was typed into the form, joined with what the ticket has: checked, empty values gone. What the ticket has of fields that the type no longer knows stays.
 * @throws Invalid `field_invalid` with `{ field, reason }`; `entry_unknown`, `entry_disabled`
 */
export async function checkForm(
  ctx: Ctx,
  fields: readonly FormField[],
  { typed, stored = {} }: { typed: FormValues; stored?: FormValues },
): Promise<FormValues> {
  const byKey = new Map(fields.map((field) => [field.key, field]))
  for (const [key, value] of Object.entries(typed)) {
    const field = byKey.get(key)
    const reason = field ? formFault(field, value) : 'unknown'
    if (reason !== null) throw new Invalid('field_invalid', 'a field of the form does not fit', { field: key, reason })
  }
  await checkDictionaries(ctx, byKey, { typed, stored })
  return Object.fromEntries(Object.entries({ ...stored, ...typed }).filter(([, value]) => !isEmpty(value)))
}

/** One statement for each dictionary that the form names, of which there are few. */
async function checkDictionaries(
  ctx: Ctx,
  byKey: ReadonlyMap<string, FormField>,
  { typed, stored }: { typed: FormValues; stored: FormValues },
): Promise<void> {
  const chosen = Object.entries(typed).flatMap(([key, value]) => {
    const dictionary = byKey.get(key)?.dictionary
    return dictionary && typeof value === 'string' && value !== '' ? [{ dictionary, id: value, kept: stored[key] === value }] : []
  })
  for (const dictionary of new Set(chosen.map((one) => one.dictionary))) {
    const of = chosen.filter((one) => one.dictionary === dictionary)
    await checkEntries(
      ctx,
      dictionary,
      of.map(({ id }) => id),
      of.filter(({ kept }) => kept).map(({ id }) => id),
    )
  }
}

/** Keys of the fields without which this state is not entered, and which are empty. */
export const missingFor = (fields: readonly FormField[], values: FormValues, status: TicketStatus): string[] =>
  fields.filter((field) => field.requiredIn.includes(status) && isEmpty(values[field.key])).map(({ key }) => key)

/** @throws Invalid `ticket_fields_missing` with the fields, in both languages, and the state */
export function refuseMissing(fields: readonly FormField[], values: FormValues, status: TicketStatus): void {
  const missing = missingFor(fields, values, status)
  if (missing.length === 0) return
  throw new Invalid('ticket_fields_missing', 'this state asks for fields that are empty', {
    to: status,
    fields: fields.filter(({ key }) => missing.includes(key)).map(({ key, labelZh, labelEn }) => ({ key, labelZh, labelEn })),
  })
}
