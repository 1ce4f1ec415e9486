import type { z } from 'zod'
import type { takeOverRequest } from '../../../contract/helpers.ts'
import type { Ctx, StaffActor } from '../../../core/context.ts'
import { Conflict, Forbidden, NotFound } from '../../../core/errors.ts'
import { record } from '../../audit/index.ts'
import { Account } from '../../identity/index.ts'
import { notify } from '../../notifications/index.ts'
import { reachableStaff } from '../../organisation/index.ts'
import { assignmentsOf } from '../../routing/index.ts'
import { announceConversation } from '../announce.ts'
import { appendStaffNotice } from '../append-message.ts'
import { customerLabel } from '../customer-label.ts'
import { ConversationRow } from '../model.ts'
import { conversationFor, JUST_TAKEN_MS, takenBy } from '../policy.ts'
import { endOffer, runningOffer } from '../transfers/end-offer.ts'
import { handOverDraft } from '../transfers/keep-context.ts'
import { passOn } from '../transfers/pass-on.ts'

/**
 * A supervisor takes a conversation into his own hands (BP-012), whatever his limit: he has seen it and decides. The agent is told who and why.
 * @throws Conflict `already_assigned` when it is somebody else's by now, `conversation_not_assigned`, `conversation_closed`
 */
export async function takeOver(ctx: Ctx<StaffActor>, conversationId: string, input: z.infer<typeof takeOverRequest>): Promise<void> {
  const row = await stillWith(ctx, conversationId, input.from)
  const agent = await Account.query(ctx.trx)
    .findById(row.assignee_id ?? '')
    .select('id', 'name')
    .throwIfNotFound()
  if (agent.id !== input.from)
    throw new Conflict('already_assigned', 'somebody else has it by now', { assignee: { id: agent.id, name: agent.name } })
  const { accountId: id, name } = ctx.actor
  const transfer = await runningOffer(ctx, row.id)
  if (transfer) await endOffer(ctx, { row, transfer }, { state: 'cancelled', reason: 'taken_over', by: id })
  const reason = input.reason.trim()
  const line = await appendStaffNotice(ctx, row, 'conversation_taken_over', { by: name, from: agent.name, reason })
  await handOverDraft(ctx, row.id, { from: agent.id, to: id })
  await announceConversation(ctx, row.id, { created: [line] })
  await passOn(ctx, { row, to: { id, name }, reason: { code: 'taken_over', params: { by: name, from: agent.name } }, force: true })
  await record(ctx, {
    action: 'conversation.taken_over',
    object: { kind: 'conversation', id: row.id },
    context: { from: agent.id, to: id, reason },
  })
  ctx.emit({ name: 'conversation.taken_over', subjectId: row.id, payload: { from: agent.id, to: id } })
  await notify(ctx, {
    to: [agent.id],
    kind: 'conversation.taken_over',
    params: { customer: await customerLabel(ctx, row), by: name },
    key: `conversation.taken_over:${row.id}:${row.version}`,
  })
}

/** Who comes second may find it with somebody beyond his reach: he is told who has it, not that he may not. */
async function stillWith(ctx: Ctx<StaffActor>, id: string, from: string): Promise<ConversationRow> {
  try {
    return await conversationFor(ctx, id, 'takeOver')
  } catch (error) {
    if (error instanceof NotFound) throw (await justTakenFrom(ctx, id, from)) ?? error
    if (!(error instanceof Forbidden)) throw error
    const row = await conversationFor(ctx, id, 'view')
    throw row.status === 'open' && row.assignee_id !== from ? await takenBy(ctx, row) : error
  }
}

/** He saw it a moment ago, with somebody whom he supervises. */
async function justTakenFrom(ctx: Ctx<StaffActor>, id: string, from: string): Promise<Conflict | undefined> {
  const reached = await reachableStaff(ctx)
  if (reached !== null && !reached.includes(from)) return undefined
  const row = await ConversationRow.query(ctx.trx).findById(id)
  if (row?.status !== 'open') return undefined
  const [, before] = (await assignmentsOf(ctx, { kind: 'conversation', id }, { limit: 2 })).data
  const mine = before?.account.id === from && before.endedAt !== null && ctx.now.getTime() - Date.parse(before.endedAt) < JUST_TAKEN_MS
  return mine ? await takenBy(ctx, row) : undefined
}
