import type { z } from 'zod'
import type { replyRequest } from '../../contract/conversation.ts'
import type { MessagePart, MessagePartInput } from '../../contract/message.ts'
import type { Ctx, StaffActor } from '../../core/context.ts'
import { Conflict, Invalid } from '../../core/errors.ts'
import { sha256 } from '../../core/secrets.ts'
import { accountsOf, createDeliveries, DELIVER_TOPIC, kindOf, planCalls, spendAllowance } from '../channels/index.ts'
import { claimAttachments, mediaOf } from '../files/index.ts'
import { acceptLocked } from './accept-conversation.ts'
import { announceConversation } from './announce.ts'
import { appendMessage } from './append-message.ts'
import { markAwaiting } from './approve-held.ts'
import { type ConversationRow, MessageRow } from './model.ts'
import { conversationFor } from './policy.ts'

type ReplyInput = z.infer<typeof replyRequest>

/**
 * An agent answers (BP-004.1). Message, deliveries and purse change together or not at all; the platform is called later.
 * The same `clientKey` gives the same message. Answering a waiting conversation accepts it.
 * @throws Conflict `idempotency_mismatch`, `reply_window_closed`, `reply_quota_spent`; Invalid `part_not_supported`
 */
export async function reply(ctx: Ctx<StaffActor>, conversationId: string, input: ReplyInput): Promise<MessageRow> {
  const known = await earlierAnswer(ctx, conversationId, input)
  if (known) return known
  const conversation = await conversationFor(ctx, conversationId, 'reply')
  // Asked again under the lock: of two racing requests with one key the second finds the first's message.
  const raced = await earlierAnswer(ctx, conversationId, input)
  if (raced) return raced
  if (conversation.status === 'queued') await acceptLocked(ctx, conversation)
  const written = await storedParts(ctx, conversation, input.parts)
  const screened = await screenOutbound(ctx, conversation, written)
  const parts = screened ? [...screened.parts] : written
  const plan = await planFor(ctx, conversation, parts)
  const kept = screened?.hold ?? false
  const held = kept || !(await mayGoNow(ctx, conversation, plan, input.whenClosed === 'hold'))
  const { waiting_since, answered_at, idle_warned_at } = conversation
  const stored = await appendMessage(ctx, conversation, {
    direction: 'outbound',
    authorKind: 'agent',
    authorId: ctx.actor.accountId,
    parts,
    deliveryState: held ? 'held' : 'pending',
    clientKey: input.clientKey,
    requestDigest: digestOf(input),
  })
  const row = kept ? await markAwaiting(ctx, conversation, stored, { waiting_since, answered_at, idle_warned_at }) : stored
  if (!kept) await createDeliveries(ctx.trx, deliveriesOf(conversation, row, { calls: plan.calls, held }))
  await screened?.stored(ctx, row)
  await ctx.trx('drafts').where({ conversation_id: conversationId, account_id: ctx.actor.accountId }).delete()
  ctx.emit({ name: 'message.sent', subjectId: row.id, payload: { conversationId, accountId: ctx.actor.accountId } })
  if (input.quickReplyId)
    ctx.emit({ name: 'quick_reply.sent', subjectId: row.id, payload: { quickReplyId: input.quickReplyId, accountId: ctx.actor.accountId } })
  if (!held) ctx.wake(DELIVER_TOPIC)
  await announceConversation(ctx, conversationId, { created: [row] })
  return row
}

const deliveriesOf = (conversation: ConversationRow, row: MessageRow, plan: { calls: readonly MessagePart[]; held: boolean }) => ({
  messageId: row.id,
  conversationId: conversation.id,
  seq: row.seq,
  channelAccountId: conversation.channel_account_id,
  identityId: conversation.identity_id,
  ...plan,
})

