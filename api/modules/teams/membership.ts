/** Who is in which team, as other modules ask it. */
import { z } from 'zod'
import type { App } from '../../core/app.ts'
import type { Ctx, StaffActor } from '../../core/context.ts'
import { MemberRow } from './model.ts'

/** Ids of the active teams he is a member of. */
export async function teamIdsOf(app: Pick<App, 'db'>, accountId: string): Promise<string[]> {
  const rows = await MemberRow.query(app.db)
    .join('teams', 'teams.id', 'team_members.team_id')
    .where({ 'team_members.account_id': accountId, 'teams.status': 'active' })
    .orderBy('team_members.team_id')
    .select('team_members.team_id')
  return rows.map((row) => row.team_id)
}

/** Accounts that share an active team with the reader. */
export async function colleagues(ctx: Ctx<StaffActor>): Promise<string[]> {
  const { rows } = z.object({ rows: z.array(z.object({ account_id: z.string() })) }).parse(
    await ctx.trx.raw(
      `select distinct other.account_id from team_members mine
       join teams t on t.id = mine.team_id and t.status = 'active'
       join team_members other on other.team_id = mine.team_id
       where mine.account_id = ?`,
      [ctx.actor.accountId],
    ),
  )
  return rows.map((row) => row.account_id)
}
