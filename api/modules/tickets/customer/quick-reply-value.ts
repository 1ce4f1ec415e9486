import { z } from 'zod'
import type { KnownValues } from '../../../contract/quick-reply.ts'
import type { Ctx } from '../../../core/context.ts'

const rows = z.object({ rows: z.array(z.object({ number: z.string() })) })

/** The number of the ticket that this conversation is about: made from it, else his newest that is not over. */
export async function ticketNumberOf(ctx: Pick<Ctx, 'trx'>, conversationId: string): Promise<KnownValues> {
  const answer: unknown = await ctx.trx.raw(
    `select t.number from conversations v join tickets t on t.customer_id = v.customer_id and t.merged_into is null
     where v.id = ? and (t.conversation_id = v.id or t.status not in ('resolved', 'closed'))
     order by coalesce(t.conversation_id = v.id, false) desc, t.created_at desc, t.id desc limit 1`,
    [conversationId],
  )
  const [found] = rows.parse(answer).rows
  return found ? { 'ticket.number': found.number } : {}
}
