/** What becomes of the work of somebody who may not work any more. */
import { z } from 'zod'
import type { Ctx } from '../../core/context.ts'
import { newId } from '../../core/ids.ts'
import { announce } from './presence.ts'
import type { Assigned, AssignmentReason, Work } from './take-work.ts'

const ended = z.array(z.object({ work_id: z.string() }))

/** Ends all his assignments of this kind. One statement, whatever their number. @returns ids of the work */
export async function releaseAll(ctx: Ctx, kind: Work['kind'], accountId: string, endReason: string): Promise<string[]> {
  const rows = await ctx
    .trx('assignments')
    .where({ work_kind: kind, account_id: accountId })
    .whereNull('ended_at')
    .update({ ended_at: ctx.now, end_reason: endReason })
    .returning('work_id')
  if (rows.length > 0) await bump(ctx, [accountId])
  return ended.parse(rows).map((row) => row.work_id)
}

/** Everything he holds goes to a successor, whose capacity does not matter: it was decided by somebody who saw the numbers. */
export async function handAll(
  ctx: Ctx,
  kind: Work['kind'],
  from: { id: string; name: string },
  to: { id: string; name: string },
): Promise<Map<string, Assigned>> {
  const workIds = await releaseAll(ctx, kind, from.id, 'handed_over')
  const reason: AssignmentReason = { code: 'handed_over', params: { from: from.name } }
  if (workIds.length > 0) {
    await ctx.trx('assignments').insert(
      workIds.map((id) => ({
        id: newId(),
        work_kind: kind,
        work_id: id,
        account_id: to.id,
        reason: JSON.stringify(reason),
        assigned_at: ctx.now,
      })),
    )
    await ctx.trx('presences').insert({ account_id: to.id }).onConflict('account_id').ignore()
    await bump(ctx, [to.id])
  }
  return new Map(workIds.map((id) => [id, { accountId: to.id, name: to.name, reason }]))
}

/** The load is part of what others see of an agent. */
const bump = (ctx: Ctx, accountIds: readonly string[]) =>
  ctx
    .trx('presences')
    .whereIn('account_id', [...accountIds])
    .update({ version: ctx.trx.raw('version + 1') })

/** Nobody shall see him waiting for work. */
export async function signOff(ctx: Ctx, accountId: string): Promise<void> {
  await ctx
    .trx('presences')
    .where({ account_id: accountId })
    .whereNot({ status: 'offline' })
    .update({ status: 'offline', reason: null, since: ctx.now, version: ctx.trx.raw('version + 1') })
  await announce(ctx, accountId)
}
