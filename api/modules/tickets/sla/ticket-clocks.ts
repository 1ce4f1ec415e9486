/** All clocks of a ticket, with what happened to them and why they are due when they are (BP-006.2). */
import { z } from 'zod'
import { type Clock, SLA_CAUSES, SLA_EVENTS, type SlaEvent, type TicketClocks } from '../../../contract/sla.ts'
import type { SlaSummary } from '../../../contract/ticket.ts'
import type { Ctx, StaffActor } from '../../../core/context.ts'
import { NotFound } from '../../../core/errors.ts'
import { loadCalendars } from '../../teams/index.ts'
import { ticketFor } from '../policy.ts'
import { type ClockState, countedOf } from './clock.ts'
import { choosePolicy } from './choose-policy.ts'
import { explain } from './explain.ts'
import { loadClocks, loadFacts, loadHouse } from './load.ts'
import { summaryOf, type Summary } from './reckon.ts'

/** Of the newest clocks; a ticket with many answers has many. */
const CLOCKS = 20
const EVENTS = 500

const eventRows = z.object({
  rows: z.array(
    z.object({
      id: z.string(),
      clock_id: z.string(),
      kind: z.enum(SLA_EVENTS),
      cause: z.enum(SLA_CAUSES),
      at: z.date(),
      natural_seconds: z.number(),
      counted_seconds: z.number(),
      target_seconds: z.number(),
      due_at: z.date().nullable(),
      percent: z.number().nullable(),
    }),
  ),
})
const named = z.object({ rows: z.array(z.object({ id: z.string(), name: z.string() })) })

export const presentSummary = ({ nextDueAt, ...rest }: Summary): SlaSummary => ({ ...rest, nextDueAt: nextDueAt?.toISOString() ?? null })

async function eventsOf(ctx: Pick<Ctx, 'trx'>, clockIds: readonly string[]): Promise<{ clockId: string; event: SlaEvent }[]> {
  const answer: unknown = await ctx.trx.raw(
    `select id, clock_id, kind, cause, at, natural_seconds, counted_seconds, target_seconds, due_at, percent from sla_events
     where clock_id = any(?::uuid[]) order by at, id limit ${EVENTS}`,
    [[...clockIds]],
  )
  return eventRows.parse(answer).rows.map((row) => ({
    clockId: row.clock_id,
    event: {
      id: row.id,
      kind: row.kind,
      cause: row.cause,
      at: row.at.toISOString(),
      naturalSeconds: row.natural_seconds,
      countedSeconds: row.counted_seconds,
      targetSeconds: row.target_seconds,
      dueAt: row.due_at?.toISOString() ?? null,
      percent: row.percent,
    },
  }))
}

/** @throws as `ticketFor` */
export async function ticketClocks(ctx: Ctx<StaffActor>, ticketId: string): Promise<TicketClocks> {
  const { id } = await ticketFor(ctx, ticketId, 'view')
  const [ticket] = await loadFacts(ctx.trx, [id])
  if (!ticket) throw new NotFound('ticket')
  const all = await loadClocks(ctx.trx, [id])
  const house = await loadHouse(ctx, [ticket], all)
  const shown = all.toReversed().slice(0, CLOCKS)
  const events = await eventsOf(
    ctx,
    shown.map((clock) => clock.id),
  )
  const names = named.parse(
    await ctx.trx.raw('select id, name from sla_policies where id = any(?::uuid[])', [shown.map(({ policyId }) => policyId)]),
  ).rows
  const calendars = await loadCalendars(
    ctx.trx,
    shown.flatMap(({ calendarId }) => calendarId ?? []),
  )
  const clocks = shown.map((clock): Clock => {
    const calendar = clock.calendarId === null ? undefined : calendars.get(clock.calendarId)
    return {
      ...figures(clock, house.timeOf(clock.calendarId), ctx.now),
      policy: names.find((each) => each.id === clock.policyId) ?? { id: clock.policyId, name: '' },
      calendar: calendar ? { id: calendar.row.id, name: calendar.row.name, timeZone: calendar.row.time_zone } : null,
      events: events.filter(({ clockId }) => clockId === clock.id).map(({ event }) => event),
    }
  })
  const { policy, passed } = choosePolicy(house.policies, ticket)
  const brief = (each: { id: string; name: string }) => ({ id: each.id, name: each.name })
  return {
    sla: presentSummary(summaryOf(all, house, ctx.now)),
    now: ctx.now.toISOString(),
    clocks,
    policy: policy && brief(policy),
    passed: passed.map((each) => ({ policy: brief(each.policy), why: each.why })),
  }
}

function figures(clock: ClockState, time: Parameters<typeof countedOf>[1], now: Date): Omit<Clock, 'policy' | 'calendar' | 'events'> {
  const until = clock.endedAt ?? now
  // While it runs the calculation goes on to the due moment; late, to now.
  const explained = clock.endedAt ?? (clock.dueAt !== null && clock.dueAt > now ? clock.dueAt : now)
  return {
    id: clock.id,
    clock: clock.clock,
    cycle: clock.cycle,
    state: clock.state,
    startedAt: clock.startedAt.toISOString(),
    dueAt: clock.dueAt?.toISOString() ?? null,
    breachedAt: clock.breachedAt?.toISOString() ?? null,
    endedAt: clock.endedAt?.toISOString() ?? null,
    targetSeconds: clock.targetSeconds,
    naturalSeconds: Math.max(0, Math.floor((until.getTime() - clock.startedAt.getTime()) / 1000)),
    countedSeconds: Math.floor(countedOf(clock, time, until) / 1000),
    ...explain({ ...clock, time }, explained),
  }
}
