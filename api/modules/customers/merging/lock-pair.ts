import type { Ctx } from '../../../core/context.ts'
import { Invalid, NotFound } from '../../../core/errors.ts'
import { CustomerRow, IdentityRow } from '../model.ts'

/**
 * Holds both customers and all identities of both until the transaction ends. Identities come first and in the order of their ids, as the
 * taking-in of messages takes them: who writes at this moment has finished, or waits and finds himself with the one who stays.
 * @returns in the order asked for
 * @throws NotFound
 */
export async function lockPair(ctx: Ctx, first: string, second: string): Promise<[CustomerRow, CustomerRow]> {
  if (first === second) throw new Invalid('invalid_request', 'a customer cannot be merged with himself')
  await lockIdentities(ctx, [first, second])
  const rows = await CustomerRow.query(ctx.trx).whereIn('id', [first, second]).orderBy('id').forUpdate()
  // One that was added while we waited for the customers.
  await lockIdentities(ctx, [first, second])
  const [a, b] = [first, second].map((id) => rows.find((row) => row.id === id))
  if (!a || !b) throw new NotFound('customer')
  return [a, b]
}

const lockIdentities = (ctx: Ctx, customerIds: readonly string[]) =>
  IdentityRow.query(ctx.trx)
    .whereIn('customer_id', [...customerIds])
    .orderBy('id')
    .forNoKeyUpdate()
    .select('id')
