import { z } from 'zod'
import type { Ctx } from '../../../core/context.ts'
import { SHOWN_NAME, tailOf } from '../../customers/index.ts'

const found = z.object({ rows: z.tuple([z.object({ name: z.string().nullable(), external_id: z.string() })]) })

/** How staff know him, for a notification; nameless ones by the end of their channel id. */
export async function nameOfCustomer(ctx: Ctx, row: { customer_id: string; identity_id: string }): Promise<string> {
  const { rows } = found.parse(
    await ctx.trx.raw(
      `select ${SHOWN_NAME} as name, i.value as external_id from customers c, customer_identities i where c.id = ? and i.id = ?`,
      [row.customer_id, row.identity_id],
    ),
  )
  return rows[0].name ?? tailOf(rows[0].external_id)
}
