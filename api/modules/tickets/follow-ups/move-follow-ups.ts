/** Follow-ups that belong to another matter go with it when a ticket is split (BP-006.9), and come back when that is undone. */
import { Invalid } from '../../../core/errors.ts'
import type { Ctx } from '../../../core/context.ts'
import { FollowUpRow } from './model.ts'

interface Way {
  from: string
  to: string
}

/** For locked tickets. @throws Invalid `invalid_request` for what is no follow-up of the ticket that they leave */
export async function moveFollowUps(ctx: Ctx, ids: readonly string[], way: Way): Promise<void> {
  if (ids.length === 0) return
  const moved = await carry(ctx, ids, way)
  if (moved !== new Set(ids).size) throw new Invalid('invalid_request', 'not a follow-up of this ticket', { followUpIds: ids })
}

/** Those that are still there. */
export async function takeBackFollowUps(ctx: Ctx, ids: readonly string[], way: Way): Promise<void> {
  if (ids.length > 0) await carry(ctx, ids, way)
}

/** With their files. */
async function carry(ctx: Ctx, ids: readonly string[], { from, to }: Way): Promise<number> {
  const moved = await FollowUpRow.query(ctx.trx)
    .whereIn('id', [...ids])
    .where({ ticket_id: from })
    .patch({ ticket_id: to })
  await ctx
    .trx('ticket_files')
    .whereIn('follow_up_id', [...ids])
    .where({ ticket_id: from })
    .update({ ticket_id: to })
  return moved
}
