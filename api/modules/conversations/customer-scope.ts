/** Which customers a member of staff has to do with here: whom he served, and who waits in a queue that he sees. */
import type { Knex } from 'knex'
import type { Ctx, StaffActor } from '../../core/context.ts'

export const servedCustomers = (ctx: Ctx<StaffActor>, staff: readonly string[]): Knex.QueryBuilder[] => [
  ctx
    .trx('conversations')
    .select('customer_id')
    .whereIn('assignee_id', [...staff]),
  ctx.trx('conversations').select('customer_id').where('status', 'queued'),
]
