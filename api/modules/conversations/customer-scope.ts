/** Which customers a member of staff has to do with here: whom he served, and who waits in a queue that he sees. */
import type { Knex } from 'knex'
import type { Ctx, StaffActor } from '../../core/context.ts'
import { ownQueues } from './readable.ts'

/** Asked only of who reads nobody else's conversations: the others meet every customer (`customers/scope.ts`). */
export const servedCustomers = (ctx: Ctx<StaffActor>, staff: readonly string[]): Knex.QueryBuilder[] => [
  ctx
    .trx('conversations')
    .select('customer_id')
    .whereIn('assignee_id', [...staff]),
  waitingCustomers(ctx),
]

function waitingCustomers(ctx: Ctx<StaffActor>): Knex.QueryBuilder {
  const { sql, bindings } = ownQueues(ctx.actor)
  return ctx.trx('conversations as v').select('v.customer_id').whereRaw(sql, bindings)
}
