import type { Ctx, StaffActor } from '../../core/context.ts'
import { Conflict, NotFound } from '../../core/errors.ts'
import { accountsOf, DELIVER_TOPIC, heldFor, kindOf, requeueMessage, spendAllowance, unfinishedCalls } from '../channels/index.ts'
import { announceConversation, announceMessages } from './announce.ts'
import { APPROVAL_REFUSED, type ConversationRow, MessageRow } from './model.ts'
import { conversationFor } from './policy.ts'

async function outboundMessage(ctx: Ctx, conversation: ConversationRow, seq: number): Promise<MessageRow> {
  const row = await MessageRow.query(ctx.trx).findOne({ conversation_id: conversation.id, seq, direction: 'outbound' }).forNoKeyUpdate()
  if (!row) throw new NotFound('message')
  return row
}

/** What a supervisor refused is not sent by sending it again. */
function refuseRefused(row: MessageRow): void {
  if (row.delivery_reason === APPROVAL_REFUSED)
    throw new Conflict('not_retryable', 'a supervisor refused it', { state: row.delivery_state })
}

async function setState(ctx: Ctx, row: MessageRow, state: 'pending' | 'held'): Promise<MessageRow> {
  return row
    .$query(ctx.trx)
    .patchAndFetch({ delivery_state: state, delivery_reason: null, delivery_platform_code: null, version: row.version + 1 })
}

/**
 * Sends a failed message, or one whose outcome is unknown, once more. The mark turns green only when the platform says so.
 * @throws Conflict `not_retryable`, `reply_window_closed`, `reply_quota_spent`
 */
export async function retryMessage(ctx: Ctx<StaffActor>, conversationId: string, seq: number): Promise<MessageRow> {
  const conversation = await conversationFor(ctx, conversationId, 'amend')
  const row = await outboundMessage(ctx, conversation, seq)
  refuseRefused(row)
  if (row.delivery_state !== 'failed' && row.delivery_state !== 'unknown')
    throw new Conflict('not_retryable', 'only a failed message can be sent again', { state: row.delivery_state })
  const { kind } = await accountsOf(ctx.app).get(conversation.channel_account_id, ctx.trx)
  const template = row.parts.every((part) => part.type === 'template')
  if (kindOf(ctx.app, kind).capabilities.replyAllowances !== null && !template) {
    const { taken, window } = await spendAllowance(ctx.trx, conversation.identity_id, await unfinishedCalls(ctx.trx, row.id), ctx.now)
    const code = window.state === 'closed' ? 'reply_window_closed' : 'reply_quota_spent'
    if (!taken) throw new Conflict(code, 'the channel lets nobody answer now', { remaining: window.remaining, closesAt: window.closesAt })
  }
  await requeueMessage(ctx.trx, row.id, 'queued')
  const changed = await setState(ctx, row, 'pending')
  ctx.wake(DELIVER_TOPIC)
  await announceMessages(ctx, conversationId, [changed])
  return changed
}

/** "Send when the customer writes": a failed message waits for the window to open. @throws Conflict `not_retryable` */
export async function holdMessage(ctx: Ctx<StaffActor>, conversationId: string, seq: number): Promise<MessageRow> {
  const conversation = await conversationFor(ctx, conversationId, 'amend')
  const row = await outboundMessage(ctx, conversation, seq)
  refuseRefused(row)
  if (row.delivery_state !== 'failed') throw new Conflict('not_retryable', 'only a failed message can wait', { state: row.delivery_state })
  await requeueMessage(ctx.trx, row.id, 'held')
  const changed = await setState(ctx, row, 'held')
  await announceMessages(ctx, conversationId, [changed])
  return changed
}

/** The customers wrote: what was kept for them goes out, oldest first, as far as the new purse reaches. */
export async function releaseHeld(ctx: Ctx, identityIds: readonly string[]): Promise<void> {
  for (const { messageId, identityId, calls } of await heldFor(ctx.trx, identityIds)) {
    const { taken } = await spendAllowance(ctx.trx, identityId, calls, ctx.now)
    const row = taken ? await MessageRow.query(ctx.trx).findById(messageId).forNoKeyUpdate() : undefined
    if (!row) continue
    await requeueMessage(ctx.trx, messageId, 'queued')
    await announceConversation(ctx, row.conversation_id, { released: [await setState(ctx, row, 'pending')] })
    ctx.wake(DELIVER_TOPIC)
  }
}
