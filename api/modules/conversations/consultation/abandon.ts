import { z } from 'zod'
import type { Ctx } from '../../../core/context.ts'
import { newId } from '../../../core/ids.ts'
import { leaveQueue } from '../../routing/index.ts'
import type { ConversationRow } from '../model.ts'

/** Close reasons of people who went before anybody answered, and what the reports call them. */
const ABANDONED: ReadonlyMap<string, AbandonReason> = new Map([
  ['customer_left', 'customer_left'],
  // He said that he is done.
  ['customer', 'customer_left'],
  ['page_gone', 'page_gone'],
  ['timed_out', 'timed_out'],
  ['off_hours', 'off_hours'],
])
export type AbandonReason = 'customer_left' | 'page_gone' | 'timed_out' | 'off_hours'

const positions = z.object({ rows: z.array(z.object({ position: z.number().nullable() })) })

/**
 * A waiting conversation ends: it leaves the queue, and whoever gave up is kept with how long he waited and where he stood, for the reports (BP-003.5).
 * The caller has locked the row and ends it. Emits `queue.abandoned` {reason}.
 */
export async function leaveUnserved(ctx: Ctx, row: ConversationRow, closeReason: string): Promise<void> {
  const reason = ABANDONED.get(closeReason)
  if (reason) await remember(ctx, row, reason)
  await leaveQueue(ctx, { kind: 'conversation', ids: [row.id] }, reason ?? 'closed')
}

async function remember(ctx: Ctx, row: ConversationRow, reason: AbandonReason): Promise<void> {
  const since = row.queued_at ?? row.created_at
  const { rows } = positions.parse(
    await ctx.trx.raw(`select (select position from queue_standings where conversation_id = ?) as position`, [row.id]),
  )
  await ctx.trx('queue_abandonments').insert({
    id: newId(),
    conversation_id: row.id,
    team_id: row.team_id,
    channel_account_id: row.channel_account_id,
    reason,
    waited_seconds: Math.max(0, Math.floor((ctx.now.getTime() - since.getTime()) / 1000)),
    position: rows[0]?.position ?? null,
    created_at: ctx.now,
  })
  ctx.emit({ name: 'queue.abandoned', subjectId: row.id, payload: { reason } })
}
