/** The account of a customer who has a password: made with the first one. */
import { z } from 'zod'
import type { Ctx } from '../../../core/context.ts'
import { newId } from '../../../core/ids.ts'
import { createCustomerAccount } from '../../identity/index.ts'

const accountRow = z.object({ account_id: z.string() }).optional()

export async function accountOf(ctx: Pick<Ctx, 'trx'>, customerId: string): Promise<string | null> {
  const row = accountRow.parse(await ctx.trx('customer_accounts').select('account_id').where({ customer_id: customerId }).first())
  return row?.account_id ?? null
}

export async function accountFor(ctx: Ctx, customer: { id: string; name: string | null }): Promise<string> {
  const known = await accountOf(ctx, customer.id)
  if (known !== null) return known
  const id = newId()
  await createCustomerAccount(ctx, { id, name: customer.name ?? '' })
  await ctx.trx('customer_accounts').insert({ customer_id: customer.id, account_id: id, created_at: ctx.now })
  return id
}
