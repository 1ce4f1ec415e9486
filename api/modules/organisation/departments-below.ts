import { z } from 'zod'
import type { Ctx } from '../../core/context.ts'

const ids = z.object({ rows: z.array(z.object({ id: z.string() })) })

/** This department and all beneath it, in one statement. */
export async function departmentsBelow(ctx: Pick<Ctx, 'trx'>, id: string): Promise<string[]> {
  const { rows } = ids.parse(
    await ctx.trx.raw(
      `with recursive below as (
         select id from departments where id = ?
         union select d.id from departments d join below b on d.parent_id = b.id
       ) select id from below`,
      [id],
    ),
  )
  return rows.map((row) => row.id)
}
