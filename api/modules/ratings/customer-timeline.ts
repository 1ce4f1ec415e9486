import { z } from 'zod'
import { RATING_LEVELS } from '../../contract/rating.ts'
import type { Ctx, StaffActor } from '../../core/context.ts'
import { readableBy } from '../conversations/index.ts'
import { momentOf, type TimelinePage, type TimelineRequest } from '../customers/index.ts'

const rows = z.object({
  rows: z.array(
    z.object({
      id: z.string(),
      at: z.string(),
      conversation_id: z.string(),
      score: z.number(),
      scale: z.number(),
      level: z.enum(RATING_LEVELS),
      comment: z.string().nullable(),
      agent_id: z.string(),
      agent_name: z.string(),
      readable: z.boolean(),
    }),
  ),
})

/** What he thought of each service: the score for whoever may see the customer, his words for the readers of the conversation. */
export async function ratingEntries(ctx: Ctx<StaffActor>, { customerId, before, limit }: TimelineRequest): Promise<TimelinePage> {
  const readable = await readableBy(ctx)
  const answer = rows.parse(
    await ctx.trx.raw(
      `select r.id, ${momentOf('r.created_at')} as at, r.conversation_id, r.score, r.scale, r.level, r.comment, r.agent_id, s.name as agent_name,
              coalesce(${readable.sql}, false) as readable
       from conversations v join ratings r on r.conversation_id = v.id join accounts s on s.id = r.agent_id
       where v.customer_id = ? and (?::timestamptz is null or (r.created_at, r.id) < (?::timestamptz, ?::uuid))
       order by r.created_at desc, r.id desc limit ?`,
      [...readable.bindings, customerId, before?.at ?? null, before?.at ?? null, before?.id ?? null, limit],
    ),
  )
  return answer.rows.map((row) => ({
    kind: 'rating',
    id: row.id,
    at: row.at,
    text: row.readable ? row.comment : null,
    state: row.level,
    actor: { id: row.agent_id, name: row.agent_name },
    facts: { score: row.score, scale: row.scale, conversationId: row.conversation_id, readable: row.readable },
  }))
}
