import { z } from 'zod'
import type { Dictionary } from '../../contract/dictionary.ts'
import type { Ctx } from '../../core/context.ts'

const counted = z.object({ rows: z.array(z.object({ id: z.string(), uses: z.coerce.number() })) })

/** Categories of a kind of business. */
export async function dictionaryUses(
  ctx: Ctx,
  dictionary: Dictionary,
  entries: readonly { id: string }[],
): Promise<ReadonlyMap<string, number>> {
  if (dictionary !== 'business_type') return new Map()
  const answer: unknown = await ctx.trx.raw(
    `select business_type_id as id, count(*) as uses from quick_reply_categories where business_type_id = any(?::uuid[]) group by 1`,
    [entries.map(({ id }) => id)],
  )
  return new Map(counted.parse(answer).rows.map(({ id, uses }) => [id, uses]))
}
