import type { Ctx, StaffActor } from '../../core/context.ts'
import { announce, releaseWork } from '../routing/index.ts'
import { announceConversation, audience } from './announce.ts'
import { appendNotice } from './append-message.ts'
import type { ConversationRow } from './model.ts'
import { conversationFor } from './policy.ts'

/** Ends a conversation. The customer's next message opens a new one. */
export async function closeConversation(ctx: Ctx<StaffActor>, id: string, reason: string): Promise<void> {
  await endConversation(ctx, await conversationFor(ctx, id, 'close'), reason)
}

/** As above, whoever decides; the caller holds the row's lock. */
export async function endConversation(ctx: Ctx, row: ConversationRow, reason: string): Promise<void> {
  const { id, assignee_id: assignee } = row
  const by = ctx.actor.kind === 'staff' ? { name: ctx.actor.name, id: ctx.actor.accountId } : { name: null, id: null }
  const before = audience(row)
  const line = await appendNotice(ctx, row, 'conversation_closed', { reason, name: by.name })
  await row
    .$query(ctx.trx)
    .patch({ status: 'closed', closed_at: ctx.now, close_reason: reason, waiting_since: null, unread: 0, staff_read_seq: row.last_seq })
  await releaseWork(ctx, { kind: 'conversation', id }, `closed:${reason}`)
  await ctx.trx('drafts').where({ conversation_id: id }).delete()
  ctx.emit({ name: 'conversation.closed', subjectId: id, payload: { reason, by: by.id } })
  await announceConversation(ctx, id, { created: [line], before })
  if (assignee !== null) await announce(ctx, assignee)
}
