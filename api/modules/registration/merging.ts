/**
 * When two customers become one: the pages where he sits, his registration and his password move along where the other has none. What he agreed
 * to, and by which link he came, stays written down where it happened.
 */
import { z } from 'zod'
import type { Ctx } from '../../core/context.ts'
import type { Merging, MergingPair } from '../customers/index.ts'

const doneSchema = z.object({ pages: z.array(z.uuid()), registration: z.boolean(), account: z.boolean() })
type Done = z.infer<typeof doneSchema>

const moved = z.object({ rows: z.array(z.object({ channel_account_id: z.string() })) })

async function merge(ctx: Ctx, { from, into }: MergingPair): Promise<Done> {
  const { rows } = moved.parse(
    await ctx.trx.raw(
      `update web_logins l set customer_id = :into where l.customer_id = :from
         and not exists (select 1 from web_logins o where o.customer_id = :into and o.channel_account_id = l.channel_account_id)
       returning channel_account_id`,
      { from, into },
    ),
  )
  return {
    pages: rows.map((row) => row.channel_account_id),
    registration: await moveOnly(ctx, 'registrations', { from, into }),
    account: await moveOnly(ctx, 'customer_accounts', { from, into }),
  }
}

/** @returns false when the other has one of his own, or this one none */
async function moveOnly(ctx: Ctx, table: 'registrations' | 'customer_accounts', { from, into }: MergingPair): Promise<boolean> {
  const count = await ctx
    .trx(table)
    .where({ customer_id: from })
    .whereNotExists((other) => other.select(ctx.trx.raw('1')).from(`${table} as o`).where('o.customer_id', into))
    .update({ customer_id: into })
  return count > 0
}

async function undo(ctx: Ctx, { from, into }: MergingPair, given: unknown): Promise<void> {
  const done = doneSchema.parse(given)
  await ctx.trx('web_logins').where({ customer_id: into }).whereIn('channel_account_id', done.pages).update({ customer_id: from })
  if (done.registration) await moveOnly(ctx, 'registrations', { from: into, into: from })
  if (done.account) await moveOnly(ctx, 'customer_accounts', { from: into, into: from })
}

const counted = z.object({ rows: z.tuple([z.object({ count: z.coerce.number() })]) })

export const registrationsMerging: Merging = {
  kind: 'registrations',
  async count(ctx, customerId) {
    const { rows } = counted.parse(
      await ctx.trx.raw(
        `select (select count(*) from web_logins where customer_id = :id) + (select count(*) from registrations where customer_id = :id)
           + (select count(*) from customer_accounts where customer_id = :id) as count`,
        { id: customerId },
      ),
    )
    return rows[0].count
  },
  merge,
  undo: (ctx, pair, done) => undo(ctx, pair, done),
}
