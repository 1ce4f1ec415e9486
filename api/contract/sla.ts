/**
 * Promises about tickets (BP-006.2, BP-006.3): what is to happen by when, how it is counted, and who is told when it gets late.
 *
 * Policies stand in one ordered list: the first that is on and whose conditions hold is the ticket's. It gives each priority up to three clocks. A clock
 * counts working time only and stands still while the ticket is in one of the pausing states.
 * Policies and levels take `tickets.settings`; reading a ticket's clocks takes what reading the ticket takes.
 */
import { z } from 'zod'
import { PRIORITIES } from './priority.ts'
import type { TicketStatus } from './ticket-status.ts'
import { listQuery } from './list.ts'
import { safeText } from './message.ts'
import { SLA_CLOCKS, slaSummarySchema } from './ticket.ts'

/** Ticket states in which a clock may stand still. */
export const PAUSING_STATUSES = ['waiting_customer', 'on_hold', 'awaiting_confirmation'] as const satisfies readonly TicketStatus[]
export type SlaClock = (typeof SLA_CLOCKS)[number]
export type PausingStatus = (typeof PAUSING_STATUSES)[number]

// Policies

/** Minutes of working time; null: nothing is promised. */
const minutes = z.int().min(1).max(525_600).nullable()
const targetsSchema = z.strictObject({ first_response: minutes, next_response: minutes, resolution: minutes })
export type SlaTargets = z.infer<typeof targetsSchema>
export const slaTargetsSchema = z.record(z.enum(PRIORITIES), targetsSchema)

/** All that are named must hold; of a list, one of it. The customer's tags. */
export const slaConditionsSchema = z.strictObject({
  typeIds: z.array(z.uuid()).max(50).default([]),
  tagIds: z.array(z.uuid()).max(50).default([]),
  teamIds: z.array(z.uuid()).max(50).default([]),
  channelKinds: z.array(z.string().min(1).max(40)).max(20).default([]),
})
export type SlaConditions = z.infer<typeof slaConditionsSchema>

/** `team`: the calendar of the ticket's team, where there is none the one named here; `own`: the one named here; no calendar: every hour counts. */
export const slaCalendarSchema = z.strictObject({ source: z.enum(['team', 'own', 'always']), calendarId: z.uuid().nullable() })
export type SlaCalendar = z.infer<typeof slaCalendarSchema>

export const SLA_RUNGS = ['assignee', 'leader', 'supervisors'] as const
/** A rung of the ladder: when so much of the promise is used up (100: it breaks; above: it is late by so much more), these are told. */
export const slaStepSchema = z.strictObject({
  percent: z.int().min(10).max(1000),
  to: z.array(z.enum(SLA_RUNGS)).min(1).max(3),
  /** Passed on to this level of escalation, unless it is there already or higher. */
  escalateTo: z.int().min(1).max(9).nullable().default(null),
})
export type SlaStep = z.output<typeof slaStepSchema>
const steps = z
  .array(slaStepSchema)
  .max(10)
  .refine((list) => list.every((step, index) => index === 0 || (list[index - 1]?.percent ?? 0) < step.percent), 'percents rise')

const fields = {
  name: safeText(60, 1),
  conditions: slaConditionsSchema,
  targets: slaTargetsSchema,
  calendar: slaCalendarSchema,
  pauses: z.array(z.enum(PAUSING_STATUSES)).max(PAUSING_STATUSES.length),
  steps,
  enabled: z.boolean(),
}
export const slaPolicySchema = z.object({
  id: z.uuid(),
  ...fields,
  position: z.int(),
  /** Clocks that run or stand still under it now. */
  openClocks: z.int().nonnegative(),
  updatedAt: z.iso.datetime(),
  version: z.int().positive(),
})
export type SlaPolicy = z.infer<typeof slaPolicySchema>

/** A new one stands last. Something must be promised, and its calendar must have working time. */
export const slaPolicyCreate = z.strictObject({
  name: fields.name,
  conditions: fields.conditions.prefault({}),
  targets: fields.targets,
  calendar: fields.calendar,
  pauses: fields.pauses.default([...PAUSING_STATUSES]),
  steps: fields.steps.default([]),
  enabled: fields.enabled.default(true),
})
export const slaPolicyPatch = z.strictObject({
  name: fields.name.optional(),
  conditions: fields.conditions.optional(),
  targets: fields.targets.optional(),
  calendar: fields.calendar.optional(),
  pauses: fields.pauses.optional(),
  steps: fields.steps.optional(),
  enabled: fields.enabled.optional(),
  version: z.int().positive(),
})
export const slaPolicyOrder = z.strictObject({ ids: z.array(z.uuid()).min(1).max(100) })
export const versionQuery = z.strictObject({ version: z.coerce.number().int().positive() })

// One ticket's clocks

/**
 * What happened to a clock; never changed afterwards. `warn`: a rung of the ladder was reached; `retarget`: another promise, calendar or policy;
 * `cancel`: nothing is promised any more.
 */
