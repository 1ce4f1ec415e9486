import { z } from 'zod'
import type { Dictionary } from '../../../contract/dictionary.ts'
import type { Ctx } from '../../../core/context.ts'

const counted = z.object({ rows: z.array(z.object({ id: z.string(), uses: z.coerce.number() })) })

const COLUMNS: Partial<Record<Dictionary, string>> = { issue_type: 'wrap_category_id', business_type: 'business_type_id' }

/** What conversations were about: an entry that any names is disabled, never deleted. */
export async function dictionaryUses(
  ctx: Ctx,
  dictionary: Dictionary,
  entries: readonly { id: string }[],
): Promise<ReadonlyMap<string, number>> {
  const column = COLUMNS[dictionary]
  if (column === undefined) return new Map()
  const answer: unknown = await ctx.trx.raw(`select ?? as id, count(*) as uses from conversations where ?? = any(?::uuid[]) group by 1`, [
    column,
    column,
    entries.map(({ id }) => id),
  ])
  return new Map(counted.parse(answer).rows.map(({ id, uses }) => [id, uses]))
}
