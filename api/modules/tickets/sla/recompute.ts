/**
 * Due times worked out anew (BP-006.2) when a policy, a calendar or a team's calendar is another one: the tickets concerned are noted at once, in the
 * transaction of the change, and settled in the background, batch by batch. What the clocks were before stands in their events.
 */
import { z } from 'zod'
import { OPEN_STATUSES } from '../../../contract/ticket-status.ts'
import type { App } from '../../../core/app.ts'
import { type Ctx, inTransaction, SYSTEM } from '../../../core/context.ts'
import type { Listener } from '../../../core/events/domain-events.ts'
import { settle } from './keep-clocks.ts'

const AT_ONCE = 500
/** Then other schedules have their turn. */
const BATCHES = 10
const CAUSES = ['policy', 'calendar', 'team'] as const
const taken = z.object({ rows: z.array(z.object({ ticket_id: z.string(), cause: z.enum(CAUSES) })) })

const NOTE = `insert into sla_stale (ticket_id, cause, since)`
/** Noted again while it is being settled: this waits for that, and is noted anew. In the order of ids, as they are taken. */
const ONCE = `order by 1 on conflict (ticket_id) do update set since = excluded.since`

/** Every ticket that is not over: another policy may be its own now. */
const notePolicies = (ctx: Ctx): Promise<unknown> =>
  Promise.resolve(
    ctx.trx.raw(`${NOTE} select id, 'policy', app_now() from tickets where status = any(?) and merged_into is null ${ONCE}`, [
      [...OPEN_STATUSES],
    ]),
  )

/** Those with a clock that goes by it. */
const noteCalendar = (ctx: Ctx, calendarId: string): Promise<unknown> =>
  Promise.resolve(
    ctx.trx.raw(
      `${NOTE} select distinct ticket_id, 'calendar', app_now() from sla_clocks where calendar_id = ? and state in ('running', 'paused') ${ONCE}`,
      [calendarId],
    ),
  )

const noteTeam = (ctx: Ctx, teamId: string): Promise<unknown> =>
  Promise.resolve(
    ctx.trx.raw(`${NOTE} select id, 'team', app_now() from tickets where team_id = ? and status = any(?) and merged_into is null ${ONCE}`, [
      teamId,
      [...OPEN_STATUSES],
    ]),
  )

/** The tickets' rows are locked before what is noted of them: as everybody does who changes a ticket. */
const LOCK = `
  select s.ticket_id, s.cause from sla_stale s join tickets t on t.id = s.ticket_id
  order by s.ticket_id limit ${AT_ONCE} for no key update of t skip locked for update of s skip locked`

/** @returns how many tickets it settled */
export async function recomputeSome(ctx: Ctx): Promise<number> {
  const { rows } = taken.parse(await ctx.trx.raw(LOCK))
  if (rows.length === 0) return 0
  for (const cause of CAUSES) {
    const ids = rows.filter((row) => row.cause === cause).map((row) => row.ticket_id)
    if (ids.length > 0) await settle(ctx, ids, cause)
  }
  await ctx
    .trx('sla_stale')
    .whereIn(
      'ticket_id',
      rows.map((row) => row.ticket_id),
    )
    .delete()
  return rows.length
}

export async function recomputeAll(app: App): Promise<void> {
  for (let batch = 0; batch < BATCHES; batch += 1) if ((await inTransaction(app, SYSTEM, recomputeSome)) < AT_ONCE) return
}

/** After the commit: a ticket that is made meanwhile is made under the old promise and found then. */
export const slaListeners: readonly Listener[] = [
  { name: 'tickets.sla-policies', on: ['sla_policies.changed'], handle: async (ctx) => void (await notePolicies(ctx)) },
  { name: 'tickets.sla-calendar', on: ['calendar.changed'], handle: async (ctx, event) => void (await noteCalendar(ctx, event.subjectId)) },
  { name: 'tickets.sla-team', on: ['team.calendar_changed'], handle: async (ctx, event) => void (await noteTeam(ctx, event.subjectId)) },
]
