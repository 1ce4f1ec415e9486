import { z } from 'zod'
import type { Dictionary } from '../../contract/dictionary.ts'
import type { Ctx } from '../../core/context.ts'

const counted = z.object({ rows: z.array(z.object({ id: z.string(), uses: z.coerce.number() })) })

const USES: Partial<Record<Dictionary, string>> = {
  business_type: `select e.id, (select count(*) from assignment_policies p where p.conditions -> 'businessTypeIds' @> to_jsonb(array[e.id]))
      + (select count(*) from (select 1 from queue_entries q where q.business_type_id = e.id limit 1) as used) as uses from unnest(:ids::uuid[]) as e(id)`,
  skill: `select e.id, count(p.id) as uses from unnest(:ids::uuid[]) as e(id)
      left join assignment_policies p on p.settings -> 'skills' @> jsonb_build_array(jsonb_build_object('skillId', e.id)) group by e.id`,
}

/** What policies and the queue refer to. */
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
