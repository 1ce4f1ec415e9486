import type { Dictionary } from '../../contract/dictionary.ts'
import type { Ctx } from '../../core/context.ts'
import { Conflict, NotFound } from '../../core/errors.ts'
import { DictionaryEntryRow } from './model.ts'

/** Changes of one list's order and make-up take turns; reading it does not wait. */
export const lockDictionary = (ctx: Ctx, dictionary: Dictionary): Promise<unknown> =>
  Promise.resolve(ctx.trx.raw(`select pg_advisory_xact_lock(hashtextextended(?, 0))`, [`lianke.dictionary:${dictionary}`]))

/**
 * The entry to be changed, locked.
 * @throws NotFound; Conflict `version_conflict`
 */
export async function entryFor(ctx: Ctx, dictionary: Dictionary, id: string, version: number): Promise<DictionaryEntryRow> {
  const entry = await DictionaryEntryRow.query(ctx.trx).findOne({ dictionary, id }).forUpdate()
  if (!entry) throw new NotFound('dictionary entry')
  if (entry.version !== version) throw new Conflict('version_conflict', 'somebody else changed this entry', { version: entry.version })
  return entry
}

/** As the trail shows it. */
export const factsOf = (entry: DictionaryEntryRow) => ({
  labelZh: entry.label_zh,
  labelEn: entry.label_en,
  color: entry.color,
  disabled: entry.disabled_at !== null,
  ...(Object.keys(entry.options).length > 0 ? { field: entry.options } : {}),
})

/** What a line is about, whatever was done to it. */
export const aboutEntry = ({ id, dictionary, code, label_zh: label }: DictionaryEntryRow) => ({
  object: { kind: 'dictionary_entry', id, label },
  context: { dictionary, code },
})
