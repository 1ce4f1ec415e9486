/** What a leaving colleague hands on here: the customers whose regular agent he is (离职继承). */
import { record } from '../audit/index.ts'
import type { Leaving } from '../organisation/index.ts'
import { CustomerRow } from './model.ts'

export const regularCustomers: Leaving = {
  kind: 'regular_customers',
  count: (ctx, accountId) => CustomerRow.query(ctx.trx).where({ owner_id: accountId }).resultSize(),
  async handOver(ctx, { from, to }) {
    const moved = await CustomerRow.query(ctx.trx)
      .where({ owner_id: from })
      .patch({ owner_id: to, version: ctx.trx.raw('version + 1'), updated_at: ctx.now })
    if (moved > 0)
      await record(ctx, { action: 'customers.handed_over', object: { kind: 'staff', id: from }, context: { to, customers: moved } })
    return moved
  },
}
