import { z } from 'zod'
import type { Dictionary } from '../../contract/dictionary.ts'
import type { Ctx } from '../../core/context.ts'

const CAP = 10_000
const counts = z.object({ rows: z.array(z.object({ id: z.string(), uses: z.coerce.number() })) })

/** A reason that customers have ticked, or that is offered to them, stays. */
export async function dictionaryUses(
  ctx: Ctx,
  dictionary: Dictionary,
  entries: readonly { id: string }[],
): Promise<ReadonlyMap<string, number>> {
  if (dictionary !== 'rating_reason' || entries.length === 0) return new Map()
  const { rows } = counts.parse(
    await ctx.trx.raw(
      `select e.id, (select count(*) from (select 1 from rating_reasons where entry_id = e.id limit ${CAP}) n)
                    + (select count(*) from rating_reason_levels where entry_id = e.id) as uses
       from unnest(?::uuid[]) as e(id)`,
      [entries.map(({ id }) => id)],
    ),
  )
  return new Map(rows.map((row) => [row.id, row.uses]))
}
