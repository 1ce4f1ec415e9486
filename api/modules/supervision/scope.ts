/** Whom and what a supervisor reaches (BP-012, S22): read once a request, part of every statement, never filtered afterwards. */
import type { z } from 'zod'
import type { boardFilterQuery } from '../../contract/supervision.ts'
import type { Ctx, StaffActor } from '../../core/context.ts'
import { NotFound } from '../../core/errors.ts'
import { reachableStaff } from '../organisation/index.ts'
import { TeamRow } from '../teams/index.ts'

export interface Scope {
  /** Null: every team. */
  teamIds: readonly string[] | null
  /** Null: everybody. */
  accountIds: readonly string[] | null
}

/** Two statements. His teams are those he is in, and, by the scope `department`, those that his people lead. */
export async function scopeOf(ctx: Ctx<StaffActor>): Promise<Scope> {
  const accountIds = await reachableStaff(ctx)
  if (accountIds === null) return { teamIds: null, accountIds: null }
  const led = ctx.actor.dataScope === 'department' ? accountIds : []
  const rows = await TeamRow.query(ctx.trx)
    .where({ status: 'active' })
    .whereRaw('(exists (select 1 from team_members m where m.team_id = teams.id and m.account_id = ?) or leader_id = any(?::uuid[]))', [
      ctx.actor.accountId,
      led,
    ])
    .select('id')
  return { teamIds: rows.map(({ id }) => id), accountIds }
}

export const reachesTeam = (scope: Scope, teamId: string | null): boolean =>
  scope.teamIds === null || teamId === null || scope.teamIds.includes(teamId)
export const reachesAccount = (scope: Scope, accountId: string): boolean =>
  scope.accountIds === null || scope.accountIds.includes(accountId)

/** @throws NotFound for a team outside one's scope */
export function checkTeam(scope: Scope, teamId: string | undefined): void {
  if (teamId !== undefined && !reachesTeam(scope, teamId)) throw new NotFound('team')
}

/** @throws NotFound for somebody outside one's scope */
export function checkAccount(scope: Scope, accountId: string | undefined): void {
  if (accountId !== undefined && !reachesAccount(scope, accountId)) throw new NotFound('account')
}

/**
 * Condition on conversations `v` and its bindings. The general queue is everybody's who supervises; what is being handled belongs to whoever reaches
 * its agent or its team.
 */
export const withinScope = ({ teamIds, accountIds }: Scope): { sql: string; bindings: string[][] } =>
  teamIds === null || accountIds === null
    ? { sql: 'true', bindings: [] }
    : {
        sql: `(v.team_id = any(?::uuid[]) or (v.team_id is null and v.status = 'queued') or v.assignee_id = any(?::uuid[]))`,
        bindings: [[...teamIds], [...accountIds]],
      }

export type BoardFilter = z.output<typeof boardFilterQuery>
