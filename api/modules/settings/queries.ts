import type { Dictionary, ListedEntry } from '../../contract/dictionary.ts'
import type { Ctx, StaffActor } from '../../core/context.ts'
import { Forbidden } from '../../core/errors.ts'
import { DictionaryEntryRow } from './model.ts'
import { presentEntry } from './present.ts'
import { usesOf } from './uses.ts'

/** One list whole, parents and children side by side, each in its order; bounded where entries are added. */
export async function listEntries(
  ctx: Ctx<StaffActor>,
  dictionary: Dictionary,
  show: { all: boolean; uses: boolean },
): Promise<ListedEntry[]> {
  // Counting is for who is about to delete; it is not free.
  if (show.uses && !ctx.actor.permissions.has('dictionaries.manage'))
    throw new Forbidden('forbidden', 'permission missing', { permission: 'dictionaries.manage' })
  const rows = await DictionaryEntryRow.query(ctx.trx)
    .where({ dictionary })
    .modify((builder) => void (show.all || builder.whereNull('disabled_at')))
    .orderBy(['position', 'id'])
  const uses = show.uses ? await usesOf(ctx, dictionary, rows) : null
  return rows.map((row) => ({ ...presentEntry(row), uses: uses ? (uses.get(row.id) ?? 0) : null }))
}
