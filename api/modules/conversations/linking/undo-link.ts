import type { Ctx, StaffActor } from '../../../core/context.ts'
import { Conflict, NotFound } from '../../../core/errors.ts'
import { record } from '../../audit/index.ts'
import { Account } from '../../identity/index.ts'
import { announceConversation } from '../announce.ts'
import { appendStaffNotice } from '../append-message.ts'
import { endConversation } from '../close-conversation.ts'
import type { ConversationRow } from '../model.ts'
import { passOn } from '../transfers/pass-on.ts'
import { bothLocked } from './merge-conversations.ts'
import { LinkRow } from './model.ts'
import { undoUntil } from './present-links.ts'

/**
 * Merged conversations part, split ones are one matter again; what was written in between stays where it was written. Within 30 days.
 * @throws NotFound outside one's scope; Conflict `link_undone`, `link_undo_expired`
 */
export async function undoLink(ctx: Ctx<StaffActor>, id: string): Promise<void> {
  const known = await LinkRow.query(ctx.trx).findById(id).select('from_id', 'into_id')
  if (!known) throw new NotFound('link')
  const { from, into } = await bothLocked(ctx, known.from_id, known.into_id)
  const link = await LinkRow.query(ctx.trx).findById(id).forNoKeyUpdate().throwIfNotFound()
  if (link.undone_at !== null) throw new Conflict('link_undone', 'undone already', { undoneAt: link.undone_at.toISOString() })
  if (undoUntil(link.linked_at) < ctx.now) throw new Conflict('link_undo_expired', 'it is too late for that')
  await link.$query(ctx.trx).patch({ undone_at: ctx.now, undone_by: ctx.actor.accountId })
  await record(ctx, {
    action: link.kind === 'merge' ? 'conversation.merge_undone' : 'conversation.split_undone',
    object: { kind: 'conversation', id: from.id },
    context: { into: into.id, linkId: id },
  })
  if (link.kind === 'merge') await part(ctx, from, into, link)
  else await rejoin(ctx, from, into)
}

async function part(ctx: Ctx<StaffActor>, from: ConversationRow, into: ConversationRow, link: LinkRow): Promise<void> {
  await from.$query(ctx.trx).patch({ merged_into: null, version: from.version + 1, updated_at: ctx.now })
  const by = ctx.actor.name
  for (const row of [from, into]) {
    const line = await appendStaffNotice(ctx, row, 'conversation_merge_undone', { by })
    await announceConversation(ctx, row.id, { created: [line] })
  }
  if (from.status !== 'open' || link.from_assignee_id === null || link.from_assignee_id === from.assignee_id) return
  const former = await Account.query(ctx.trx).findOne({ id: link.from_assignee_id, status: 'active' }).select('id', 'name')
  if (former) await passOn(ctx, { row: from, to: former, reason: { code: 'merge_undone', params: { by } }, force: true })
}

async function rejoin(ctx: Ctx<StaffActor>, from: ConversationRow, into: ConversationRow): Promise<void> {
  const line = await appendStaffNotice(ctx, from, 'conversation_split_undone', { by: ctx.actor.name })
  await announceConversation(ctx, from.id, { created: [line] })
  if (into.status !== 'closed') await endConversation(ctx, into, 'split_undone')
}
