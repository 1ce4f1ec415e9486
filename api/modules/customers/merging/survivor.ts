import { z } from 'zod'
import type { Ctx } from '../../../core/context.ts'
import { NotFound } from '../../../core/errors.ts'

const rows = z.object({ rows: z.array(z.object({ id: z.string() })) })

/** Whom a customer has become: himself unless he was merged away, however often. @throws NotFound */
export async function survivorOf(ctx: Pick<Ctx, 'trx'>, id: string): Promise<string> {
  const [row] = rows.parse(
    await ctx.trx.raw(
      `with recursive chain as (
         select id, merged_into_id from customers where id = ?
         union all select c.id, c.merged_into_id from customers c join chain on c.id = chain.merged_into_id)
       select id from chain where merged_into_id is null`,
      [id],
    ),
  ).rows
  if (!row) throw new NotFound('customer')
  return row.id
}
