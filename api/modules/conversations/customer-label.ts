import { z } from 'zod'
import type { Ctx } from '../../core/context.ts'
import { SHOWN_NAME, tailOf } from '../customers/index.ts'

const rows = z.array(z.object({ name: z.string().nullable(), value: z.string() }))

/** How a conversation's customer is called in a word to staff: his name, else the end of his channel's id. */
export async function customerLabel(ctx: Ctx, row: { identity_id: string; customer_id: string }): Promise<string> {
  const [found] = rows.parse(
    await ctx
      .trx('customers as c')
      .join('customer_identities as i', 'i.id', ctx.trx.raw('?', [row.identity_id]))
      .where('c.id', row.customer_id)
      .select(ctx.trx.raw(`${SHOWN_NAME} as name`), 'i.value'),
  )
  return found?.name ?? `#${tailOf(found?.value ?? '')}`
}
