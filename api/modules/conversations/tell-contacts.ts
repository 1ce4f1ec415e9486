/**
 * Tells the customers when somebody was last in touch. Never on the way of a message: when a conversation begins and ends, behind the commit
 * that made it so, and every half minute for those that go on.
 */
import { z } from 'zod'
import type { App } from '../../core/app.ts'
import { type Ctx, inTransaction, SYSTEM } from '../../core/context.ts'
import { noteContacts } from '../customers/index.ts'

const rows = z.object({
  rows: z.array(z.object({ customer_id: z.string(), at: z.date(), wrote_at: z.date().nullable() })),
})
const COLUMNS = `customer_id, coalesce(last_message_at, created_at) as at,
  case when last_message->>'direction' = 'inbound' then last_message_at when waiting_since is not null then waiting_since end as wrote_at`

const tell = async (ctx: Ctx, answer: unknown) =>
  noteContacts(
    ctx,
    rows.parse(answer).rows.map((row) => ({ customerId: row.customer_id, at: row.at, wroteAt: row.wrote_at })),
  )

export async function tellContact(ctx: Ctx, conversationId: string): Promise<void> {
  await tell(ctx, await ctx.trx.raw(`select ${COLUMNS} from conversations where id = ?`, [conversationId]))
}

/** Conversations that are not over; those whose customer is up to date cost one look each. */
export const tellContacts = (app: App): Promise<void> =>
  inTransaction(app, SYSTEM, async (ctx) =>
    tell(
      ctx,
      await ctx.trx.raw(
        `select ${COLUMNS} from conversations where status <> 'closed' and coalesce(last_message_at, created_at) > app_now() - interval '1 hour'`,
      ),
    ),
  )
