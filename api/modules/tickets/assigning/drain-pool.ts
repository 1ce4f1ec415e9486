/** Tickets that wait find somebody, as far as policies say so: rounds over the pools, each a short transaction (BP-005.6, BP-015). */
import { z } from 'zod'
import type { App } from '../../../core/app.ts'
import { inTransaction, SYSTEM } from '../../../core/context.ts'
import { openRound, type Place } from '../../routing/index.ts'
import { lockPooled } from './assignable.ts'
import { settleTickets } from './give.ts'

const MAX_AT_ONCE = 100
/** Far more than wait anywhere: tickets that nobody may have must not keep a process busy for ever. */
const MAX_ROUNDS = 100

const anyRow = z.object({ rows: z.array(z.unknown()) })

/** Without a policy nobody is given anything: then there is nothing to look at, however many wait. */
async function hasPolicy(app: App): Promise<boolean> {
  const answer: unknown = await app.db.raw(`select 1 from assignment_policies where work_kind = 'ticket' and enabled limit 1`)
  return anyRow.parse(answer).rows.length > 0
}

/** Hands out what waits, in the order of the pools, until no policy has anybody left for it. */
export async function drainPool(app: App): Promise<void> {
  if (!(await hasPolicy(app))) return
  let after: Place | null = null
  for (let round = 0; round < MAX_ROUNDS; round++) {
    after = await handOut(app, after)
    if (after === null) return
  }
}

/** What somebody has in hand is skipped: whoever changes it rings again, and the schedule comes back. @returns where the next page begins */
const handOut = (app: App, after: Place | null): Promise<Place | null> =>
  inTransaction(app, SYSTEM, async (ctx) => {
    const round = await openRound(ctx, 'ticket', { limit: MAX_AT_ONCE, after })
    if (!round) return null
    const rows = await lockPooled(ctx, round.workIds)
    const given = await round.claim(new Set(rows.keys()))
    await settleTickets(
      ctx,
      round.workIds.flatMap((id) => {
        const [row, assigned] = [rows.get(id), given.get(id)]
        return row && assigned ? [{ row, to: { id: assigned.accountId, name: assigned.name }, reason: assigned.reason }] : []
      }),
    )
    return round.next
  })
