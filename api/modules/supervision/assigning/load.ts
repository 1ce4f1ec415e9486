/** What a decision about many conversations is made from: three statements, whatever their number. */
import { z } from 'zod'
import type { PresenceStatus } from '../../../contract/identity.ts'
import type { AssignmentTarget } from '../../../contract/supervision.ts'
import type { Ctx, StaffActor } from '../../../core/context.ts'
import { Invalid, NotFound } from '../../../core/errors.ts'
import { activeTeam } from '../../conversations/index.ts'
import { SHOWN_NAME } from '../../customers/index.ts'
import { Account } from '../../identity/index.ts'
import { freePlaces } from '../../routing/index.ts'
import { checkAccount, checkTeam, type Scope, withinScope } from '../scope.ts'
import type { Facts, Target } from './judge.ts'

const rows = z.object({
  rows: z.array(
    z.object({
      id: z.string(),
      status: z.enum(['queued', 'open', 'closed']),
      customer: z.string().nullable(),
      assignee_id: z.string().nullable(),
      assignee_name: z.string().nullable(),
      team_id: z.string().nullable(),
      team_name: z.string().nullable(),
      unanswered: z.boolean(),
    }),
  ),
})

/** Those within the scope; the others are as if they were not there. */
export async function loadFacts(ctx: Ctx, scope: Scope, ids: readonly string[]): Promise<Map<string, Facts>> {
  const within = withinScope(scope)
  const answer: unknown = await ctx.trx.raw(
    `select v.id, v.status, ${SHOWN_NAME} as customer, v.assignee_id, s.name as assignee_name, v.team_id, t.name as team_name,
       v.waiting_since is not null as unanswered
     from conversations v join customers c on c.id = v.customer_id left join accounts s on s.id = v.assignee_id left join teams t on t.id = v.team_id
     where v.id = any(?::uuid[]) and ${within.sql}`,
    [[...ids], ...within.bindings],
  )
  return new Map(
    rows.parse(answer).rows.map((row) => [
      row.id,
      {
        id: row.id,
        status: row.status,
        customer: row.customer,
        assignee: row.assignee_id === null ? null : { id: row.assignee_id, name: row.assignee_name ?? '' },
        team: row.team_id === null ? null : { id: row.team_id, name: row.team_name ?? '' },
        unanswered: row.unanswered,
      },
    ]),
  )
}

export interface LoadedTarget {
  target: Target
  /** Of an agent. */
  status: PresenceStatus | null
}

/** @throws NotFound outside one's scope; Invalid `staff_not_active`; Conflict `team_disabled` */
export async function loadTarget(ctx: Ctx<StaffActor>, scope: Scope, to: AssignmentTarget): Promise<LoadedTarget> {
  if (to.kind === 'policy') return { target: { kind: 'policy' }, status: null }
  if (to.kind === 'team') return { target: await loadTeam(ctx, scope, to.teamId), status: null }
  checkAccount(scope, to.accountId)
  const account = await Account.query(ctx.trx).findById(to.accountId).where({ kind: 'staff' }).select('id', 'name', 'status')
  if (!account) throw new NotFound('account')
  if (account.status !== 'active') throw new Invalid('staff_not_active', 'this account is disabled', { accountIds: [account.id] })
  const presence = (await ctx.app.hooks.only('account.presence')(ctx.trx, [account.id])).get(account.id)
  if (!presence) throw new NotFound('account')
  const { load, capacity, status } = presence
  const free = await freePlaces(ctx, account.id)
  return { target: { kind: 'agent', account: { id: account.id, name: account.name }, load, capacity, free }, status }
}

async function loadTeam(ctx: Ctx, scope: Scope, teamId: string): Promise<Target> {
  checkTeam(scope, teamId)
  const { open, ...team } = await activeTeam(ctx, teamId)
  return { kind: 'team', team: { id: team.id, name: team.name }, isOpen: open }
}
