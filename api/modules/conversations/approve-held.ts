/** An answer that was kept back for somebody's agreement goes out, or does not. */
import type { Ctx } from '../../core/context.ts'
import { Conflict, NotFound } from '../../core/errors.ts'
import { accountsOf, createDeliveries, DELIVER_TOPIC, kindOf, planCalls, spendAllowance } from '../channels/index.ts'
import { announceConversation } from './announce.ts'
import { APPROVAL_REFUSED, AWAITING_APPROVAL, ConversationRow, MessageRow } from './model.ts'
import { staffNames } from './present-messages.ts'

interface Held {
  id: string
  conversationId: string
}

/** Locked as every writer locks: the conversation, then the message. @throws Conflict `approval_decided` when it does not wait any more */
async function lockHeld(ctx: Ctx, held: Held): Promise<{ conversation: ConversationRow; row: MessageRow }> {
  const conversation = await ConversationRow.query(ctx.trx).findById(held.conversationId).forNoKeyUpdate()
  const row = await MessageRow.query(ctx.trx).findById(held.id).forNoKeyUpdate()
  if (!conversation || !row) throw new NotFound('message')
  if (row.delivery_state !== 'held' || row.delivery_reason !== AWAITING_APPROVAL || row.recalled_at !== null)
    throw new Conflict('approval_decided', 'this message waits for nobody')
  return { conversation, row }
}

/**
 * It leaves now, as far as the channel's window and purse still allow; else it waits for the customer's next words, as any other would. Also when the
 * conversation has ended meanwhile: what was promised is said.
 */
export async function releaseApproved(ctx: Ctx, held: Held): Promise<void> {
  const { conversation, row } = await lockHeld(ctx, held)
  const account = await accountsOf(ctx.app).get(conversation.channel_account_id, ctx.trx)
  const { capabilities } = kindOf(ctx.app, account.kind)
  const author = account.showAgentName ? (await staffNames(ctx.trx, [row])).get(row.author_id ?? '')?.name : undefined
  const calls = planCalls(row.parts, capabilities, author ?? null)
  const cost = calls.filter((part) => part.type !== 'template').length
  const limited = capabilities.replyAllowances !== null && cost > 0
  const goes = !limited || (await spendAllowance(ctx.trx, conversation.identity_id, cost, ctx.now)).taken
  await createDeliveries(ctx.trx, {
    messageId: row.id,
    conversationId: conversation.id,
    seq: row.seq,
    channelAccountId: conversation.channel_account_id,
    identityId: conversation.identity_id,
    calls,
    held: !goes,
  })
  const changed = await row
    .$query(ctx.trx)
    .patchAndFetch({ delivery_state: goes ? 'pending' : 'held', delivery_reason: null, version: row.version + 1 })
  await answered(ctx, conversation, row)
  if (goes) ctx.wake(DELIVER_TOPIC)
  await announceConversation(ctx, conversation.id, { released: [changed] })
}

/** From now on it counts as the answer, unless the customer has written since. */
async function answered(ctx: Ctx, conversation: ConversationRow, row: MessageRow): Promise<void> {
  const newer = await MessageRow.query(ctx.trx)
    .where({ conversation_id: conversation.id, direction: 'inbound' })
    .where('seq', '>', row.seq)
    .first()
    .select('id')
  await conversation.$query(ctx.trx).patch({
    ...(newer ? {} : { waiting_since: null, answered_at: ctx.now, idle_warned_at: null }),
    version: conversation.version + 1,
    updated_at: ctx.now,
  })
}

/** It never leaves; its author sees why. */
export async function refuseHeld(ctx: Ctx, held: Held): Promise<void> {
  const { conversation, row } = await lockHeld(ctx, held)
  const changed = await row
    .$query(ctx.trx)
    .patchAndFetch({ delivery_state: 'failed', delivery_reason: APPROVAL_REFUSED, version: row.version + 1 })
  await announceConversation(ctx, conversation.id, { updated: [changed] })
}

/** It is stored, but nothing has been said: the customer goes on waiting. */
export async function markAwaiting(
  ctx: Ctx,
  conversation: ConversationRow,
  row: MessageRow,
  before: Pick<ConversationRow, 'waiting_since' | 'answered_at' | 'idle_warned_at'>,
): Promise<MessageRow> {
  await conversation.$query(ctx.trx).patch(before)
  return row.$query(ctx.trx).patchAndFetch({ delivery_reason: AWAITING_APPROVAL })
}
