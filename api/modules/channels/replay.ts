import type { Ctx } from '../../core/context.ts'
import { Conflict, NotFound } from '../../core/errors.ts'
import { InboundEventRecord } from './model.ts'

export const INTAKE_TOPIC = 'intake'
/** Marks a row that may have made its message already. */
export const REPLAYED = 'replayed'

/**
 * Gives a ledger row to the intake once more: after a defect was mended, or for what was set aside. What it already made
 * (a message is unique by its ledger row) is not made again.
 * @throws Conflict `already_replayed` while it is still waiting
 */
export async function replayInboundEvent(ctx: Ctx, id: string): Promise<InboundEventRecord> {
  const row = await InboundEventRecord.query(ctx.trx).findById(id).forNoKeyUpdate()
  if (!row) throw new NotFound('inbound event')
  if (row.state === 'received') throw new Conflict('already_replayed', 'this event is waiting to be processed')
  ctx.wake(INTAKE_TOPIC)
  return row.$query(ctx.trx).patchAndFetch({ state: 'received', reason: REPLAYED, processed_at: null })
}