export const SLA_EVENTS = ['activate', 'pause', 'resume', 'warn', 'breach', 'fulfil', 'retarget', 'cancel'] as const
export const SLA_CAUSES = [
  'created',
  'moved',
  'changed',
  'replied',
  'spoken',
  'time',
  'policy',
  'calendar',
  'team',
  'customer',
  'merged',
] as const
export type SlaCause = (typeof SLA_CAUSES)[number]
export const slaEventSchema = z.object({
  id: z.uuid(),
  kind: z.enum(SLA_EVENTS),
  /** When it was so; a breach found late keeps the moment of the breach. */
  at: z.iso.datetime(),
  cause: z.enum(SLA_CAUSES),
  /** Since the clock began: all hours, and those that count. Whole seconds. */
  naturalSeconds: z.int().nonnegative(),
  countedSeconds: z.int().nonnegative(),
  targetSeconds: z.int().positive(),
  dueAt: z.iso.datetime().nullable(),
  /** Percent of the rung, with `warn`. */
  percent: z.int().nullable(),
})
export type SlaEvent = z.infer<typeof slaEventSchema>

/** One line of the calculation: from then until then so much was counted (or: will be), and the sum after it. */
export const slaLineSchema = z.object({
  kind: z.enum(['counted', 'closed', 'paused']),
  from: z.iso.datetime(),
  until: z.iso.datetime(),
  countedSeconds: z.int().nonnegative(),
  totalSeconds: z.int().nonnegative(),
})
export type SlaLine = z.infer<typeof slaLineSchema>
const named = z.object({ id: z.uuid(), name: z.string() })
export const clockSchema = z.object({
  id: z.uuid(),
  clock: z.enum(SLA_CLOCKS),
  /** The first, the second … of its kind on this ticket. */
  cycle: z.int().positive(),
  state: z.enum(['running', 'paused', 'fulfilled', 'cancelled']),
  startedAt: z.iso.datetime(),
  dueAt: z.iso.datetime().nullable(),
  breachedAt: z.iso.datetime().nullable(),
  endedAt: z.iso.datetime().nullable(),
  targetSeconds: z.int().positive(),
  naturalSeconds: z.int().nonnegative(),
  countedSeconds: z.int().nonnegative(),
  policy: named,
  /** Null: every hour counts. */
  calendar: z.object({ id: z.uuid(), name: z.string(), timeZone: z.string() }).nullable(),
  /** Why this due time: from the beginning to the end, or to the due moment. `moreLines`: so many in between are left out. */
  lines: z.array(slaLineSchema),
  moreLines: z.int().nonnegative(),
  events: z.array(slaEventSchema),
})
export type Clock = z.infer<typeof clockSchema>

export const POLICY_MISSES = ['off', 'type', 'tag', 'team', 'channel'] as const
export const ticketClocksSchema = z.object({
  sla: slaSummarySchema,
  now: z.iso.datetime(),
  /** The newest first. */
  clocks: z.array(clockSchema),
  /** The policy that holds now, and why those before it do not. */
  policy: named.nullable(),
  passed: z.array(z.object({ policy: named, why: z.enum(POLICY_MISSES) })),
})
export type TicketClocks = z.infer<typeof ticketClocksSchema>

/** Tickets that are late or get late within so many minutes, the most urgent first (BP-013.3). */
export const slaWarningQuery = listQuery.extend({
  withinMinutes: z.coerce.number().int().min(0).max(43_200).default(480),
  teamId: z.uuid().optional(),
  assigneeId: z.uuid().optional(),
})

// Escalation

/** Who takes over at this level, and what brings a ticket there by itself beside the ladder of a policy. */
const levelFields = {
  name: safeText(30, 1),
  teamId: z.uuid().nullable(),
  accountId: z.uuid().nullable(),
  /** After so many reopenings, or so many urges of the customer; null: not by that. */
  reopenings: z.int().min(1).max(20).nullable(),
  urges: z.int().min(1).max(20).nullable(),
}
export const escalationLevelSchema = z.object({
  level: z.int().min(1).max(9),
  name: levelFields.name,
  team: named.nullable(),
  person: named.nullable(),
  reopenings: levelFields.reopenings,
  urges: levelFields.urges,
})
export type EscalationLevel = z.infer<typeof escalationLevelSchema>
export const escalationLevelsSchema = z.object({ levels: z.array(escalationLevelSchema), version: z.int().positive() })
export type EscalationLevels = z.infer<typeof escalationLevelsSchema>
/** The whole list, lowest first: level 1 is the first above where tickets begin. Each has a team or a person, and none has what another has. */
export const escalationLevelsPut = z.strictObject({
  levels: z.array(z.strictObject(levelFields)).max(9),
  version: z.int().positive(),
})

/** To a level above the present one; none given: the next. */
export const escalateRequest = z.strictObject({ level: z.int().min(1).max(9).optional(), reason: safeText(500, 1) })
export const ESCALATION_RULES = ['sla', 'reopened', 'urged'] as const
export const escalationSchema = z.object({
  id: z.uuid(),
  level: z.int(),
  levelName: z.string(),
  fromLevel: z.int().nonnegative(),
  fromTeam: named.nullable(),
  fromAssignee: named.nullable(),
  toTeam: named.nullable(),
  toAssignee: named.nullable(),
  /** By hand: who, and why he says so. */
  by: named.nullable(),
  reason: z.string().nullable(),
  /** By rule: which. `params` name the clock and percent, or the count. */
  rule: z.object({ code: z.enum(ESCALATION_RULES), params: z.record(z.string(), z.union([z.string(), z.number()])) }).nullable(),
  at: z.iso.datetime(),
})
export type Escalation = z.infer<typeof escalationSchema>
