import { rooms } from '../../core/realtime/realtime.ts'
import type { Ctx } from '../../core/context.ts'
import { Session } from './model.ts'

/**
 * Ends sessions of an account at once, in every process; their sockets are cut after the commit.
 * @returns how many
 */
export async function endSessions(ctx: Ctx, accountId: string, which: { only?: string; except?: string } = {}): Promise<number> {
  const ended = await Session.query(ctx.trx)
    .where({ account_id: accountId, revoked_at: null })
    .modify((query) => {
      if (which.only !== undefined) void query.where({ id: which.only })
      if (which.except !== undefined) void query.whereNot({ id: which.except })
    })
    .patch({ revoked_at: ctx.now })
    .returning('id')
  const ids = [ended].flat().flatMap((row) => (typeof row === 'object' ? [row.id] : []))
  // Half-way in counts as in.
  await ctx.trx('login_challenges').where({ account_id: accountId, used_at: null }).update({ used_at: ctx.now })
  ctx.afterCommit(() => ids.forEach((id) => ctx.app.realtime.disconnect('staff', rooms.session(id))))
  return ids.length
}