/** Whoever looks at words before they go (`message.outbound`); of several the first that finds something. */
async function screenOutbound(ctx: Ctx<StaffActor>, conversation: ConversationRow, parts: readonly MessagePart[]) {
  for (const hook of ctx.app.hooks.all('message.outbound')) {
    const found = await hook(ctx, { conversationId: conversation.id, customerId: conversation.customer_id, parts })
    if (found) return found
  }
  return null
}

const digestOf = (input: ReplyInput) => sha256(JSON.stringify(input.parts))

async function earlierAnswer(ctx: Ctx<StaffActor>, conversationId: string, input: ReplyInput): Promise<MessageRow | undefined> {
  const row = await MessageRow.query(ctx.trx).findOne({ conversation_id: conversationId, client_key: input.clientKey })
  if (!row) return undefined
  if (row.author_id !== ctx.actor.accountId || !row.request_digest?.equals(digestOf(input))) {
    throw new Conflict('idempotency_mismatch', 'this client key was used for another message')
  }
  return row
}

async function storedParts(
  ctx: Ctx<StaffActor>,
  conversation: ConversationRow,
  inputs: readonly MessagePartInput[],
): Promise<MessagePart[]> {
  const ids = inputs.flatMap((part) =>
    'attachmentId' in part
      ? [part.attachmentId]
      : 'thumbnailAttachmentId' in part && part.thumbnailAttachmentId
        ? [part.thumbnailAttachmentId]
        : [],
  )
  const files = await claimAttachments(ctx.trx, [...new Set(ids)], ctx.actor, conversation.id)
  return inputs.map((part): MessagePart => {
    if ('attachmentId' in part) {
      const file = files.get(part.attachmentId)
      if (!file) throw new Invalid('attachment_not_ready', 'upload the file first')
      if (part.type !== 'file' && file.kind !== part.type)
        throw new Invalid('invalid_request', 'the file is of another type', { expected: part.type, actual: file.kind })
      return { type: part.type, media: mediaOf(file) }
    }
    if (part.type !== 'card') return part
    const { thumbnailAttachmentId, ...card } = part
    const thumbnail = thumbnailAttachmentId ? files.get(thumbnailAttachmentId) : undefined
    return thumbnail ? { ...card, thumbnail: mediaOf(thumbnail) } : card
  })
}

async function planFor(ctx: Ctx<StaffActor>, conversation: ConversationRow, parts: readonly MessagePart[]) {
  const account = await accountsOf(ctx.app).get(conversation.channel_account_id, ctx.trx)
  const { capabilities } = kindOf(ctx.app, account.kind)
  return {
    calls: planCalls(parts, capabilities, account.showAgentName ? ctx.actor.name : null),
    limited: capabilities.replyAllowances !== null,
  }
}

/** Templates need no window; everything else is taken from the purse now, so that two agents cannot spend the same call. */
async function mayGoNow(
  ctx: Ctx,
  conversation: ConversationRow,
  plan: { calls: readonly MessagePart[]; limited: boolean },
  hold: boolean,
): Promise<boolean> {
  const cost = plan.calls.filter((part) => part.type !== 'template').length
  if (!plan.limited || cost === 0) return true
  const { taken, window } = await spendAllowance(ctx.trx, conversation.identity_id, cost, ctx.now)
  if (taken) return true
  if (hold) return false
  const context = { remaining: window.remaining, closesAt: window.closesAt, calls: cost }
  if (window.state === 'closed') throw new Conflict('reply_window_closed', 'the channel lets nobody answer any more', context)
  throw new Conflict('reply_quota_spent', 'not enough answers are left', context)
}

/** How many platform calls these parts would take, for the composer. */
export async function replyCost(ctx: Ctx<StaffActor>, conversationId: string, inputs: readonly MessagePartInput[]): Promise<number> {
  const conversation = await conversationFor(ctx, conversationId, 'view')
  const parts = inputs.map((part): MessagePart => ('attachmentId' in part ? { type: part.type, media: { status: 'ready' } } : part))
  return (await planFor(ctx, conversation, parts)).calls.length
}
