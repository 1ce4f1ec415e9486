import type { z } from 'zod'
import { type Dictionary, type dictionaryEntryPatch, type FieldOptions, fieldOptionsSchema } from '../../contract/dictionary.ts'
import type { Ctx } from '../../core/context.ts'
import { Conflict, Invalid } from '../../core/errors.ts'
import { changesOf, record } from '../audit/index.ts'
import { checkField } from './create-entry.ts'
import { entryFor, factsOf, aboutEntry } from './dictionary-for.ts'
import type { DictionaryEntryRow } from './model.ts'

/**
 * Renames, colours, disables or enables an entry. Rows that refer to it keep it; it can no longer be chosen while disabled.
 * @throws Conflict `version_conflict`, `entry_built_in` when a fixed one would be disabled; Invalid `invalid_request` when a field would change its type
 */
export async function updateEntry(
  ctx: Ctx,
  dictionary: Dictionary,
  id: string,
  patch: z.infer<typeof dictionaryEntryPatch>,
): Promise<DictionaryEntryRow> {
  const entry = await entryFor(ctx, dictionary, id, patch.version)
  if (patch.disabled && entry.built_in) throw new Conflict('entry_built_in', 'a built-in entry stays', { code: entry.code })
  if (patch.field) checkSameType(entry, checkField(dictionary, patch.field))
  const before = factsOf(entry)
  const changed = await entry.$query(ctx.trx).patchAndFetch({
    ...(patch.labelZh === undefined ? {} : { label_zh: patch.labelZh }),
    ...(patch.labelEn === undefined ? {} : { label_en: patch.labelEn }),
    ...(patch.color === undefined ? {} : { color: patch.color }),
    ...(patch.field === undefined ? {} : { options: patch.field }),
    ...(patch.disabled === undefined ? {} : { disabled_at: patch.disabled ? (entry.disabled_at ?? ctx.now) : null }),
    version: entry.version + 1,
    updated_at: ctx.now,
  })
  const changes = changesOf(before, factsOf(changed))
  if (changes) await record(ctx, { action: 'dictionary.entry_changed', ...aboutEntry(changed), ...changes })
  return changed
}

/** Values are stored already: another type, or a choice taken away, would make them wrong. */
function checkSameType(entry: DictionaryEntryRow, field: FieldOptions | undefined): void {
  const stored = fieldOptionsSchema.parse(entry.options)
  if (field?.type !== stored.type) throw new Invalid('invalid_request', 'the type of a custom field stays', { parameter: 'field.type' })
  const lost = stored.choices.find(({ value }) => !field.choices.some((choice) => choice.value === value))
  if (lost)
    throw new Invalid('invalid_request', 'choices may be added and renamed, not removed', { parameter: 'field.choices', value: lost.value })
}
