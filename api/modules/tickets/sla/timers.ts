/**
 * Timers (BP-006.3): each clock knows when its next rung is reached; whoever looks takes those that are due. A ticket's row is locked with SKIP LOCKED, so
 * several workers share the work; a rung that was climbed moved the timer in the same transaction, and a unique index says so once more. A worker that
 * is killed loses its transaction and nothing else; after an outage what is late is due at once. The clock is the database's alone.
 */
import { z } from 'zod'
import type { App } from '../../../core/app.ts'
import type { Ctx } from '../../../core/context.ts'
import { inBatches } from './in-batches.ts'
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

/** Unless somebody else has it in hand, or has fired it meanwhile. */
async function fireOne(ctx: Ctx, id: string): Promise<number> {
  const locked = ids.parse(
    await ctx.trx.raw(
      `select id from tickets where id = ? and exists (select 1 from sla_clocks where ticket_id = tickets.id and timer_at <= app_now())
       for no key update skip locked`,
      [id],
    ),
  ).rows
  return locked.length === 0 ? 0 : settle(ctx, [id], 'time')
}

const dueIds = async ({ db }: App): Promise<readonly { id: string }[]> =>
  ids.parse(
    await db.raw(
      `select ticket_id as id from sla_clocks where timer_at <= app_now() group by ticket_id order by min(timer_at), ticket_id limit ${AT_ONCE * 4}`,
    ),
  ).rows

export const fireAllTimers = (app: App): Promise<void> =>
  inBatches(app, { most: BATCHES, size: AT_ONCE, batch: fireTimers, ids: dueIds, one: fireOne, event: 'tickets.timer_not_fired' })
