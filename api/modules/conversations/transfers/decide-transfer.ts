/** The one who was asked says yes or no, or who asked takes it back. */
import type { z } from 'zod'
import type { declineRequest } from '../../../contract/transfer.ts'
import type { Ctx, StaffActor } from '../../../core/context.ts'
import { Conflict, Forbidden, NotFound } from '../../../core/errors.ts'
import { record } from '../../audit/index.ts'
import { Account } from '../../identity/index.ts'
import { notify } from '../../notifications/index.ts'
import { announceConversation, audience } from '../announce.ts'
import { appendMessage, appendStaffNotice } from '../append-message.ts'
import { customerLabel } from '../customer-label.ts'
import type { ConversationRow } from '../model.ts'
import { actionsFor, sees } from '../policy.ts'
import { announceTransfer } from './announce-transfer.ts'
import { endOffer, lockTransfer } from './end-offer.ts'
import { handOverDraft } from './keep-context.ts'
import type { TransferRow } from './model.ts'
import { passOn } from './pass-on.ts'

interface Locked {
  row: ConversationRow
  transfer: TransferRow
}

/** Who is asked to decide. @throws NotFound for who has nothing to do with it, Forbidden for who may only look on */
async function asked(ctx: Ctx<StaffActor>, id: string): Promise<Locked> {
  const locked = await lockTransfer(ctx, id)
  const { accountId } = ctx.actor
  if (locked.transfer.to_account_id === accountId) return locked
  if (!(await concerns(ctx, locked))) throw new NotFound('transfer')
  throw new Forbidden('forbidden', 'somebody else is asked')
}

const concerns = async (ctx: Ctx<StaffActor>, { row, transfer }: Locked): Promise<boolean> =>
  [transfer.from_account_id, transfer.offered_by, transfer.to_account_id].includes(ctx.actor.accountId) || sees(ctx, row)

const over = (state: string, reason: string | null) => new Conflict('transfer_decided', 'this offer is over', { state, reason })

/** @throws Conflict `transfer_decided`, `conversation_closed` */
function stillRunning({ row, transfer }: Locked, now: Date): void {
  if (transfer.state !== 'offered') throw over(transfer.state, transfer.reason)
  if (row.status === 'closed') throw new Conflict('conversation_closed', 'this conversation is closed')
  if (row.assignee_id !== transfer.from_account_id) throw over('cancelled', 'reassigned')
  if (transfer.expires_at !== null && transfer.expires_at <= now) throw over('timed_out', null)
}

/**
 * From this moment it is his (BP-004.6); of anything that happens to the conversation at the same time, one comes first and the other is told.
 * Saying yes twice is saying it once.
 * @throws Conflict `transfer_decided`, `conversation_closed`, `at_capacity`
 */
export async function acceptTransfer(ctx: Ctx<StaffActor>, id: string): Promise<void> {
  const locked = await asked(ctx, id)
  const { row, transfer } = locked
  if (transfer.state === 'accepted') return
  stillRunning(locked, ctx.now)
  const { accountId, name } = ctx.actor
  const from = await Account.query(ctx.trx).findById(transfer.from_account_id).select('id', 'name').throwIfNotFound()
  const before = audience(row)
  await transfer.$query(ctx.trx).patch({ state: 'accepted', decided_at: ctx.now, decided_by: accountId, version: transfer.version + 1 })
  await row.$query(ctx.trx).patch({ offered_to: null, version: row.version + 1, updated_at: ctx.now })
  const line = await appendStaffNotice(ctx, row, 'transfer_accepted', { to: name })
  await handOverDraft(ctx, row.id, { from: from.id, to: accountId })
  await announceConversation(ctx, row.id, { created: [line], before })
  await passOn(ctx, { row, to: { id: accountId, name }, reason: { code: 'transferred', params: { from: from.name } }, force: false })
  await record(ctx, {
    action: 'conversation.transferred',
    object: { kind: 'conversation', id: row.id },
    context: { transferId: id, from: from.id, to: accountId },
  })
  ctx.emit({ name: 'transfer.accepted', subjectId: id, payload: { conversationId: row.id, to: accountId } })
  await notify(ctx, {
    to: [from.id, transfer.offered_by].filter((one) => one !== accountId),
    kind: 'transfer.accepted',
    params: { customer: await customerLabel(ctx, row), by: name },
    key: `transfer.accepted:${id}`,
  })
  await announceTransfer(ctx, row, id)
}

/** @throws Conflict `transfer_decided` */
export async function declineTransfer(ctx: Ctx<StaffActor>, id: string, input: z.output<typeof declineRequest>): Promise<void> {
  const locked = await asked(ctx, id)
  const { row, transfer } = locked
  if (transfer.state === 'declined') return
  if (transfer.state !== 'offered') throw over(transfer.state, transfer.reason)
  const text = input.note?.trim() ?? ''
  const lines =
    text === ''
      ? []
      : [
          await appendMessage(ctx, row, {
            direction: 'note',
            authorKind: 'agent',
            authorId: ctx.actor.accountId,
            parts: [{ type: 'text', text }],
          }),
        ]
  await endOffer(ctx, locked, { state: 'declined', reason: input.reason, by: ctx.actor.accountId, lines })
}

/** Who offered it, who still has it, or a supervisor of his. @throws Conflict `transfer_decided` */
export async function cancelTransfer(ctx: Ctx<StaffActor>, id: string): Promise<void> {
  const locked = await lockTransfer(ctx, id)
  const { row, transfer } = locked
  if (!(await concerns(ctx, locked))) throw new NotFound('transfer')
  const own = [transfer.from_account_id, transfer.offered_by].includes(ctx.actor.accountId)
  if (!own && !(await actionsFor(ctx, row)).transfer) throw new Forbidden('forbidden', 'this is not your offer')
  if (transfer.state === 'cancelled' && transfer.decided_by === ctx.actor.accountId) return
  if (transfer.state !== 'offered') throw over(transfer.state, transfer.reason)
  await endOffer(ctx, locked, { state: 'cancelled', reason: 'by_hand', by: ctx.actor.accountId })
}
