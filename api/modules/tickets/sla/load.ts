/** Tickets, their clocks and the house's promises as the reckoning wants them. A fixed number of statements, however many tickets. */
import type { Knex } from 'knex'
import { z } from 'zod'
import { PRIORITIES } from '../../../contract/priority.ts'
import { TICKET_STATUSES } from '../../../contract/ticket-status.ts'
import { PAUSING_STATUSES, slaConditionsSchema, slaStepSchema, slaTargetsSchema } from '../../../contract/sla.ts'
import { SLA_CLOCKS } from '../../../contract/ticket.ts'
import type { Ctx } from '../../../core/context.ts'
import { loadCalendars } from '../../teams/index.ts'
import type { LoadedPolicy } from './choose-policy.ts'
import type { ClockState } from './clock.ts'
import { EVERY_HOUR } from './counting.ts'
import type { House, TicketFacts } from './reckon.ts'

const factRows = z.object({
  rows: z.array(
    z.object({
      id: z.string(),
      type_id: z.string(),
      priority: z.enum(PRIORITIES),
      status: z.enum(TICKET_STATUSES),
      team_id: z.string().nullable(),
      created_at: z.date(),
      first_replied_at: z.date().nullable(),
      merged: z.boolean(),
      has_customer: z.boolean(),
      channel_kind: z.string().nullable(),
      calendar_id: z.string().nullable(),
      tag_ids: z.array(z.string()),
    }),
  ),
})

export async function loadFacts(trx: Knex, ids: readonly string[]): Promise<TicketFacts[]> {
  const answer: unknown = await trx.raw(
    `select t.id, t.type_id, t.priority, t.status, t.team_id, t.created_at, t.first_replied_at, t.merged_into is not null as merged,
       t.customer_id is not null as has_customer, a.kind as channel_kind, tm.calendar_id,
       coalesce((select json_agg(l.tag_id) from customer_tag_links l where l.customer_id = t.customer_id), '[]') as tag_ids
     from tickets t left join channel_accounts a on a.id = t.channel_account_id left join teams tm on tm.id = t.team_id
     where t.id = any(?::uuid[]) order by t.id`,
    [[...ids]],
  )
  return factRows.parse(answer).rows.map((row) => ({
    id: row.id,
    typeId: row.type_id,
    priority: row.priority,
    status: row.status,
    teamId: row.team_id,
    createdAt: row.created_at,
    firstRepliedAt: row.first_replied_at,
    merged: row.merged,
    hasCustomer: row.has_customer,
    channelKind: row.channel_kind,
    teamCalendarId: row.calendar_id,
    tagIds: row.tag_ids,
  }))
}

const date = z.coerce.date()
const clockRows = z.object({
  rows: z.array(
    z.object({
      id: z.string(),
      ticket_id: z.string(),
      clock: z.enum(SLA_CLOCKS),
      cycle: z.number(),
      policy_id: z.string(),
      calendar_id: z.string().nullable(),
      target_seconds: z.number(),
      started_at: z.date(),
      breaks: z.array(z.tuple([date, date])),
      paused_at: z.date().nullable(),
      state: z.enum(['running', 'paused', 'fulfilled', 'cancelled']),
      due_at: z.date().nullable(),
      breached_at: z.date().nullable(),
      ended_at: z.date().nullable(),
      done_percent: z.number(),
      timer_at: z.date().nullable(),
      revision: z.number(),
    }),
  ),
})

/** All clocks that these tickets ever had, the oldest first. */
export async function loadClocks(trx: Knex, ticketIds: readonly string[]): Promise<ClockState[]> {
  const answer: unknown = await trx.raw(
    `select id, ticket_id, clock, cycle, policy_id, calendar_id, target_seconds, started_at, breaks, paused_at, state, due_at, breached_at, ended_at,
       done_percent, timer_at, revision
     from sla_clocks where ticket_id = any(?::uuid[]) order by ticket_id, started_at, id`,
    [[...ticketIds]],
  )
  return clockRows.parse(answer).rows.map((row) => ({
    id: row.id,
    ticketId: row.ticket_id,
    clock: row.clock,
    cycle: row.cycle,
    policyId: row.policy_id,
    calendarId: row.calendar_id,
    targetSeconds: row.target_seconds,
    startedAt: row.started_at,
    breaks: row.breaks,
    pausedAt: row.paused_at,
    state: row.state,
    dueAt: row.due_at,
    breachedAt: row.breached_at,
    endedAt: row.ended_at,
    donePercent: row.done_percent,
    timerAt: row.timer_at,
    revision: row.revision,
  }))
}

const policyRows = z.object({
  rows: z.array(
    z.object({
      id: z.string(),
      name: z.string(),
      conditions: slaConditionsSchema,
      targets: slaTargetsSchema,
      calendar_source: z.enum(['team', 'own', 'always']),
      calendar_id: z.string().nullable(),
      pauses: z.array(z.enum(PAUSING_STATUSES)),
      steps: z.array(slaStepSchema),
      enabled: z.boolean(),
    }),
  ),
})

export async function loadSlaPolicies(trx: Knex): Promise<LoadedPolicy[]> {
  const answer: unknown = await trx.raw(
    `select id, name, conditions, targets, calendar_source, calendar_id, pauses, steps, enabled from sla_policies
     where removed_at is null order by position, id`,
  )
  return policyRows.parse(answer).rows.map(({ calendar_source: source, calendar_id: calendarId, ...policy }) => ({
    ...policy,
    calendar: { source, calendarId },
  }))
}

const earliest = (times: readonly Date[]): Date | null =>
  times.length === 0 ? null : new Date(times.reduce((first, at) => Math.min(first, at.getTime()), Infinity))

/** What may be asked of these tickets: the policies, and every calendar that is or was theirs. */
export async function loadHouse(
  ctx: Pick<Ctx, 'trx'>,
  tickets: readonly TicketFacts[],
  clocks: readonly ClockState[],
): Promise<House & { policies: LoadedPolicy[] }> {
  const policies = await loadSlaPolicies(ctx.trx)
  const ids = [
    ...policies.map(({ calendar }) => calendar.calendarId),
    ...tickets.map(({ teamCalendarId }) => teamCalendarId),
    ...clocks.map(({ calendarId }) => calendarId),
  ].filter((id) => id !== null)
  const calendars = await loadCalendars(
    ctx.trx,
    ids,
    earliest([...tickets.map((ticket) => ticket.createdAt), ...clocks.map((clock) => clock.startedAt)]),
  )
  return { policies, timeOf: (id) => (id === null ? EVERY_HOUR : (calendars.get(id)?.time ?? EVERY_HOUR)) }
}
