import { z } from 'zod'
import type { Merging } from '../../customers/index.ts'
import { BlockRow } from './block-customer.ts'

const done = z.object({ moved: z.string().nullable() })

/** Who is blocked stays blocked under another name: the survivor takes the block over, unless he has one of his own. */
export const movedBlocks: Merging = {
  kind: 'blocks',
  count: (ctx, customerId) => BlockRow.query(ctx.trx).where({ customer_id: customerId }).whereNull('lifted_at').resultSize(),
  async merge(ctx, { from, into }) {
    const block = await BlockRow.query(ctx.trx).findOne({ customer_id: from, lifted_at: null }).forNoKeyUpdate()
    const own = await BlockRow.query(ctx.trx).findOne({ customer_id: into, lifted_at: null }).forNoKeyUpdate()
    if (!block || own) return { moved: null }
    await block.$query(ctx.trx).patch({ customer_id: into })
    return { moved: block.id }
  },
  async undo(ctx, { from, into }, stored) {
    const { moved } = done.parse(stored)
    if (moved !== null)
      await BlockRow.query(ctx.trx).where({ id: moved, customer_id: into }).whereNull('lifted_at').patch({ customer_id: from })
  },
}
