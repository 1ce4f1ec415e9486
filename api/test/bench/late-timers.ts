/** Timers of clocks that no calendar concerns, due one after the other while something else is going on: how late is each noticed? */
import { z } from 'zod'
import type { App } from '#api/core/app.ts'

const EVERY_MS = 250
const lateness = z.object({ rows: z.array(z.object({ late: z.coerce.number().nullable() })) })

const standing = z.object({
  rows: z.tuple([z.object({ stale: z.coerce.number(), waiting: z.coerce.number(), revision: z.coerce.number() })]),
})

interface Timers {
  set(count: number): Promise<void>
  late(): Promise<(number | null)[]>
  /** What is left of working out due times anew (0: nothing), and how often a promise was made anew. */
  standing(): Promise<{ stale: number; waiting: number; revision: number }>
}

export function watchTimers(app: App): Timers {
  return {
    /** Those of so many tickets without a team reach the first rung from now on, one every quarter of a second. */
    async set(count) {
      await app.db.raw(
        `update sla_clocks c set timer_at = app_now() + n * interval '${EVERY_MS} milliseconds', done_percent = 0, breached_at = null, calendar_id = null,
           started_at = app_now() + n * interval '${EVERY_MS} milliseconds' - c.target_seconds * 0.75 * interval '1 second',
           due_at = app_now() + n * interval '${EVERY_MS} milliseconds' + c.target_seconds * 0.25 * interval '1 second'
         from (select c.id, row_number() over (order by c.id) as n from sla_clocks c join tickets t on t.id = c.ticket_id
               where t.team_id is null and c.clock = 'resolution' and c.state = 'running' and not exists (select 1 from sla_events e where e.clock_id = c.id)
               limit :count) s where s.id = c.id`,
        { count },
      )
    },
    /** Seconds of each that was due by now; null: not noticed yet. */
    async late() {
      const answer: unknown = await app.db.raw(
        `select extract(epoch from e.recorded_at - e.at) as late from sla_clocks c
         left join sla_events e on e.clock_id = c.id and e.kind = 'warn' and e.percent = 75
         where c.calendar_id is null and c.clock = 'resolution'
           and c.started_at + c.target_seconds * 0.75 * interval '1 second' between app_now() - interval '10 minutes' and app_now() - interval '3 seconds'`,
      )
      return lateness.parse(answer).rows.map(({ late }) => late)
    },
    async standing() {
      const answer: unknown = await app.db.raw(
        `select (select count(*) from (select 1 from sla_stale limit 1) s) as stale, (select count(*) from event_deliveries where listener = 'tickets.sla-calendar') as waiting,
           (select max(revision) from sla_clocks) as revision`,
      )
      return standing.parse(answer).rows[0]
    },
  }
}
