import { z } from 'zod'
import type { Ctx } from '../../../core/context.ts'

const names = z.object({ rows: z.array(z.object({ name: z.string() })) })

/** Promises to customers with this tag: it stays as long as they do. */
export async function slaTagUses(ctx: Ctx, tagId: string): Promise<readonly string[]> {
  const answer: unknown = await ctx.trx.raw(
    `select name from sla_policies where removed_at is null and conditions -> 'tagIds' @> to_jsonb(array[?::text]) order by position limit 20`,
    [tagId],
  )
  return names.parse(answer).rows.map(({ name }) => name)
}
