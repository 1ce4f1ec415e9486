import type { Dictionary } from '../../contract/dictionary.ts'
import type { Ctx } from '../../core/context.ts'
import { Invalid } from '../../core/errors.ts'
import { record } from '../audit/index.ts'
import { entryFor, lockDictionary, aboutEntry } from './dictionary-for.ts'
import { DictionaryEntryRow } from './model.ts'

/**
 * Puts an entry before another of the same list and parent, or at the end. The list is numbered anew in one statement.
 * @throws Conflict `version_conflict`; Invalid `entry_unknown` when `before` is not a neighbour
 */
export async function moveEntry(
  ctx: Ctx,
  dictionary: Dictionary,
  id: string,
  { before, version }: { before: string | null; version: number },
): Promise<DictionaryEntryRow> {
  await lockDictionary(ctx, dictionary)
  const entry = await entryFor(ctx, dictionary, id, version)
  const siblings = await DictionaryEntryRow.query(ctx.trx)
    .where({ dictionary, parent_id: entry.parent_id })
    .orderBy(['position', 'id'])
    .select('id', 'position')
  const others = siblings.filter((row) => row.id !== id).map((row) => row.id)
  const index = before === null ? others.length : others.indexOf(before)
  if (index < 0) throw new Invalid('entry_unknown', 'not an entry beside this one', { dictionary, id: before })
  const order = others.toSpliced(index, 0, id)
  await ctx.trx.raw(
    `update dictionary_entries d set position = o.position, version = case when d.id = ? then d.version + 1 else d.version end
     from unnest(?::uuid[]) with ordinality as o(id, position)
     where d.id = o.id and (d.position <> o.position or d.id = ?)`,
    [id, order, id],
  )
  const moved = await DictionaryEntryRow.query(ctx.trx).findById(id).throwIfNotFound()
  if (moved.position !== entry.position)
    await record(ctx, {
      action: 'dictionary.entry_moved',
      ...aboutEntry(moved),
      before: { position: entry.position },
      after: { position: moved.position },
    })
  return moved
}
