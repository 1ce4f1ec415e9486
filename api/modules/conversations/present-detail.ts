import type { Conversation, ConversationDetail } from '../../contract/conversation.ts'
import type { Message } from '../../contract/message.ts'
import type { Ctx, StaffActor } from '../../core/context.ts'
import { kindOf } from '../channels/index.ts'
import { recognise } from './consultation/recognition.ts'
import { draftOf } from './drafts.ts'
import { loadConversation, type LoadedConversation } from './load-conversations.ts'
import type { MessageRow } from './model.ts'
import { readsWhispers } from './oversight/whisper-readers.ts'
import { actionsFor, conversationFor } from './policy.ts'
import { withTags } from './shown-tags.ts'
import { presentMessage, staffNames, withheld, type Names } from './present-messages.ts'

export const presentOne = async (ctx: Ctx<StaffActor>, id: string): Promise<Conversation> =>
  (await loadConversation(ctx.app, ctx.trx, id, ctx.now, ctx.actor.accountId)).conversation

export async function presentDetail(ctx: Ctx<StaffActor>, id: string): Promise<ConversationDetail> {
  await conversationFor(ctx, id, 'view')
  const { row, conversation } = await loadConversation(ctx.app, ctx.trx, id, ctx.now, ctx.actor.accountId)
  const [shown = conversation] = await withTags(ctx.trx, [conversation])
  return {
    ...shown,
    capabilities: kindOf(ctx.app, row.channel_kind).capabilities,
    showAgentName: row.show_agent_name,
    draft: await draftOf(ctx, id),
    recognition: await recognise(ctx, row),
    permissions: await actionsFor(ctx, row),
  }
}

async function namesFor(ctx: Ctx, row: LoadedConversation, messages: readonly MessageRow[]): Promise<Names> {
  return { customer: { name: row.customer_name, avatarUrl: row.customer_avatar }, staff: await staffNames(ctx.trx, messages) }
}

/** As this reader may read them: of a whisper that is not for him, the place alone. */
export async function presentAll(ctx: Ctx<StaffActor>, conversationId: string, messages: readonly MessageRow[]): Promise<Message[]> {
  const { row } = await loadConversation(ctx.app, ctx.trx, conversationId, ctx.now, null)
  const names = await namesFor(ctx, row, messages)
  const reads = await readsWhispers(ctx, messages)
  return messages.map((message) => {
    const shown = presentMessage(message, names, row.customer_read_seq)
    return reads(message) ? shown : withheld(shown)
  })
}

/** For who has just written or changed it. */
export async function presentSingle(ctx: Ctx, message: MessageRow): Promise<Message> {
  const { row } = await loadConversation(ctx.app, ctx.trx, message.conversation_id, ctx.now, null)
  return presentMessage(message, await namesFor(ctx, row, [message]), row.customer_read_seq)
}
