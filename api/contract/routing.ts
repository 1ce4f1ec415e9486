/**
 * Who gets which work (BP-015), and what waits for whom (BP-003.5).
 *
 * Policies stand in one ordered list per kind of work: the first that is on, in effect, of this team (or of all) and whose conditions hold decides by its
 * strategy. Nobody fits: `otherwise` says whether the next is asked or the work waits. After the last, the built-in one: whoever has the fewest open.
 * Policies and rules take `routing.manage`; assigning by hand and another's presence `conversations.assign`.
 */
import { z } from 'zod'
import { timeOfDay } from './calendar.ts'
import { safeText } from './message.ts'
import { PRIORITIES } from './priority.ts'

export const WORK_KINDS = ['conversation', 'ticket'] as const
export type WorkKind = (typeof WORK_KINDS)[number]
export const STRATEGIES = ['round_robin', 'least_open', 'skill_match', 'weighted', 'familiar_first', 'directed'] as const
export type StrategyCode = (typeof STRATEGIES)[number]

export const person = z.object({ id: z.uuid(), name: z.string() })
export const named = z.object({ id: z.uuid(), name: z.string() })

/** One readable line: `assignmentReason.{code}` on screen, filled with `params`. */
export const reasonSchema = z.object({ code: z.string(), params: z.record(z.string(), z.union([z.string(), z.number()])) })
export type Reason = z.infer<typeof reasonSchema>

/** Reasons that routing itself gives; other modules add theirs. */
export const ASSIGNMENT_REASONS = [
  'least_open',
  'only_agent',
  'round_robin',
  'skill_match',
  'weighted',
  'familiar',
  'regular_customer',
  'directed',
  'preferred',
  'accepted_by_hand',
  'assigned_by_hand',
  'handed_over',
] as const

// Policies

/** Shares of a score of 100; only their proportion counts. All 0 is refused. */
export const weightsSchema = z.strictObject({
  /** Room left, of his limit. */
  load: z.int().min(0).max(100),
  /** Level of the skills asked for, 5 the best. */
  skill: z.int().min(0).max(100),
  /** How soon he turned to work in the last two hours; ten minutes or more is worth nothing. */
  response: z.int().min(0).max(100),
  /** How long since he was given anything; half an hour or more is worth everything. */
  idle: z.int().min(0).max(100),
})
export type Weights = z.infer<typeof weightsSchema>
const skillNeed = z.strictObject({ skillId: z.uuid(), level: z.int().min(1).max(5) })

/** Each strategy reads what concerns it. */
export const policySettingsSchema = z.strictObject({
  /** `skill_match`, and whoever else: nobody without all of these is considered. Added to what the work itself asks for. */
  skills: z.array(skillNeed).max(20).default([]),
  /** `weighted`. */
  weights: weightsSchema.default({ load: 50, skill: 20, response: 15, idle: 15 }),
  /** `familiar_first`: who served this customer within so many days; then the agent whose regular customer this is. */
  familiarDays: z.int().min(1).max(3650).default(90),
  /** `directed`: these people, in this order. */
  accountIds: z.array(z.uuid()).max(50).default([]),
})
export type PolicySettings = z.infer<typeof policySettingsSchema>

/** All that are named must hold; of a list, one of it. */
export const policyConditionsSchema = z.strictObject({
  channelKinds: z.array(z.string().min(1).max(40)).max(20).default([]),
  channelAccountIds: z.array(z.uuid()).max(50).default([]),
  tagIds: z.array(z.uuid()).max(50).default([]),
  businessTypeIds: z.array(z.uuid()).max(50).default([]),
  /** Of tickets alone, as they are at the moment of the decision. */
  ticketTypeIds: z.array(z.uuid()).max(50).default([]),
  priorities: z.array(z.enum(PRIORITIES)).max(PRIORITIES.length).default([]),
  /** 1 Monday … 7 Sunday, in the company's time zone. */
  weekdays: z.array(z.int().min(1).max(7)).max(7).default([]),
  /** Time of day in the company's time zone; `to` at or before `from` ends on the next day. */
  from: timeOfDay.nullable().default(null),
  to: timeOfDay.nullable().default(null),
  /** While the calendar is open, or closed. */
  calendar: z
    .strictObject({ id: z.uuid(), state: z.enum(['open', 'closed']) })
    .nullable()
    .default(null),
})
export type PolicyConditions = z.infer<typeof policyConditionsSchema>

