/** What became of platform calls, told by the runtime: the message's mark follows the worst of its calls. */
import type { Knex } from 'knex'
import type { App } from '../../core/app.ts'
import { type Ctx, inTransaction, SYSTEM } from '../../core/context.ts'
import { abandonExpired, applyReceipt, deliveryStates, finishDelivery, type Outcome, type Receipt, worstState } from '../channels/index.ts'
import { announceMessages } from './announce.ts'
import { MessageRow } from './model.ts'

/** A lost lease changes nothing: another worker, or the sweeper, has decided already. */
export async function recordDeliveryOutcome(
  app: App,
  claim: { id: string; attempts: number; message_id: string },
  outcome: Outcome,
): Promise<void> {
  await inTransaction(app, SYSTEM, async (ctx) => {
    if (await finishDelivery(ctx.trx, claim, outcome)) await refreshMessages(ctx, [claim.message_id])
  })
}

/** Calls whose worker died in the middle become "unknown": shown, never repeated by themselves. @returns how many messages */
export async function abandonDeliveries(app: App): Promise<number> {
  return inTransaction(app, SYSTEM, async (ctx) => {
    const messageIds = [...new Set(await abandonExpired(ctx.trx))]
    await refreshMessages(ctx, messageIds)
    return messageIds.length
  })
}

export async function recordReceipts(ctx: Ctx, receipts: readonly Receipt[]): Promise<void> {
  const messageIds: string[] = []
  for (const receipt of receipts) {
    const messageId = await applyReceipt(ctx.trx, receipt)
    if (messageId !== null) messageIds.push(messageId)
  }
  await refreshMessages(ctx, [...new Set(messageIds)])
}

async function refreshMessages(ctx: Ctx, messageIds: readonly string[]): Promise<void> {
  if (messageIds.length === 0) return
  const states = await deliveryStates(ctx.trx, messageIds)
  const rows = await MessageRow.query(ctx.trx)
    .whereIn('id', [...messageIds])
    .orderBy(['conversation_id', 'seq'])
    .forNoKeyUpdate()
  for (const row of rows) {
    const worst = worstState(states.filter((state) => state.message_id === row.id))
    const state = worst?.state === 'queued' || worst?.state === 'sending' ? 'pending' : deliveryStateOf(worst?.state)
    if (!worst || state === null) continue
    if (state === row.delivery_state && worst.reason === row.delivery_reason) continue
    await announceMessages(ctx, row.conversation_id, [await patchState(ctx.trx, row, state, worst)])
  }
}

const deliveryStateOf = (state: string | undefined): MessageRow['delivery_state'] => {
  switch (state) {
    case 'sent':
    case 'delivered':
    case 'read':
    case 'held':
    case 'unknown':
    case 'failed':
      return state
    default:
      return null
  }
}

const patchState = (
  trx: Knex,
  row: MessageRow,
  state: MessageRow['delivery_state'],
  worst: { reason: string | null; platform_code: string | null },
) =>
  row.$query(trx).patchAndFetch({
    delivery_state: state,
    delivery_reason: state === 'pending' ? null : worst.reason,
    delivery_platform_code: state === 'pending' ? null : worst.platform_code,
    version: row.version + 1,
  })
