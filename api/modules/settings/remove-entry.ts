import { ForeignKeyViolationError } from 'objection'
import type { Dictionary } from '../../contract/dictionary.ts'
import type { Ctx } from '../../core/context.ts'
import { Conflict } from '../../core/errors.ts'
import { record } from '../audit/index.ts'
import { entryFor, factsOf, aboutEntry } from './dictionary-for.ts'
import { usesOf } from './uses.ts'

/**
 * Deletes an entry that nothing refers to. Who refers to it meanwhile is stopped by the foreign key.
 * @throws Conflict `entry_in_use` with `{ uses }`: disable it instead; `entry_built_in`; `version_conflict`
 */
export async function removeEntry(ctx: Ctx, dictionary: Dictionary, id: string, version: number): Promise<void> {
  const entry = await entryFor(ctx, dictionary, id, version)
  if (entry.built_in) throw new Conflict('entry_built_in', 'a built-in entry stays', { code: entry.code })
  const uses = (await usesOf(ctx, dictionary, [entry])).get(id) ?? 0
  if (uses > 0) throw new Conflict('entry_in_use', 'the entry is in use', { uses })
  try {
    await entry.$query(ctx.trx).delete()
  } catch (error) {
    if (error instanceof ForeignKeyViolationError) throw new Conflict('entry_in_use', 'the entry is in use', { uses: null })
    throw error
  }
  await record(ctx, { action: 'dictionary.entry_deleted', ...aboutEntry(entry), before: factsOf(entry) })
}
