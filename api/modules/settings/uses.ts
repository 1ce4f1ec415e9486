import type { Dictionary } from '../../contract/dictionary.ts'
import type { Ctx } from '../../core/context.ts'
import './hooks.ts'
import { DictionaryEntryRow } from './model.ts'

/** How often each of these entries is in use: by its children, and by what the modules above say. */
export async function usesOf(
  ctx: Ctx,
  dictionary: Dictionary,
  entries: readonly Pick<DictionaryEntryRow, 'id' | 'code'>[],
): Promise<ReadonlyMap<string, number>> {
  const asked = entries.map(({ id, code }) => ({ id, code }))
  const counts = [await childrenOf(ctx, asked)]
  for (const count of ctx.app.hooks.all('dictionary.uses')) counts.push(await count(ctx, dictionary, asked))
  return new Map(asked.map(({ id }) => [id, counts.reduce((sum, known) => sum + (known.get(id) ?? 0), 0)]))
}

async function childrenOf(ctx: Ctx, entries: readonly { id: string }[]): Promise<ReadonlyMap<string, number>> {
  const rows = await DictionaryEntryRow.query(ctx.trx)
    .whereIn(
      'parent_id',
      entries.map(({ id }) => id),
    )
    .select('parent_id')
  const counts = new Map<string, number>()
  for (const { parent_id: id } of rows) if (id !== null) counts.set(id, (counts.get(id) ?? 0) + 1)
  return counts
}
