/** A colleague leaves (离职继承): his successor leads what he led and joins the teams he was in. */
import type { Leaving } from '../organisation/index.ts'
import type { Ctx } from '../../core/context.ts'
import { MemberRow, TeamRow } from './model.ts'
import { forgetFutureShifts } from './shifts/forget-shifts.ts'

/** Whoever is a member already keeps the higher role of the two. */
const JOIN = `
  insert into team_members (team_id, account_id, role, max_conversations, joined_at)
  select team_id, ?, role, max_conversations, ? from team_members where account_id = ? order by team_id
  on conflict (team_id, account_id) do update set version = team_members.version + 1,
    role = case when 'supervisor' in (team_members.role, excluded.role) then 'supervisor' else 'agent' end`

export const ledTeams: Leaving = {
  kind: 'team_leaderships',
  count: (ctx, accountId) => TeamRow.query(ctx.trx).where({ leader_id: accountId }).resultSize(),
  // That a leader is a member is looked at when the transaction ends, after the memberships have moved, too.
  handOver: async (ctx, { from, to }) =>
    TeamRow.query(ctx.trx)
      .where({ leader_id: from })
      .patch({ leader_id: to, version: ctx.trx.raw('version + 1'), updated_at: ctx.now }),
}

async function moveMemberships(ctx: Ctx, { from, to }: { from: string; to: string }): Promise<number> {
  await ctx.trx.raw(JOIN, [to, ctx.now, from])
  await forgetFutureShifts(ctx, from, null)
  return MemberRow.query(ctx.trx).where({ account_id: from }).delete()
}

export const memberships: Leaving = {
  kind: 'memberships',
  count: (ctx, accountId) => MemberRow.query(ctx.trx).where({ account_id: accountId }).resultSize(),
  handOver: moveMemberships,
}
