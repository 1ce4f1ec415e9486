import { z } from 'zod'
import type { Dictionary } from '../../contract/dictionary.ts'
import type { Ctx } from '../../core/context.ts'

const counted = z.object({ rows: z.array(z.object({ id: z.string(), uses: z.coerce.number() })) })

const USES: Partial<Record<Dictionary, string>> = {
  business_type: `select business_type_id as id, count(*) as uses from (
      select business_type_id from team_business_types where business_type_id = any(:ids::uuid[])
      union all select business_type_id from service_relation_businesses where business_type_id = any(:ids::uuid[])) as used group by 1`,
  skill: `select skill_id as id, count(*) as uses from team_skills where skill_id = any(:ids::uuid[]) group by 1`,
}

/** What teams and relations refer to. */
export async function dictionaryUses(
  ctx: Ctx,
  dictionary: Dictionary,
  entries: readonly { id: string }[],
): Promise<ReadonlyMap<string, number>> {
  const sql = USES[dictionary]
  if (!sql) return new Map()
  const answer: unknown = await ctx.trx.raw(sql, { ids: entries.map(({ id }) => id) })
  return new Map(counted.parse(answer).rows.map(({ id, uses }) => [id, uses]))
}