export const policySchema = z.object({
  id: z.uuid(),
  workKind: z.enum(WORK_KINDS),
  name: z.string(),
  /** Null: every team and the general queue. */
  team: named.nullable(),
  strategy: z.enum(STRATEGIES),
  settings: policySettingsSchema,
  conditions: policyConditionsSchema,
  otherwise: z.enum(['next', 'wait']),
  position: z.int(),
  enabled: z.boolean(),
  effectiveFrom: z.iso.datetime().nullable(),
  effectiveUntil: z.iso.datetime().nullable(),
  /** On, and in effect now. */
  active: z.boolean(),
  /** Assignments it made in the last 24 hours. */
  assignedToday: z.int().nonnegative(),
  /** Of a team that the reader reaches; those of the house, who is bound to no team. */
  canChange: z.boolean(),
  updatedAt: z.iso.datetime(),
  version: z.int().positive(),
})
export type Policy = z.infer<typeof policySchema>

const policyFields = {
  name: safeText(60, 1),
  teamId: z.uuid().nullable(),
  strategy: z.enum(STRATEGIES),
  settings: policySettingsSchema,
  conditions: policyConditionsSchema,
  otherwise: z.enum(['next', 'wait']),
  enabled: z.boolean(),
  effectiveFrom: z.iso.datetime().nullable(),
  effectiveUntil: z.iso.datetime().nullable(),
}
/** A new one stands last. `directed` needs people, `skill_match` skills of its own or of the work, `weighted` a weight. */
export const policyCreate = z.strictObject({
  workKind: z.enum(WORK_KINDS),
  name: policyFields.name,
  teamId: policyFields.teamId.default(null),
  strategy: policyFields.strategy,
  settings: policyFields.settings.prefault({}),
  conditions: policyFields.conditions.prefault({}),
  otherwise: policyFields.otherwise.default('next'),
  enabled: policyFields.enabled.default(true),
  effectiveFrom: policyFields.effectiveFrom.default(null),
  effectiveUntil: policyFields.effectiveUntil.default(null),
})
export const policyPatch = z.strictObject({
  name: policyFields.name.optional(),
  teamId: policyFields.teamId.optional(),
  strategy: policyFields.strategy.optional(),
  settings: policyFields.settings.optional(),
  conditions: policyFields.conditions.optional(),
  otherwise: policyFields.otherwise.optional(),
  enabled: policyFields.enabled.optional(),
  effectiveFrom: policyFields.effectiveFrom.optional(),
  effectiveUntil: policyFields.effectiveUntil.optional(),
  version: z.int().positive(),
})
export const policyListQuery = z.strictObject({ workKind: z.enum(WORK_KINDS).default('conversation') })
/** Every policy of this kind once, in the order wanted. */
export const policyOrder = z.strictObject({ workKind: z.enum(WORK_KINDS), ids: z.array(z.uuid()).max(200) })

// Queue rules

export const OVERFLOWS = ['none', 'team', 'form', 'bot'] as const
export type Overflow = (typeof OVERFLOWS)[number]
/** What templates for waiting customers may say: `{customer}` `{team}` `{position}` `{ahead}` `{minutes}`. */
export const QUEUE_VARIABLES = ['customer', 'team', 'position', 'ahead', 'minutes'] as const
const template = safeText(500)
  .refine(
    (text) => [...text.matchAll(/\{([^{}]*)\}/g)].every(([, name]) => QUEUE_VARIABLES.some((known) => known === name)),
    'an unknown variable',
  )
  .nullable()
/** Null: the built-in words. An empty text: nothing is said. */
export const queueTextsSchema = z.strictObject({
  queued: template.default(null),
  moved: template.default(null),
  overflow: template.default(null),
})

