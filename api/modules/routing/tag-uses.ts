import { z } from 'zod'
import type { Ctx } from '../../core/context.ts'

const names = z.object({ rows: z.array(z.object({ name: z.string() })) })
const MOST = 20
/** The general queue belongs to no team whose name could be said. */
const GENERAL = '公共队列 (general queue)'

/** Policies that ask for this tag, and queues whose VIPs it names. */
export async function tagUses(ctx: Ctx, tagId: string): Promise<string[]> {
  const answer: unknown = await ctx.trx.raw(
    `select name from (
       select p.name, 1 as kind from assignment_policies p where p.conditions -> 'tagIds' @> to_jsonb(array[:tagId::text])
       union all
       select coalesce(t.name, :general), 2 from queue_rules q left join teams t on t.id = q.team_id where q.vip_tag_ids @> array[:tagId::uuid]
     ) as uses order by kind, name limit ${MOST}`,
    { tagId, general: GENERAL },
  )
  return names.parse(answer).rows.map(({ name }) => name)
}
