/** Whose rows a reader reaches, by the data scope of his role (MOD-01). */
import type { Knex } from 'knex'
import type { Ctx, StaffActor } from '../../core/context.ts'
import { departmentsBelow } from './departments-below.ts'
import { StaffProfile } from './model.ts'

export type Reach = { kind: 'all' } | { kind: 'departments'; ids: readonly string[] } | { kind: 'accounts' }

/** Departments the reader reaches; `accounts` where his scope knows none. */
export async function reachOf(ctx: Ctx<StaffActor>): Promise<Reach> {
  const { dataScope, accountId } = ctx.actor
  if (dataScope === 'all') return { kind: 'all' }
  if (dataScope !== 'department') return { kind: 'accounts' }
  const profile = await StaffProfile.query(ctx.trx).findById(accountId).select('department_id')
  return { kind: 'departments', ids: profile?.department_id ? await departmentsBelow(ctx, profile.department_id) : [] }
}

/** Accounts of staff that the reader reaches, himself always; null means everybody. */
export async function reachableStaff(ctx: Ctx<StaffActor>): Promise<string[] | null> {
  const reach = await reachOf(ctx)
  if (reach.kind === 'all') return null
  const others =
    reach.kind === 'departments'
      ? (
          await StaffProfile.query(ctx.trx)
            .whereIn('department_id', [...reach.ids])
            .select('account_id')
        ).map((row) => row.account_id)
      : await colleagues(ctx)
  return [...new Set([ctx.actor.accountId, ...others])]
}

async function colleagues(ctx: Ctx<StaffActor>): Promise<string[]> {
  if (ctx.actor.dataScope !== 'team') return []
  return (await Promise.all(ctx.app.hooks.all('staff.colleagues').map((hook) => hook(ctx)))).flat()
}

/** Narrows a query over `accounts a` and `staff_profiles p` to the people the reader reaches. */
export async function withinReach(ctx: Ctx<StaffActor>): Promise<(builder: Knex.QueryBuilder) => void> {
  const reach = await reachOf(ctx)
  if (reach.kind === 'all') return () => undefined
  if (reach.kind === 'departments')
    return (builder) => void builder.where((near) => near.whereIn('p.department_id', [...reach.ids]).orWhere('a.id', ctx.actor.accountId))
  const ids = [ctx.actor.accountId, ...(await colleagues(ctx))]
  return (builder) => void builder.whereIn('a.id', ids)
}
