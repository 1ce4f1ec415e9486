import type { Ctx, StaffActor } from '../../core/context.ts'
import { NotFound } from '../../core/errors.ts'
import { CustomerRow } from './model.ts'

declare module '../../core/modules.ts' {
  interface Hooks {
    /** Does this member of staff serve, or has he served, the customer? */
    'customer.in-scope'?: (ctx: Ctx<StaffActor>, customerId: string) => Promise<boolean>
  }
}

/** @throws NotFound also for customers outside the reader's scope */
export async function customerFor(ctx: Ctx<StaffActor>, id: string, lock = false): Promise<CustomerRow> {
  const row = await CustomerRow.query(ctx.trx)
    .findById(id)
    .modify((builder) => void (lock && builder.forNoKeyUpdate()))
  if (!row || !(await ctx.app.hooks.only('customer.in-scope')(ctx, id))) throw new NotFound('customer')
  return row
}
