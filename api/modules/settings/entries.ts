/** What other modules ask about dictionaries. */
import { type Dictionary, type FieldDictionary, fieldOptionsSchema, type FieldValues } from '../../contract/dictionary.ts'
import type { Ctx } from '../../core/context.ts'
import { Invalid } from '../../core/errors.ts'
import { fieldFault } from './field-values.ts'
import { DictionaryEntryRow } from './model.ts'

/** The entries that may be chosen, in their order. At most 1000 a list (checked when one is added). */
export async function entriesOf(ctx: Ctx, dictionary: Dictionary): Promise<DictionaryEntryRow[]> {
  return DictionaryEntryRow.query(ctx.trx).where({ dictionary }).whereNull('disabled_at').orderBy(['position', 'id'])
}

/**
 * The entry that is about to be referred to. Locked against being disabled meanwhile when called in a transaction.
 * @param keep the value the row has already: it may stay although the entry is disabled by now
 * @throws Invalid `entry_unknown` also for an entry of another dictionary, `entry_disabled`
 */
export async function checkEntry(ctx: Ctx, dictionary: Dictionary, id: string, keep: string | null = null): Promise<DictionaryEntryRow> {
  const [entry] = await checkEntries(ctx, dictionary, [id], keep === null ? [] : [keep])
  if (!entry) throw new Invalid('entry_unknown', 'no such entry', { dictionary, id })
  return entry
}

/** The same for several, in one statement. @returns in the order of `ids` */
export async function checkEntries(
  ctx: Ctx,
  dictionary: Dictionary,
  ids: readonly string[],
  keep: readonly string[] = [],
): Promise<DictionaryEntryRow[]> {
  if (ids.length === 0) return []
  const rows = await DictionaryEntryRow.query(ctx.trx)
    .where({ dictionary })
    .whereIn('id', [...ids])
    .forShare()
  const byId = new Map(rows.map((row) => [row.id, row]))
  return ids.map((id) => {
    const row = byId.get(id)
    if (!row) throw new Invalid('entry_unknown', 'no such entry', { dictionary, id })
    if (row.disabled_at && !keep.includes(id))
      throw new Invalid('entry_disabled', 'this entry is disabled', { dictionary, id, code: row.code })
    return row
  })
}

/**
 * Values of custom fields by code, checked and ready to store. Null removes a value.
 * @param stored what the row has: values of fields that are disabled by now stay as they are, and required ones are asked for only once
 * @throws Invalid `field_invalid` with `{ field, reason }`
 */
export async function checkFields(
  ctx: Ctx,
  dictionary: FieldDictionary,
  fields: FieldValues,
  stored: FieldValues = {},
): Promise<FieldValues> {
  const definitions = new Map((await entriesOf(ctx, dictionary)).map((entry) => [entry.code, fieldOptionsSchema.parse(entry.options)]))
  for (const [field, value] of Object.entries(fields)) {
    const definition = definitions.get(field)
    const reason = definition ? fieldFault(definition, value) : 'unknown'
    if (reason !== null) throw new Invalid('field_invalid', 'a custom field does not fit its definition', { field, reason })
  }
  const merged = Object.fromEntries(Object.entries({ ...stored, ...fields }).filter(([, value]) => value !== null && value !== ''))
  for (const [field, { required }] of definitions) {
    if (required && merged[field] === undefined)
      throw new Invalid('field_invalid', 'a custom field is missing', { field, reason: 'required' })
  }
  return merged
}
