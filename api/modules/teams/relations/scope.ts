import type { Knex } from 'knex'
import type { Ctx, StaffActor } from '../../../core/context.ts'
import { TODAY } from './serving.ts'

/**
 * Customers whom the reader's teams serve, by their own relation or their institution's, until the last day. By the data scope `department` also those of
 * teams that his people lead.
 */
export function servedCustomers(ctx: Ctx<StaffActor>, staff: readonly string[]): Knex.QueryBuilder[] {
  const teams = ctx.trx('team_members').where('account_id', ctx.actor.accountId).select('team_id')
  const led = ctx
    .trx('teams')
    .whereIn('leader_id', ctx.actor.dataScope === 'department' ? [...staff] : [])
    .select('id')
  const current = (builder: Knex.QueryBuilder) =>
    void builder
      .whereNull('r.ended_at')
      .where((any) => any.whereIn('r.team_id', teams.clone()).orWhereIn('r.team_id', led.clone()))
      .whereRaw(`(r.valid_until is null or r.valid_until >= ${TODAY})`)
  return [
    ctx.trx('service_relations as r').whereNotNull('r.customer_id').modify(current).select('r.customer_id'),
    ctx
      .trx('customers as c')
      .join('service_relations as r', 'r.institution_id', 'c.institution_id')
      .modify(current)
      .select('c.id as customer_id'),
  ]
}
