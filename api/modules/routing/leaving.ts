/** What becomes of the work of somebody who may not work any more. */
import { z } from 'zod'
import type { WorkKind } from '../../contract/routing.ts'
import type { Ctx } from '../../core/context.ts'
import { giveWork } from './assigning/take-work.ts'
import { announce } from './presence/presence.ts'
import type { Assigned } from './work.ts'

const ended = z.array(z.object({ work_id: z.string() }))

/** Ends all his assignments of this kind. One statement, whatever their number. @returns ids of the work */
export async function releaseAll(ctx: Ctx, kind: WorkKind, accountId: string, endReason: string): Promise<string[]> {
  const rows: unknown = await ctx
    .trx('assignments')
    .where({ work_kind: kind, account_id: accountId })
    .whereNull('ended_at')
    .update({ ended_at: ctx.now, end_reason: endReason })
    .returning('work_id')
  announce(ctx, accountId)
  return ended.parse(rows).map((row) => row.work_id)
}

/** Everything he holds goes to a successor, whose capacity does not matter: it was decided by somebody who saw the numbers. */
export async function handAll(
  ctx: Ctx,
  kind: WorkKind,
  { from, to, workIds }: { from: { id: string; name: string }; to: { id: string; name: string }; workIds: readonly string[] },
): Promise<Map<string, Assigned>> {
  announce(ctx, [from.id, to.id])
  return giveWork(ctx, {
    kind,
    workIds,
    to,
    reason: { code: 'handed_over', params: { from: from.name } },
    endReason: 'handed_over',
    beyondCapacity: true,
  })
}
