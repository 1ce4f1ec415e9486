/** A customer's conversations as entries of his timeline. That there was one is told to whoever may see him; its words only to its readers. */
import { z } from 'zod'
import { CONVERSATION_STATUSES } from '../../contract/conversation.ts'
import { messagePartSchema } from '../../contract/message.ts'
import type { Ctx, StaffActor } from '../../core/context.ts'
import { momentOf, type TimelinePage, type TimelineRequest } from '../customers/index.ts'
import { readableBy } from './readable.ts'

const rows = z.object({
  rows: z.array(
    z.object({
      id: z.string(),
      at: z.string(),
      status: z.enum(CONVERSATION_STATUSES),
      last_message: z.object({ part: messagePartSchema, recalled: z.boolean() }).nullable(),
      last_seq: z.number(),
      close_reason: z.string().nullable(),
      assignee_id: z.string().nullable(),
      readable: z.boolean(),
      assignee_name: z.string().nullable(),
      channel_kind: z.string(),
      channel_name: z.string(),
    }),
  ),
})

export async function conversationEntries(ctx: Ctx<StaffActor>, { customerId, before, limit }: TimelineRequest): Promise<TimelinePage> {
  const readable = await readableBy(ctx)
  const answer = rows.parse(
    await ctx.trx.raw(
      `select v.id, ${momentOf('v.created_at')} as at, v.status, v.last_message, v.last_seq, v.close_reason, v.assignee_id,
              coalesce(${readable.sql}, false) as readable, s.name as assignee_name, a.kind as channel_kind, a.name as channel_name
       from conversations v join channel_accounts a on a.id = v.channel_account_id left join accounts s on s.id = v.assignee_id
       where v.customer_id = ? and (?::timestamptz is null or (v.created_at, v.id) < (?::timestamptz, ?::uuid))
       order by v.created_at desc, v.id desc limit ?`,
      [...readable.bindings, customerId, before?.at ?? null, before?.at ?? null, before?.id ?? null, limit],
    ),
  )
  return answer.rows.map((row) => {
    const { readable } = row
    const part = row.last_message?.recalled === false ? row.last_message.part : null
    return {
      kind: 'conversation',
      id: row.id,
      at: row.at,
      text: readable && part?.type === 'text' ? part.text.slice(0, 200) : null,
      state: row.status,
      actor: row.assignee_id !== null && row.assignee_name !== null ? { id: row.assignee_id, name: row.assignee_name } : null,
      facts: {
        channelKind: row.channel_kind,
        channelName: row.channel_name,
        messages: row.last_seq,
        closeReason: row.close_reason,
        readable,
        ...(readable && part !== null ? { partType: part.type } : {}),
      },
    }
  })
}
