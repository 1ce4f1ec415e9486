import { z } from 'zod'
import type { Ctx } from '../../../core/context.ts'
import { dutyOf } from '../../teams/index.ts'
import { DEFAULT_CAPACITY } from '../model.ts'

const rows = z.object({ rows: z.array(z.object({ free: z.coerce.number() })) })

/**
 * How many more conversations he may take now, by his own limit and those of his teams; below 0 where it was gone over. Whether he is on shift does not
 * matter: that says who is offered work, not who may take it. Whoever gives asks under the turn; a preview asks without.
 */
export async function freePlaces(ctx: Pick<Ctx, 'trx'>, accountId: string): Promise<number> {
  const answer: unknown = await ctx.trx.raw(
    `select least(
       least(coalesce(p.capacity, ?::int), duty.max_conversations)
         - (select count(*) from assignments w where w.account_id = a.id and w.work_kind = 'conversation' and w.ended_at is null),
       (select min((team ->> 'max')::int - (
          select count(*) from team_members m join assignments w on w.account_id = m.account_id
          where m.team_id = (team ->> 'id')::uuid and w.work_kind = 'conversation' and w.ended_at is null))
        from json_array_elements(duty.limited_teams) as team)) as free
     from accounts a left join presences p on p.account_id = a.id cross join ${dutyOf('a.id')} where a.id = ?`,
    [DEFAULT_CAPACITY, accountId],
  )
  return rows.parse(answer).rows[0]?.free ?? 0
}
