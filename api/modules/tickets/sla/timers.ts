/**
 * Timers (BP-006.3): each clock knows when its next rung is reached; whoever looks takes those that are due. A ticket's row is locked with SKIP LOCKED, so
 * several workers share the work; a rung that was climbed moved the timer in the same transaction, and a unique index says so once more. A worker that
 * is killed loses its transaction and nothing else; after an outage what is late is due at once. The clock is the database's alone.
 */
import { z } from 'zod'
import type { App } from '../../../core/app.ts'
import { type Ctx, inTransaction, SYSTEM } from '../../../core/context.ts'
import { settle } from './keep-clocks.ts'

const AT_ONCE = 100
/** Then other schedules have their turn. */
const BATCHES = 50
const ids = z.object({ rows: z.array(z.object({ id: z.string() })) })

const DUE = `
  select id from tickets where id in (
    select ticket_id from sla_clocks where timer_at <= app_now() order by timer_at, ticket_id limit ${AT_ONCE * 4})
  order by id limit ${AT_ONCE} for no key update skip locked`

/** @returns how many tickets it settled: fewer than asked for means that nothing is left */
export async function fireTimers(ctx: Ctx): Promise<number> {
  const due = ids.parse(await ctx.trx.raw(DUE)).rows.map(({ id }) => id)
  return due.length === 0 ? 0 : settle(ctx, due, 'time')
}

export async function fireAllTimers(app: App): Promise<void> {
  for (let batch = 0; batch < BATCHES; batch += 1) if ((await inTransaction(app, SYSTEM, fireTimers)) < AT_ONCE) return
}
