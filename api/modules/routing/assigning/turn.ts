import type { Ctx } from '../../../core/context.ts'
import { prepared } from '../../../core/db.ts'

/** Any number, the same in every process; the other one of the pair says that it is ours. */
const ROUTING = 0x4c4b
const TURN = 1

/**
 * Whoever gives somebody work waits for his turn, until the end of his transaction: nobody counts a free place that somebody else is just filling, so
 * limits of agents and of teams hold whatever meets (BP-007.6, F16). A transaction's advisory lock: one word in memory instead of five hundred row locks,
 * safe behind a pooler, and gone with its connection. Conversations are locked before it or, under it, only those that nobody has: so nobody waits in a circle.
 */
export const takeTurn = async (ctx: Pick<Ctx, 'trx'>): Promise<void> => {
  await prepared(ctx.trx, 'turn', 'select pg_advisory_xact_lock(?, ?)', [ROUTING, TURN])
}
