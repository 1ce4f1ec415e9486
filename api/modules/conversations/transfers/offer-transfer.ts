import type { z } from 'zod'
import type { transferRequest } from '../../../contract/transfer.ts'
import type { Ctx, StaffActor } from '../../../core/context.ts'
import { Conflict } from '../../../core/errors.ts'
import { newId } from '../../../core/ids.ts'
import { record } from '../../audit/index.ts'
import { notify } from '../../notifications/index.ts'
import { announceConversation } from '../announce.ts'
import { appendMessage, appendStaffNotice } from '../append-message.ts'
import { customerLabel } from '../customer-label.ts'
import { type ConversationRow, MessageRow } from '../model.ts'
import { conversationFor } from '../policy.ts'
import { announceTransfer } from './announce-transfer.ts'
import { endOffer, runningOffer } from './end-offer.ts'
import { takeDraft } from './keep-context.ts'
import { TransferRow } from './model.ts'
import { releaseToTeam } from './pass-on.ts'
import { transferRules } from './rules.ts'
import { personToAsk, teamToAsk } from './targets.ts'

type Input = z.infer<typeof transferRequest>
type Person = { id: string; name: string }

/**
 * Passes a conversation on (BP-004.6). A colleague is asked, and until he says yes it stays with whoever has it; a team gets it at once, into its
 * queue where nobody is free. Asking the same person in the same words again gives the same offer.
 * @throws Conflict `transfer_running`, `conversation_not_assigned`, `conversation_closed`, and what `personToAsk` and `teamToAsk` throw
 * @returns id of the transfer
 */
export async function offerTransfer(ctx: Ctx<StaffActor>, conversationId: string, { to, note = '' }: Input): Promise<string> {
  const row = await conversationFor(ctx, conversationId, 'transfer')
  const running = await runningOffer(ctx, conversationId)
  // What somebody else has moved meanwhile is no offer any more, though the listener has not come by yet.
  const stale = running !== undefined && running.from_account_id !== row.assignee_id
  if (running && stale) await endOffer(ctx, { row, transfer: running }, { state: 'cancelled', reason: 'reassigned', by: null })
  else if (running && (await isSame(ctx, running, { to, note }))) return running.id
  else if (running) throw new Conflict('transfer_running', 'this conversation is being passed on already', { transferId: running.id })
  return 'accountId' in to
    ? ask(ctx, row, await personToAsk(ctx, row, to.accountId), note)
    : giveToTeam(ctx, row, await teamToAsk(ctx, to.teamId), note)
}

async function isSame(ctx: Ctx<StaffActor>, running: TransferRow, { to, note }: { to: Input['to']; note: string }): Promise<boolean> {
  if (!('accountId' in to) || running.to_account_id !== to.accountId || running.offered_by !== ctx.actor.accountId) return false
  const line =
    running.note_seq === null
      ? undefined
      : await MessageRow.query(ctx.trx).findOne({ conversation_id: running.conversation_id, seq: running.note_seq })
  const [part] = line?.parts ?? []
  return (part?.type === 'text' ? part.text : '') === note.trim()
}

/** The words for the next one, as an internal line: personal data stays in messages. */
async function noteLine(ctx: Ctx<StaffActor>, row: ConversationRow, note: string): Promise<MessageRow[]> {
  const text = note.trim()
  if (text === '') return []
  const line = { direction: 'note', authorKind: 'agent', authorId: ctx.actor.accountId, parts: [{ type: 'text', text }] } as const
  return [await appendMessage(ctx, row, { ...line, parts: [...line.parts] })]
}

async function write(ctx: Ctx<StaffActor>, row: ConversationRow, more: Partial<TransferRow>): Promise<TransferRow> {
  const transfer = await TransferRow.query(ctx.trx).insertAndFetch({
    id: newId(),
    conversation_id: row.id,
    from_account_id: row.assignee_id ?? '',
    offered_by: ctx.actor.accountId,
    offered_at: ctx.now,
    ...more,
  })
  await record(ctx, {
    action: transfer.state === 'offered' ? 'conversation.transfer_offered' : 'conversation.transferred',
    object: { kind: 'conversation', id: row.id },
    context: { transferId: transfer.id, from: transfer.from_account_id, to: transfer.to_account_id ?? transfer.to_team_id },
  })
  return transfer
}

async function ask(ctx: Ctx<StaffActor>, row: ConversationRow, person: Person, note: string): Promise<string> {
  const { acceptSeconds } = await transferRules(ctx.trx)
  const lines = await noteLine(ctx, row, note)
  const transfer = await write(ctx, row, {
    state: 'offered',
    to_account_id: person.id,
    note_seq: lines[0]?.seq ?? null,
    expires_at: new Date(ctx.now.getTime() + acceptSeconds * 1000),
  })
  await row.$query(ctx.trx).patch({ offered_to: person.id, version: row.version + 1, updated_at: ctx.now })
  lines.push(await appendStaffNotice(ctx, row, 'transfer_offered', { by: ctx.actor.name, to: person.name }))
  ctx.emit({ name: 'transfer.offered', subjectId: transfer.id, payload: { conversationId: row.id, to: person.id } })
  await notify(ctx, {
    to: [person.id],
    kind: 'transfer.offered',
    params: { customer: await customerLabel(ctx, row), from: ctx.actor.name },
    link: `/workbench/${row.id}`,
    key: `transfer.offered:${transfer.id}`,
  })
  await announceTransfer(ctx, row, transfer.id)
  await announceConversation(ctx, row.id, { created: lines })
  return transfer.id
}

async function giveToTeam(ctx: Ctx<StaffActor>, row: ConversationRow, team: Person, note: string): Promise<string> {
  const lines = await noteLine(ctx, row, note)
  const transfer = await write(ctx, row, {
    state: 'accepted',
    to_team_id: team.id,
    note_seq: lines[0]?.seq ?? null,
    decided_at: ctx.now,
  })
  const draft = await takeDraft(ctx, row.id, transfer.from_account_id)
  if (draft !== null) lines.push(await appendStaffNotice(ctx, row, 'draft_left', { text: draft.slice(0, 5000) }))
  lines.push(await appendStaffNotice(ctx, row, 'transfer_to_team', { by: ctx.actor.name, to: team.name }))
  ctx.emit({ name: 'transfer.accepted', subjectId: transfer.id, payload: { conversationId: row.id, teamId: team.id } })
  await announceTransfer(ctx, row, transfer.id)
  await announceConversation(ctx, row.id, { created: lines })
  await releaseToTeam(ctx, row, { teamId: team.id, reason: { code: 'transferred', params: { from: ctx.actor.name } } })
  return transfer.id
}
