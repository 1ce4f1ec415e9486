import type { Ctx } from '../../core/context.ts'
import { Account } from './model.ts'

/** The account of a customer who wants a password: no user name and no phone of its own, both are the customer's. */
export async function createCustomerAccount(ctx: Ctx, input: { id: string; name: string }): Promise<void> {
  await Account.query(ctx.trx).insert({ id: input.id, kind: 'customer', name: input.name, preferences: {} })
}
