import type { Ctx, StaffActor } from '../../core/context.ts'
import { announce, releaseWork } from '../routing/index.ts'
import { announceConversation, audience } from './announce.ts'
import { appendNotice } from './append-message.ts'
import { conversationFor } from './policy.ts'

/** Ends a conversation. The customer's next message opens a new one. */
export async function closeConversation(ctx: Ctx<StaffActor>, id: string, reason: string): Promise<void> {
  const row = await conversationFor(ctx, id, 'close')
  const { assignee_id: assignee } = row
  const before = audience(row)
  const line = await appendNotice(ctx, row, 'conversation_closed', { reason, name: ctx.actor.name })
  await row
    .$query(ctx.trx)
    .patch({ status: 'closed', closed_at: ctx.now, close_reason: reason, waiting_since: null, unread: 0, staff_read_seq: row.last_seq })
  await releaseWork(ctx, { kind: 'conversation', id }, `closed:${reason}`)
  await ctx.trx('drafts').where({ conversation_id: id }).delete()
  ctx.emit({ name: 'conversation.closed', subjectId: id, payload: { reason, by: ctx.actor.accountId } })
  await announceConversation(ctx, id, { created: [line], before })
  if (assignee !== null) await announce(ctx, assignee)
}
