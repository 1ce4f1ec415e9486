/** Every way in which a running offer ends without being accepted; and the lock under which all of them meet. */
import { z } from 'zod'
import type { TransferState } from '../../../contract/transfer.ts'
import type { App } from '../../../core/app.ts'
import { type Ctx, inTransaction, SYSTEM } from '../../../core/context.ts'
import { NotFound } from '../../../core/errors.ts'
import { oneByOne } from '../../../core/one-by-one.ts'
import { record } from '../../audit/index.ts'
import { Account } from '../../identity/index.ts'
import { notify } from '../../notifications/index.ts'
import { announceConversation, audience } from '../announce.ts'
import { appendStaffNotice } from '../append-message.ts'
import { customerLabel } from '../customer-label.ts'
import { ConversationRow, type MessageRow } from '../model.ts'
import { announceTransfer } from './announce-transfer.ts'
import { TransferRow } from './model.ts'

/** The conversation first, then the transfer: so accepting, cancelling, closing and the timer take turns. @throws NotFound */
export async function lockTransfer(ctx: Ctx, id: string): Promise<{ row: ConversationRow; transfer: TransferRow }> {
  const known = await TransferRow.query(ctx.trx).findById(id).select('conversation_id')
  if (!known) throw new NotFound('transfer')
  const row = await ConversationRow.query(ctx.trx).findById(known.conversation_id).forNoKeyUpdate().throwIfNotFound()
  return { row, transfer: await TransferRow.query(ctx.trx).findById(id).forNoKeyUpdate().throwIfNotFound() }
}

export const runningOffer = async (ctx: Ctx, conversationId: string): Promise<TransferRow | undefined> =>
  TransferRow.query(ctx.trx).findOne({ conversation_id: conversationId, state: 'offered' }).forNoKeyUpdate()

export interface Ending {
  state: Exclude<TransferState, 'offered' | 'accepted'>
  reason: string | null
  /** Who declined or cancelled. */
  by: string | null
  /** Written with it, before the line that says so. */
  lines?: readonly MessageRow[]
}

/** The conversation stays with whoever has it; the caller holds both locks. */
export async function endOffer(
  ctx: Ctx,
  { row, transfer }: { row: ConversationRow; transfer: TransferRow },
  ending: Ending,
): Promise<void> {
  const before = audience(row)
  await transfer.$query(ctx.trx).patch({
    state: ending.state,
    decided_at: ctx.now,
    decided_by: ending.by,
    reason: ending.reason,
    version: transfer.version + 1,
  })
  await row.$query(ctx.trx).patch({ offered_to: null, version: row.version + 1, updated_at: ctx.now })
  const asked = await nameOf(ctx, transfer.to_account_id ?? '')
  // The record of a closed conversation stays as it ended.
  const line =
    row.status === 'closed' ? [] : [await appendStaffNotice(ctx, row, `transfer_${ending.state}`, { to: asked, reason: ending.reason })]
  await record(ctx, {
    action: `conversation.transfer_${ending.state}`,
    object: { kind: 'conversation', id: row.id },
    context: { transferId: transfer.id, to: transfer.to_account_id, reason: ending.reason },
  })
  ctx.emit({ name: `transfer.${ending.state}`, subjectId: transfer.id, payload: { conversationId: row.id, reason: ending.reason } })
  await tellGivers(ctx, row, transfer, ending, asked)
  await announceTransfer(ctx, row, transfer.id)
  await announceConversation(ctx, row.id, { created: [...(ending.lines ?? []), ...line], before })
}

const nameOf = async (ctx: Ctx, id: string): Promise<string> =>
  (await Account.query(ctx.trx).findById(id).select('name').throwIfNotFound()).name

/** Who waits for an answer learns that none, or a no, has come. */
async function tellGivers(ctx: Ctx, row: ConversationRow, transfer: TransferRow, ending: Ending, asked: string): Promise<void> {
  if (ending.state === 'cancelled') return
  await notify(ctx, {
    to: [transfer.from_account_id, transfer.offered_by].filter((id) => id !== ending.by),
    kind: ending.state === 'declined' ? 'transfer.declined' : 'transfer.timed_out',
    params: { customer: await customerLabel(ctx, row), by: asked },
    link: `/workbench/${row.id}`,
    key: `transfer.${ending.state}:${transfer.id}`,
  })
}

const due = z.array(z.object({ id: z.string() }))
const MOST_AT_ONCE = 100

/**
 * Nobody has answered in time. The time is in the row, so that it holds over any restart; each ends in a transaction of its own, and only
 * who finds it still running under the lock ends it: once, in whatever process.
 */
export async function endUnanswered(app: App): Promise<void> {
  const rows = await app
    .db('conversation_transfers')
    .select('id')
    .where('state', 'offered')
    .whereRaw('expires_at <= (select app_now())')
    .orderBy(['expires_at', 'id'])
    .limit(MOST_AT_ONCE)
  const step = ({ id }: { id: string }) => inTransaction(app, SYSTEM, (ctx) => endIfDue(ctx, id))
  await oneByOne(app, 'transfers.not_timed_out', { rows: due.parse(rows), step })
}

async function endIfDue(ctx: Ctx, id: string): Promise<void> {
  const locked = await lockTransfer(ctx, id)
  const { state, expires_at: until } = locked.transfer
  if (state !== 'offered' || until === null || until > ctx.now) return
  await endOffer(ctx, locked, { state: 'timed_out', reason: null, by: null })
}
