import { MAX_MERGED } from '../../../contract/linking.ts'
import type { Ctx, StaffActor, SystemActor } from '../../../core/context.ts'
import { Conflict, Invalid } from '../../../core/errors.ts'
import type { StoredEvent } from '../../../core/events/domain-events.ts'
import { newId } from '../../../core/ids.ts'
import { record } from '../../audit/index.ts'
import { Account } from '../../identity/index.ts'
import { announceConversation } from '../announce.ts'
import { appendStaffNotice } from '../append-message.ts'
import { endConversation } from '../close-conversation.ts'
import { ConversationRow } from '../model.ts'
import { conversationFor } from '../policy.ts'
import { passOn } from '../transfers/pass-on.ts'
import { LinkRow } from './model.ts'

/**
 * Two conversations about one matter go on as one: read together, in one pair of hands, each still answered on its own channel. Nothing moves,
 * so undoing has nothing to put back but who held the other one.
 * @throws Conflict `different_customers`, `conversation_is_stream`, `conversation_merged`, `conversation_not_assigned`, `conversation_closed`,
 *   `transfer_running`, `limit_reached`
 * @returns id of the link; merging what is merged already gives the same
 */
export async function mergeConversations(ctx: Ctx<StaffActor>, fromId: string, intoId: string): Promise<string> {
  if (fromId === intoId) throw new Invalid('invalid_request', 'a conversation cannot be merged with itself')
  const { from, into } = await bothLocked(ctx, fromId, intoId)
  if (from.merged_into === into.id) {
    const known = await LinkRow.query(ctx.trx).findOne({ kind: 'merge', from_id: from.id, undone_at: null }).throwIfNotFound()
    return known.id
  }
  await refuseUnfit(ctx, from, into)
  const link = await LinkRow.query(ctx.trx).insertAndFetch({
    id: newId(),
    kind: 'merge',
    from_id: from.id,
    into_id: into.id,
    linked_by: ctx.actor.accountId,
    linked_at: ctx.now,
    from_assignee_id: from.status === 'open' ? from.assignee_id : null,
    from_was_open: from.status !== 'closed',
  })
  await from.$query(ctx.trx).patch({ merged_into: into.id, version: from.version + 1, updated_at: ctx.now })
  const by = ctx.actor.name
  const lines = {
    from: await appendStaffNotice(ctx, from, 'conversation_merged_away', { by, conversationId: into.id }),
    into: await appendStaffNotice(ctx, into, 'conversation_merged_here', { by, conversationId: from.id }),
  }
  await record(ctx, {
    action: 'conversation.merged',
    object: { kind: 'conversation', id: from.id },
    context: { into: into.id, linkId: link.id },
  })
  ctx.emit({ name: 'conversation.merged', subjectId: from.id, payload: { into: into.id } })
  await announceConversation(ctx, from.id, { created: [lines.from] })
  await announceConversation(ctx, into.id, { created: [lines.into] })
  if (from.status !== 'closed') await intoTheSameHands(ctx, from, into)
  return link.id
}

/** Always in the same order, so that two who merge the two ways round take turns. */
export async function bothLocked(ctx: Ctx<StaffActor>, fromId: string, intoId: string) {
  const [first, second] = [fromId, intoId].sort()
  const one = await conversationFor(ctx, first ?? '', 'link')
  const other = await conversationFor(ctx, second ?? '', 'link')
  return one.id === fromId ? { from: one, into: other } : { from: other, into: one }
}

async function refuseUnfit(ctx: Ctx, from: ConversationRow, into: ConversationRow): Promise<void> {
  if (from.kind === 'stream' || into.kind === 'stream')
    throw new Conflict('conversation_is_stream', 'a group’s stream is nobody’s single matter')
  if (from.customer_id !== into.customer_id) throw new Conflict('different_customers', 'merge the customers first')
  if (from.offered_to !== null || into.offered_to !== null) throw new Conflict('transfer_running', 'one of them is being passed on')
  const merged = await ConversationRow.query(ctx.trx).whereIn('merged_into', [from.id, into.id]).select('merged_into')
  if (from.merged_into !== null || into.merged_into !== null || merged.some((row) => row.merged_into === from.id))
    throw new Conflict('conversation_merged', 'one of them is part of another merge')
  if (merged.length >= MAX_MERGED) throw new Conflict('limit_reached', 'enough conversations are merged here', { max: MAX_MERGED })
  if (from.status === 'closed') return
  if (into.status === 'queued') throw new Conflict('conversation_not_assigned', 'somebody must have the one that goes on')
  if (into.status === 'closed') throw new Conflict('conversation_closed', 'what goes on cannot become part of what is over')
}

async function intoTheSameHands(ctx: Ctx<StaffActor>, from: ConversationRow, into: ConversationRow): Promise<void> {
  if (into.assignee_id === null || from.assignee_id === into.assignee_id) return
  const to = await Account.query(ctx.trx).findById(into.assignee_id).select('id', 'name').throwIfNotFound()
  await passOn(ctx, { row: from, to, reason: { code: 'merged', params: { by: ctx.actor.name } }, force: true })
}

/** When the one that goes on ends, what is read as part of it ends with it. */
export async function endMerged(ctx: Ctx<SystemActor>, event: StoredEvent): Promise<void> {
  const rows = await ConversationRow.query(ctx.trx)
    .where({ merged_into: event.subjectId })
    .whereNot('status', 'closed')
    .orderBy('id')
    .forNoKeyUpdate()
  for (const row of rows) await endConversation(ctx, row, 'merged')
}
