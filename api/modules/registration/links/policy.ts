/** Whose links one may see: one's own; of a supervisor, his colleagues' and those that lead to his teams; of an administrator, all. */
import type { QueryBuilder } from 'objection'
import type { Ctx, StaffActor } from '../../../core/context.ts'
import { NotFound } from '../../../core/errors.ts'
import { teamsOf } from '../../identity/index.ts'
import { reachableStaff } from '../../organisation/index.ts'
import { LinkRow } from '../model.ts'

export interface LinkScope {
  /** Null: everybody's. */
  makers: readonly string[] | null
  teamIds: readonly string[]
}

export async function linkScope(ctx: Ctx<StaffActor>): Promise<LinkScope> {
  const makers = await reachableStaff(ctx)
  const teamIds = ctx.actor.dataScope === 'team' ? await teamsOf(ctx.app, ctx.actor.accountId) : []
  return { makers, teamIds }
}

/** Narrows a query over `registration_links` (alias `l`) to this scope. */
export function withinScope<T extends LinkRow>(builder: QueryBuilder<T, T[]>, { makers, teamIds }: LinkScope): void {
  if (makers === null) return
  void builder.where((own) => {
    void own.whereIn('l.created_by', [...makers])
    if (teamIds.length > 0) void own.orWhereIn('l.team_id', [...teamIds])
  })
}

/** @throws NotFound also for links outside one's scope */
export async function linkFor(ctx: Ctx<StaffActor>, id: string, lock = false): Promise<LinkRow> {
  const scope = await linkScope(ctx)
  const row = await LinkRow.query(ctx.trx)
    .alias('l')
    .findById(id)
    .modify((builder) => void (lock && builder.forNoKeyUpdate()))
  const visible =
    row && (scope.makers === null || scope.makers.includes(row.created_by) || (row.team_id !== null && scope.teamIds.includes(row.team_id)))
  if (!visible) throw new NotFound('registration link')
  return row
}

/** Teams that a link of this maker may lead to; null: any. */
export async function teamsToLead(ctx: Ctx<StaffActor>): Promise<readonly string[] | null> {
  return ctx.actor.dataScope === 'all' ? null : teamsOf(ctx.app, ctx.actor.accountId)
}
