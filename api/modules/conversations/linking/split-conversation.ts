import type { Ctx, StaffActor } from '../../../core/context.ts'
import { Conflict, Invalid } from '../../../core/errors.ts'
import { newId } from '../../../core/ids.ts'
import { record } from '../../audit/index.ts'
import { announceConversation } from '../announce.ts'
import { appendStaffNotice } from '../append-message.ts'
import { ConversationRow, MessageRow } from '../model.ts'
import { conversationFor } from '../policy.ts'
import { passOn } from '../transfers/pass-on.ts'
import { LinkRow } from './model.ts'

/**
 * Another matter in the same conversation gets a conversation of its own: with its own agent, notes, wrap-up and figures, referring to the messages
 * that belong to it, which stay where they are. The customer goes on in the one that he knows; there he is answered.
 * @throws Conflict `conversation_is_stream`, `conversation_split`, `transfer_running`, `at_capacity`; Invalid for what is no message of his or ours
 * @returns id of the link
 */
export async function splitConversation(ctx: Ctx<StaffActor>, fromId: string, wanted: readonly number[]): Promise<string> {
  const from = await conversationFor(ctx, fromId, 'link')
  if (from.kind === 'stream') throw new Conflict('conversation_is_stream', 'issues of a stream are made otherwise')
  if (from.kind === 'split')
    throw new Conflict('conversation_split', 'its messages stand in the original', { conversationId: from.split_from })
  if (from.offered_to !== null) throw new Conflict('transfer_running', 'it is being passed on')
  const seqs = [...new Set(wanted)].sort((one, other) => one - other)
  await refuseOthers(ctx, fromId, seqs)
  const into = await newConversation(ctx, from)
  await ctx.trx('conversation_references').insert(seqs.map((seq) => ({ conversation_id: into.id, source_id: fromId, source_seq: seq })))
  const link = await LinkRow.query(ctx.trx).insertAndFetch({
    id: newId(),
    kind: 'split',
    from_id: fromId,
    into_id: into.id,
    linked_by: ctx.actor.accountId,
    linked_at: ctx.now,
    from_assignee_id: null,
    from_was_open: from.status !== 'closed',
  })
  const count = seqs.length
  const lines = {
    from: await appendStaffNotice(ctx, from, 'conversation_split_away', { by: ctx.actor.name, count, conversationId: into.id }),
    into: await appendStaffNotice(ctx, into, 'conversation_split_here', { by: ctx.actor.name, count, conversationId: fromId }),
  }
  await record(ctx, {
    action: 'conversation.split',
    object: { kind: 'conversation', id: fromId },
    context: { into: into.id, linkId: link.id, seqs },
  })
  ctx.emit({ name: 'conversation.split', subjectId: fromId, payload: { into: into.id } })
  await announceConversation(ctx, fromId, { created: [lines.from] })
  const to = { id: ctx.actor.accountId, name: ctx.actor.name }
  await passOn(ctx, { row: into, to, reason: { code: 'split_off', params: {} }, force: false })
  await announceConversation(ctx, into.id, { created: [lines.into] })
  return link.id
}

/** Only what was said between the customer and us can be another matter; each message once. */
async function refuseOthers(ctx: Ctx, conversationId: string, seqs: readonly number[]): Promise<void> {
  const found = await MessageRow.query(ctx.trx)
    .where({ conversation_id: conversationId })
    .whereIn('seq', [...seqs])
    .whereIn('direction', ['inbound', 'outbound'])
    .select('seq')
  const unknown = seqs.filter((seq) => !found.some((message) => message.seq === seq))
  if (unknown.length > 0)
    throw new Invalid('invalid_request', 'only messages of the customer and to him can be split off', { seqs: unknown })
}

/** Waiting for a moment, within this transaction: whoever split it takes it as any other. */
async function newConversation(ctx: Ctx, from: ConversationRow): Promise<ConversationRow> {
  const id = newId()
  await ctx.trx.raw(
    `insert into conversations (id, kind, status, customer_id, identity_id, channel_account_id, team_id, business_type_id, source, split_from, queued_at, created_at, updated_at)
     select ?, 'split', 'queued', customer_id, identity_id, channel_account_id, team_id, business_type_id, source, id, ?, ?, ? from conversations where id = ?`,
    [id, ctx.now, ctx.now, ctx.now, from.id],
  )
  return ConversationRow.query(ctx.trx).findById(id).forNoKeyUpdate().throwIfNotFound()
}
