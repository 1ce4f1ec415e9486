/** What the product says by itself: a message like an answer, with deliveries and the purse, but nobody's answer. */
import type { MessagePart } from '../../contract/message.ts'
import type { Ctx } from '../../core/context.ts'
import { Invalid } from '../../core/errors.ts'
import { accountsOf, createDeliveries, DELIVER_TOPIC, kindOf, planCalls, spendAllowance } from '../channels/index.ts'
import { announceConversation } from './announce.ts'
import { appendMessage } from './append-message.ts'
import { type ConversationRow, MessageRow } from './model.ts'

/** In the order in which they may use the purse (decisions 17): each leaves so many calls for what matters more. */
const LEAVES = { confirmation: 1, rating: 1, information: 2 } as const

export interface Speech {
  /** Names the fact that is told: the same key in the same conversation says it once. */
  key: string
  parts: readonly MessagePart[]
  importance: keyof typeof LEAVES
}

export type Spoken = { message: MessageRow } | { refused: 'reply_window_closed' | 'reply_quota_spent' | 'part_not_supported' }

/**
 * Says something in a conversation whose row the caller has locked; a closed one stays closed. Nothing is written when it is refused: what the product
 * says by itself never waits for a window, and never takes the answer that an agent will need.
 */
export async function speak(ctx: Ctx, conversation: ConversationRow, { key, parts, importance }: Speech): Promise<Spoken> {
  const clientKey = `auto:${key}`
  const said = await MessageRow.query(ctx.trx).findOne({ conversation_id: conversation.id, client_key: clientKey })
  if (said) return { message: said }
  const { kind } = await accountsOf(ctx.app).get(conversation.channel_account_id, ctx.trx)
  const { capabilities } = kindOf(ctx.app, kind)
  const calls = plannedCalls(parts, capabilities)
  if (!calls) return { refused: 'part_not_supported' }
  if (capabilities.replyAllowances !== null) {
    const { taken, window } = await spendAllowance(ctx.trx, conversation.identity_id, calls.length, ctx.now, LEAVES[importance])
    if (!taken) return { refused: window.state === 'closed' ? 'reply_window_closed' : 'reply_quota_spent' }
  }
  const row = await appendMessage(ctx, conversation, {
    direction: 'outbound',
    authorKind: 'bot',
    parts: [...parts],
    deliveryState: 'pending',
    clientKey,
  })
  await createDeliveries(ctx.trx, {
    messageId: row.id,
    conversationId: conversation.id,
    seq: row.seq,
    channelAccountId: conversation.channel_account_id,
    identityId: conversation.identity_id,
    calls,
    held: false,
  })
  ctx.wake(DELIVER_TOPIC)
  await announceConversation(ctx, conversation.id, { created: [row] })
  return { message: row }
}

function plannedCalls(parts: readonly MessagePart[], capabilities: Parameters<typeof planCalls>[1]): MessagePart[] | null {
  try {
    return planCalls(parts, capabilities, null)
  } catch (error) {
    if (error instanceof Invalid && error.code === 'part_not_supported') return null
    throw error
  }
}