const queueFields = {
  /** Full at so many; null: never. */
  maxWaiting: z.int().min(1).max(10_000).nullable(),
  /** Waited too long; null: never. */
  maxWaitSeconds: z.int().min(10).max(86_400).nullable(),
  /** What then: another team’s queue, the form to leave word, or the bot’s text (and go on waiting). */
  overflow: z.enum(OVERFLOWS),
  overflowTeamId: z.uuid().nullable(),
  vipTagIds: z.array(z.uuid()).max(20),
  vipPoints: z.int().min(0).max(10_000),
  returningMinutes: z.int().min(0).max(10_080),
  returningPoints: z.int().min(0).max(10_000),
  /** What a minute of waiting is worth: 60 points at 2 a minute are a head start of half an hour. */
  pointsPerMinute: z.int().min(1).max(1000),
  /** Assigned but not turned to within so many seconds: the next agent; null: it stays. */
  acceptSeconds: z.int().min(10).max(3600).nullable(),
  texts: queueTextsSchema,
}
export const queueRuleSchema = z.object({
  id: z.uuid(),
  /** Null: the general queue, and every team without rules of its own. */
  team: named.nullable(),
  ...queueFields,
  overflowTeam: named.nullable(),
  /** Waiting there now. */
  waiting: z.int().nonnegative(),
  /** Of a team that the reader reaches; those of the house, who is bound to no team. */
  canChange: z.boolean(),
  updatedAt: z.iso.datetime(),
  version: z.int().positive(),
})
export type QueueRule = z.infer<typeof queueRuleSchema>
/** The rules of one queue, made or replaced; `version` of those there, 0 where a team has none yet. What is left out takes its default. */
export const queueRulePut = z.strictObject({
  teamId: z.uuid().nullable(),
  maxWaiting: queueFields.maxWaiting.default(null),
  maxWaitSeconds: queueFields.maxWaitSeconds.default(null),
  overflow: queueFields.overflow.default('none'),
  overflowTeamId: queueFields.overflowTeamId.default(null),
  vipTagIds: queueFields.vipTagIds.default([]),
  vipPoints: queueFields.vipPoints.default(60),
  returningMinutes: queueFields.returningMinutes.default(30),
  returningPoints: queueFields.returningPoints.default(20),
  pointsPerMinute: queueFields.pointsPerMinute.default(2),
  acceptSeconds: queueFields.acceptSeconds.default(null),
  texts: queueFields.texts.prefault({}),
  version: z.int().nonnegative(),
})
/** A team goes by the rules of the house again. */
export const queueRuleDelete = z.strictObject({ version: z.coerce.number().int().positive() })

// Dry run

/** A conversation or a ticket that is there (waiting or held), or one that might come. */
export const dryRunRequest = z.union([
  z.strictObject({ conversationId: z.uuid() }),
  z.strictObject({ ticketId: z.uuid() }),
  z.strictObject({
    workKind: z.enum(WORK_KINDS).default('conversation'),
    teamId: z.uuid().nullable().default(null),
    businessTypeId: z.uuid().nullable().default(null),
    channelKind: z.string().max(40).nullable().default(null),
    channelAccountId: z.uuid().nullable().default(null),
    customerId: z.uuid().nullable().default(null),
    tagIds: z.array(z.uuid()).max(50).default([]),
    /** Of a ticket. */
    ticketTypeId: z.uuid().nullable().default(null),
    priority: z.enum(PRIORITIES).nullable().default(null),
    skills: z.array(skillNeed).max(20).default([]),
  }),
])

/** Why not he: `exclusion.{code}` on screen. */
export const EXCLUSIONS = [
  'offline',
  'busy',
  'break',
  'not_in_team',
  'off_duty',
  'at_capacity',
  'team_at_capacity',
  'skill_missing',
  'not_chosen_here',
  'let_it_pass',
] as const
export type Exclusion = (typeof EXCLUSIONS)[number]
/** What he was judged by; `score` is the weighted one, 0–100. */
export const figuresSchema = z.object({
  load: z.int().nonnegative(),
  capacity: z.int().nonnegative(),
  skill: z.number().optional(),
  responseSeconds: z.int().nonnegative().nullable().optional(),
  idleSeconds: z.int().nonnegative().nullable().optional(),
  score: z.number().optional(),
  /** What each weight brought. */
  parts: z.record(z.string(), z.number()).optional(),
})
export type Figures = z.infer<typeof figuresSchema>
export const dryRunSchema = z.object({
  /** Null: it would wait; `reason` says why. */
  chosen: person.nullable(),
  reason: reasonSchema,
  policy: named.nullable(),
  strategy: z.enum(STRATEGIES).nullable(),
  team: named.nullable(),
  /** Those with `excluded` null come in the order in which they would be asked. */
  candidates: z.array(z.object({ account: person, figures: figuresSchema, excluded: z.enum(EXCLUSIONS).nullable() })),
  /** Policies passed over, in order, and why: `policySkipped.{code}` on screen. */
  passed: z.array(z.object({ policy: named, code: z.enum(['off', 'not_in_effect', 'other_team', 'conditions', 'nobody']) })),
})
export type DryRun = z.infer<typeof dryRunSchema>
