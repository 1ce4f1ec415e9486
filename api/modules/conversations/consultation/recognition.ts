import { z } from 'zod'
import type { Recognition } from '../../../contract/consultation.ts'
import type { Ctx } from '../../../core/context.ts'

const rows = z.object({
  rows: z.array(
    z.object({
      earlier: z.number(),
      id: z.string().nullable(),
      agent_id: z.string().nullable(),
      agent_name: z.string().nullable(),
      closed_at: z.date().nullable(),
      close_reason: z.string().nullable(),
      summary: z.string().nullable(),
      last_text: z.string().nullable(),
    }),
  ),
})

/** Who this customer is for us, beside the conversation that begins (BP-003.2): what was before it, on any channel. One statement. */
export async function recognise(
  ctx: Pick<Ctx, 'trx'>,
  conversation: { id: string; customer_id: string; created_at: Date },
): Promise<Recognition> {
  const answer: unknown = await ctx.trx.raw(
    `select e.earlier, v.id, v.assignee_id as agent_id, a.name as agent_name, v.closed_at, v.close_reason, v.wrap_summary as summary,
       left(v.last_message #>> '{part,text}', 120) as last_text
     from (select count(*)::int as earlier from conversations
           where customer_id = :customer and id <> :id and kind = 'direct' and created_at <= :created) as e
     left join lateral (
       select * from conversations where customer_id = :customer and id <> :id and kind = 'direct' and status = 'closed' and created_at <= :created
       order by created_at desc, id desc limit 1) as v on true
     left join accounts a on a.id = v.assignee_id`,
    { customer: conversation.customer_id, id: conversation.id, created: conversation.created_at },
  )
  const [row] = rows.parse(answer).rows
  if (!row) return { earlier: 0, last: null }
  const { earlier, id, closed_at: closedAt } = row
  if (id === null || closedAt === null) return { earlier, last: null }
  return {
    earlier,
    last: {
      conversationId: id,
      agent: row.agent_id === null ? null : { id: row.agent_id, name: row.agent_name ?? '' },
      closedAt: closedAt.toISOString(),
      closeReason: row.close_reason,
      summary: row.summary,
      lastText: row.last_text,
    },
  }
}
