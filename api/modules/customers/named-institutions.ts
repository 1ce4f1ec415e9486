import { z } from 'zod'
import type { Ctx } from '../../core/context.ts'
import { searchQuery } from './names.ts'

const rows = z.array(z.object({ id: z.string(), name: z.string(), exact: z.boolean() }))

/** Institutions that somebody may mean who writes this: the one of that very name first. */
export async function namedInstitutions(
  ctx: Pick<Ctx, 'trx'>,
  text: string,
  limit: number,
): Promise<{ id: string; name: string; exact: boolean }[]> {
  const name = text.normalize('NFKC').trim().toLowerCase()
  const words = searchQuery(text)
  return rows.parse(
    await ctx
      .trx('institutions')
      .select('id', 'name', ctx.trx.raw('lower(name) = ? as exact', [name]))
      .whereNull('archived_at')
      .where((any) => {
        void any.whereRaw('lower(name) = ?', [name])
        if (words !== null) void any.orWhereRaw('name_search @@ ?::tsquery', [words])
      })
      .orderByRaw('lower(name) = ? desc, name_sort, id', [name])
      .limit(limit),
  )
}
