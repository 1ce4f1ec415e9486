import type { Ctx, StaffActor } from '../../core/context.ts'
import { takeWork } from '../routing/index.ts'
import { settle } from './assign-conversation.ts'
import { type ConversationRow } from './model.ts'
import { conversationFor } from './policy.ts'

/** Takes a waiting conversation. Of two who try, one gets it; the other is told who (`already_assigned`). */
export async function acceptConversation(ctx: Ctx<StaffActor>, id: string): Promise<ConversationRow> {
  const row = await conversationFor(ctx, id, 'accept')
  await acceptLocked(ctx, row)
  return row
}

/** For a row that the caller has locked and found queued. */
export async function acceptLocked(ctx: Ctx<StaffActor>, row: ConversationRow): Promise<void> {
  const assigned = await takeWork(
    ctx,
    { kind: 'conversation', id: row.id },
    { id: ctx.actor.accountId, name: ctx.actor.name },
    ctx.actor.permissions.has('conversations.reply_all'),
  )
  await settle(ctx, [{ row, assigned }])
}
