import type { Ctx, StaffActor } from '../../core/context.ts'
import { Conflict, NotFound } from '../../core/errors.ts'
import { accountsOf, cancelWaiting, kindOf } from '../channels/index.ts'
import { announceConversation } from './announce.ts'
import { MessageRow } from './model.ts'
import { conversationFor } from './policy.ts'

export const RECALL_MINUTES = 2

/**
 * Takes back one's own message. Where the channel cannot recall, only what never left us can be taken back; a note always can.
 * The place in the conversation stays, as a tombstone.
 * @throws Conflict `not_recallable`
 */
export async function recallMessage(ctx: Ctx<StaffActor>, conversationId: string, seq: number): Promise<MessageRow> {
  const conversation = await conversationFor(ctx, conversationId, 'amend')
  const row = await MessageRow.query(ctx.trx).findOne({ conversation_id: conversationId, seq }).forNoKeyUpdate()
  if (!row || (row.direction !== 'outbound' && row.direction !== 'note')) throw new NotFound('message')
  if (row.recalled_at !== null) return row
  const { kind } = await accountsOf(ctx.app).get(conversation.channel_account_id, ctx.trx)
  const young = ctx.now.getTime() - row.created_at.getTime() <= RECALL_MINUTES * 60_000
  const stayedHere = row.delivery_state === 'held' || row.delivery_state === 'failed'
  const possible =
    row.author_id === ctx.actor.accountId &&
    (row.direction === 'note' || stayedHere || (kindOf(ctx.app, kind).capabilities.recall && young))
  if (!possible) throw new Conflict('not_recallable', 'this message cannot be taken back', { withinMinutes: RECALL_MINUTES })
  // What is still waiting must not leave; a call under way has left.
  await cancelWaiting(ctx.trx, row.id)
  const changed = await row.$query(ctx.trx).patchAndFetch({ recalled_at: ctx.now, version: row.version + 1 })
  const last = conversation.last_message
  await conversation.$query(ctx.trx).patch({
    version: conversation.version + 1,
    ...(row.seq === conversation.last_seq && last ? { last_message: { ...last, recalled: true, part: { type: 'text', text: '' } } } : {}),
  })
  ctx.emit({ name: 'message.recalled', subjectId: row.id, payload: { conversationId } })
  await announceConversation(ctx, conversationId, { updated: [changed] })
  return changed
}
