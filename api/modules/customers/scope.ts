/** Whose customers a reader sees. Each module says by its own tables which customers a member of staff has to do with. */
import type { Knex } from 'knex'
import type { Ctx, StaffActor } from '../../core/context.ts'
import { reachableStaff } from '../organisation/index.ts'

declare module '../../core/modules.ts' {
  interface Hooks {
    /**
     * Queries over the provider's own tables whose one column is `customer_id`: the customers whom these members of staff may see.
     * Providers are joined by OR. Each must find by an index both "all of them" and "is it this one" (`… and customer_id = ?`).
     * @param staff accounts whose customers the reader reaches by his data scope; himself first
     */
    'customer.scope'?: (ctx: Ctx<StaffActor>, staff: readonly string[]) => readonly Knex.QueryBuilder[]
  }
}

/** Queries for `customer_id`, joined by OR; null: the reader sees everybody. */
export async function readerScope(ctx: Ctx<StaffActor>): Promise<Knex.QueryBuilder[] | null> {
  // Who may read every conversation meets every customer there.
  if (ctx.actor.dataScope === 'all' || ctx.actor.permissions.has('conversations.read_all')) return null
  const staff = (await reachableStaff(ctx)) ?? [ctx.actor.accountId]
  return ctx.app.hooks.all('customer.scope').flatMap((hook) => hook(ctx, staff))
}

/**
 * Narrows a query to customers in scope, row by row: `offset 0` keeps PostgreSQL from reading the whole scope first, which may be larger
 * than the page that is asked for.
 * @param column the customer's id in the query
 */
export function withinScope(builder: Knex.QueryBuilder, scope: readonly Knex.QueryBuilder[] | null, column: string): void {
  if (scope === null) return
  void builder.where((any) => {
    void any.whereRaw('false')
    for (const source of scope) void any.orWhereRaw(`exists (select 1 from (?) s where s.customer_id = ?? offset 0)`, [source, column])
  })
}

/** The customers of the scope themselves; may name one twice. */
export const scopeIds = (trx: Knex, scope: readonly Knex.QueryBuilder[]): Knex.QueryBuilder => {
  const [first, ...rest] = scope
  if (!first) return trx('customers').select('id as customer_id').whereRaw('false')
  return rest.length === 0 ? first.clone() : first.clone().unionAll([...rest])
}

/** The regular agent's own. */
export const ownedCustomers = (ctx: Ctx<StaffActor>, staff: readonly string[]): Knex.QueryBuilder[] => [
  ctx
    .trx('customers')
    .select('id as customer_id')
    .whereIn('owner_id', [...staff]),
]
