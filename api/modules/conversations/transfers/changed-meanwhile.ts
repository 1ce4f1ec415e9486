/** What is around a conversation follows it when somebody else moves or ends it: the running offer, and those who help. */
import type { Ctx, SystemActor } from '../../../core/context.ts'
import type { StoredEvent } from '../../../core/events/domain-events.ts'
import { announceConversation, audience } from '../announce.ts'
import { leaveAssigned, leaveClosed, leaveDisabled } from '../helpers/leaving-helpers.ts'
import { ConversationRow } from '../model.ts'
import { endOffer, lockTransfer, runningOffer } from './end-offer.ts'
import { TransferRow } from './model.ts'

/** Looks at how things stand now, not at what the event said: repeating it, or hearing it late, does no harm. */
export async function followConversation(ctx: Ctx<SystemActor>, event: StoredEvent): Promise<void> {
  const row = await ConversationRow.query(ctx.trx).findById(event.subjectId).forNoKeyUpdate()
  if (!row) return
  const transfer = await runningOffer(ctx, row.id)
  const closed = row.status === 'closed'
  if (transfer && (closed || row.assignee_id !== transfer.from_account_id)) {
    await endOffer(ctx, { row, transfer }, { state: 'cancelled', reason: closed ? 'conversation_closed' : 'reassigned', by: null })
  }
  if (row.helpers === null) return
  const before = audience(row)
  const left = closed ? await leaveClosed(ctx, row) : await leaveAssigned(ctx, row)
  if (left) await announceConversation(ctx, row.id, { before })
}

/** He may not work any more: nobody waits for his answer, and he helps nobody. */
export async function forgetDisabled(ctx: Ctx, accountId: string): Promise<void> {
  const offers = await TransferRow.query(ctx.trx)
    .where({ to_account_id: accountId, state: 'offered' })
    .orderBy('conversation_id')
    .select('id')
  for (const { id } of offers) {
    const locked = await lockTransfer(ctx, id)
    if (locked.transfer.state === 'offered') await endOffer(ctx, locked, { state: 'cancelled', reason: 'person_disabled', by: null })
  }
  await leaveDisabled(ctx, accountId)
}
