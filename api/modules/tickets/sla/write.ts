/** What the reckoning found, written: three statements, however many tickets. */
import type { Ctx } from '../../../core/context.ts'
import { newId } from '../../../core/ids.ts'
import type { ClockEvent, ClockState } from './clock.ts'
import type { Reckoned, Summary } from './reckon.ts'

const clockRow = (clock: ClockState) => ({
  id: clock.id,
  ticket_id: clock.ticketId,
  clock: clock.clock,
  cycle: clock.cycle,
  policy_id: clock.policyId,
  calendar_id: clock.calendarId,
  target_seconds: clock.targetSeconds,
  started_at: clock.startedAt,
  breaks: clock.breaks,
  paused_at: clock.pausedAt,
  state: clock.state,
  due_at: clock.dueAt,
  breached_at: clock.breachedAt,
  ended_at: clock.endedAt,
  done_percent: clock.donePercent,
  timer_at: clock.timerAt,
  revision: clock.revision,
})

const eventRow = ({ clock, kind, cause, at, naturalSeconds, countedSeconds, percent }: ClockEvent, now: Date) => ({
  id: newId(),
  clock_id: clock.id,
  kind,
  cause,
  at,
  recorded_at: now,
  natural_seconds: naturalSeconds,
  counted_seconds: countedSeconds,
  target_seconds: clock.targetSeconds,
  due_at: clock.dueAt,
  percent,
  policy_id: clock.policyId,
  calendar_id: clock.calendarId,
  revision: clock.revision,
})

const summaryRow = (id: string, { nextDueAt, clock, state, leftSeconds, breached }: Summary) => ({
  id,
  next_due_at: nextDueAt,
  next_due_clock: clock,
  sla_state: state,
  sla_left_seconds: leftSeconds,
  breached,
})

/** The tickets' rows are locked. Their version stays: a clock that ran out is no edit that somebody else could be in conflict with. */
export async function writeReckoned(ctx: Ctx, found: readonly { ticketId: string; reckoned: Reckoned }[]): Promise<void> {
  const clocks = found.flatMap(({ reckoned }) => reckoned.clocks.map(clockRow))
  const events = found.flatMap(({ reckoned }) => reckoned.events.map((event) => eventRow(event, ctx.now)))
  if (clocks.length > 0)
    await ctx.trx.raw(
      `insert into sla_clocks select * from json_populate_recordset(null::sla_clocks, ?::json)
       on conflict (id) do update set policy_id = excluded.policy_id, calendar_id = excluded.calendar_id, target_seconds = excluded.target_seconds,
         breaks = excluded.breaks, paused_at = excluded.paused_at, state = excluded.state, due_at = excluded.due_at,
         breached_at = excluded.breached_at, ended_at = excluded.ended_at, done_percent = excluded.done_percent, timer_at = excluded.timer_at,
         revision = excluded.revision`,
      [JSON.stringify(clocks)],
    )
  if (events.length > 0)
    await ctx.trx.raw(`insert into sla_events select * from json_populate_recordset(null::sla_events, ?::json)`, [JSON.stringify(events)])
  await ctx.trx.raw(
    `with s as (
       select * from json_to_recordset(?::json) as s(id uuid, next_due_at timestamptz, next_due_clock text, sla_state text, sla_left_seconds int, breached boolean)),
     owed as (
       insert into ticket_dues as d (ticket_id, due_at) select id, next_due_at from s where next_due_at is not null
       on conflict (ticket_id) do update set due_at = excluded.due_at where d.due_at <> excluded.due_at),
     settled as (delete from ticket_dues d using s where d.ticket_id = s.id and s.next_due_at is null)
     update tickets t set next_due_at = s.next_due_at, next_due_clock = s.next_due_clock, sla_state = s.sla_state,
       sla_left_seconds = s.sla_left_seconds, breached = s.breached
     from s where t.id = s.id and (t.next_due_at, t.next_due_clock, t.sla_state, t.sla_left_seconds, t.breached)
       is distinct from (s.next_due_at, s.next_due_clock, s.sla_state, s.sla_left_seconds, s.breached)`,
    [JSON.stringify(found.map(({ ticketId, reckoned }) => summaryRow(ticketId, reckoned.summary)))],
  )
}
