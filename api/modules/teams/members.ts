/** Who is in a team, and as what (BP-007.7, BP-007.8). */
import type { TeamRole } from '../../contract/team.ts'
import type { Ctx, StaffActor } from '../../core/context.ts'
import { Conflict, NotFound } from '../../core/errors.ts'
import { changesOf, record } from '../audit/index.ts'
import { notify } from '../notifications/index.ts'
import { MemberRow, type TeamRow } from './model.ts'
import { checkVersion, teamFor } from './policy.ts'
import { forgetFutureShifts } from './shifts/forget-shifts.ts'
import { checkStaff, objectOf } from './team-facts.ts'

interface Wish {
  role: TeamRole
  maxConversations: number | null
  version?: number | undefined
}
const factsOf = (row: MemberRow) => ({ role: row.role, maxConversations: row.max_conversations })

const refuseLeader = (team: TeamRow, accountId: string): void => {
  if (team.leader_id === accountId) throw new Conflict('member_is_leader', 'this member leads the team')
}

/**
 * Adds a member, or changes one. The same again changes nothing.
 * @throws NotFound, Forbidden; Conflict `version_conflict`, `member_is_leader` for a leader who would no longer be a supervisor; Invalid `staff_not_active`
 */
export async function putMember(ctx: Ctx<StaffActor>, teamId: string, accountId: string, wish: Wish): Promise<void> {
  const team = await teamFor(ctx, teamId, 'manage')
  const before = await MemberRow.query(ctx.trx).findById([teamId, accountId])
  if (!before) return join(ctx, team, [accountId], wish)
  const same = before.role === wish.role && before.max_conversations === wish.maxConversations
  if (same) return
  checkVersion(before, wish.version ?? 0)
  if (wish.role !== 'supervisor') refuseLeader(team, accountId)
  const changed = await before
    .$query(ctx.trx)
    .patchAndFetch({ role: wish.role, max_conversations: wish.maxConversations, version: before.version + 1 })
  const changes = changesOf(factsOf(before), factsOf(changed))
  await record(ctx, { action: 'team.member_changed', object: objectOf(team), ...changes, context: { accountId } })
  ctx.emit({ name: 'agent.available', subjectId: accountId })
}

/** Who is a member already stays as he is. @throws NotFound, Forbidden; Invalid `staff_not_active` */
export async function addMembers(ctx: Ctx<StaffActor>, teamId: string, accountIds: readonly string[], role: TeamRole): Promise<void> {
  const team = await teamFor(ctx, teamId, 'manage')
  const there = await MemberRow.query(ctx.trx)
    .where({ team_id: teamId })
    .whereIn('account_id', [...accountIds])
    .select('account_id')
  const missing = [...new Set(accountIds)].filter((id) => !there.some((row) => row.account_id === id))
  if (missing.length > 0) await join(ctx, team, missing, { role, maxConversations: null })
}

async function join(ctx: Ctx<StaffActor>, team: TeamRow, accountIds: readonly string[], { role, maxConversations }: Wish): Promise<void> {
  const accounts = await checkStaff(ctx, accountIds)
  await MemberRow.query(ctx.trx).insert(
    accountIds.map((id) => ({ team_id: team.id, account_id: id, role, max_conversations: maxConversations, joined_at: ctx.now })),
  )
  // What waits for this team may be theirs now.
  for (const { id } of accounts) ctx.emit({ name: 'agent.available', subjectId: id })
  await record(
    ctx,
    ...accounts.map(({ id, name }) => ({
      action: 'team.member_added',
      object: objectOf(team),
      after: { accountId: id, name, role, maxConversations },
    })),
  )
  await notify(ctx, {
    to: accountIds.filter((id) => id !== ctx.actor.accountId),
    kind: 'team.joined',
    params: { team: team.name, by: ctx.actor.name },
    link: `/teams/${team.id}`,
    key: `team.joined:${team.id}:${ctx.now.toISOString()}`,
  })
}

/** His shifts to come go with him. @throws NotFound, Forbidden; Conflict `member_is_leader`, `version_conflict` */
export async function removeMember(ctx: Ctx<StaffActor>, teamId: string, accountId: string, version: number): Promise<void> {
  const team = await teamFor(ctx, teamId, 'manage')
  const row = await MemberRow.query(ctx.trx).findById([teamId, accountId])
  if (!row) throw new NotFound('member')
  refuseLeader(team, accountId)
  checkVersion(row, version)
  await forgetFutureShifts(ctx, accountId, teamId)
  await row.$query(ctx.trx).delete()
  await record(ctx, { action: 'team.member_removed', object: objectOf(team), before: { accountId, ...factsOf(row) } })
  ctx.emit({ name: 'agent.available', subjectId: accountId })
}
