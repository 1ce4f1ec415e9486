import { z } from 'zod'
import type { Ctx, SystemActor } from '../../core/context.ts'
import type { StoredEvent } from '../../core/events/domain-events.ts'
import { ReplyRow } from './model.ts'

const sent = z.object({ quickReplyId: z.uuid(), accountId: z.uuid() })

/**
 * A sent message began as a quick reply: one use, however often this is heard. After the message and not with it, so that agents who send the same reply
 * do not wait for one another. A reply that is gone, or was never within the sender's reach, counts nothing.
 */
export async function countUse(ctx: Ctx<SystemActor>, event: StoredEvent): Promise<void> {
  const { quickReplyId, accountId } = sent.parse(event.payload)
  const reply = await ReplyRow.query(ctx.trx).findById(quickReplyId).forKeyShare()
  if (!reply || (reply.scope === 'personal' && reply.owner_id !== accountId)) return
  await ctx.trx.raw(
    `with used as (
       insert into quick_reply_uses (message_id, reply_id, account_id, used_at) values (:message, :reply, :account, :at)
       on conflict (message_id) do nothing returning reply_id),
     total as (
       insert into quick_reply_totals as t (reply_id, uses, last_used_at) select reply_id, 1, :at from used
       on conflict (reply_id) do update set uses = t.uses + 1, last_used_at = greatest(t.last_used_at, excluded.last_used_at))
     insert into quick_reply_tallies as t (reply_id, account_id, uses, last_used_at) select reply_id, :account, 1, :at from used
     on conflict (account_id, reply_id) do update set uses = t.uses + 1, last_used_at = greatest(t.last_used_at, excluded.last_used_at)`,
    { message: event.subjectId, reply: quickReplyId, account: accountId, at: event.occurredAt },
  )
}
