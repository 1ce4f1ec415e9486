import { z } from 'zod'
import type { Ctx } from '../../../core/context.ts'

const gone = z.object({ rows: z.array(z.object({ id: z.string(), team_id: z.string(), week: z.string() })) })

/**
 * Takes a person's shifts to come out of the plans: he left the team, or the house (`teamId` null: all teams).
 * @returns how many
 */
export async function forgetFutureShifts(ctx: Ctx, accountId: string, teamId: string | null): Promise<number> {
  const { rows } = gone.parse(
    await ctx.trx.raw(
      `delete from shifts where account_id = ? and starts_at > app_now() and (team_id = ? or ?::uuid is null)
       returning id, team_id, date_trunc('week', day)::date::text as week`,
      [accountId, teamId, teamId],
    ),
  )
  for (const team of new Set(rows.map((row) => row.team_id))) {
    const own = rows.filter((row) => row.team_id === team)
    await touchRosters(
      ctx,
      team,
      own.map(({ week }) => week),
    )
  }
  await voidSwaps(
    ctx,
    rows.map(({ id }) => id),
  )
  return rows.length
}

/** The plans of these weeks are no longer as somebody saw them. */
export async function touchRosters(ctx: Ctx, teamId: string, weeks: readonly string[]): Promise<void> {
  const actorId = ctx.actor.kind === 'staff' ? ctx.actor.accountId : null
  await ctx.trx.raw(
    `insert into rosters (team_id, week, version, updated_at, updated_by) select ?, week, 1, ?, ? from unnest(?::date[]) as week order by week
     on conflict (team_id, week) do update set version = rosters.version + 1, updated_at = excluded.updated_at, updated_by = excluded.updated_by`,
    [teamId, ctx.now, actorId, [...new Set(weeks)].sort()],
  )
}

/** What was asked for these shifts cannot be done any more. */
export async function voidSwaps(ctx: Ctx, shiftIds: readonly string[], except: string | null = null): Promise<void> {
  if (shiftIds.length === 0) return
  await ctx.trx.raw(
    `update shift_swaps set state = 'void', decided_at = ?, version = version + 1
     where state = 'requested' and (shift_id = any(?::uuid[]) or return_shift_id = any(?::uuid[])) and id is distinct from ?::uuid`,
    [ctx.now, [...shiftIds], [...shiftIds], except],
  )
}
