/**
 * Supervision (BP-012): what waits, who works, how teams and channels stand, and what a supervisor does about it.
 *
 * Who sees what: `supervision.view`, within one's data scope (own teams; departments below; everything). What waits for no team in particular is seen
 * by whoever supervises anything. Handing out work takes `conversations.assign` too.
 *
 * Push: whoever said `supervision.watch` on his socket hears `supervision.changed` (at most twice a second) and fetches the board again. The figures
 * are sums over many tables and differ by reader: told as steps they would drift, and leak between scopes; told as "look again" they cannot be
 * wrong for longer than one request. `revision` says whether the answer holds what was announced.
 */
import { z } from 'zod'
import { PRESENCE_STATUSES } from './identity.ts'
import { listQuery, one, page } from './list.ts'
import { safeText } from './message.ts'
import { reasonSchema } from './routing.ts'

const person = z.object({ id: z.uuid(), name: z.string(), avatarUrl: z.string().nullable() })
const named = z.object({ id: z.uuid(), name: z.string() })
const labelled = z.object({ id: z.uuid(), labelZh: z.string(), labelEn: z.string() })

/** Why nobody has it yet, worst first; screens word them with `params`. */
export const WAITING_REASONS = [
  'choosing_team', // the customer has been asked which team
  'off_hours', // outside the hours; the form is offered
  'team_closed', // team
  'nobody_online', // online counts who is on duty
  'nobody_with_skill',
  'all_full', // agents load capacity
  'team_full', // a team's limit for all its members together
  'waits_for_policy', // policy
  'being_assigned',
] as const
export type WaitingReason = (typeof WAITING_REASONS)[number]

/** A conversation as it stands on the board: waiting or being handled. */
export const boardConversationSchema = z.object({
  id: z.uuid(),
  status: z.enum(['queued', 'open']),
  customer: z.object({ id: z.uuid(), name: z.string().nullable(), avatarUrl: z.string().nullable(), tail: z.string() }),
  channel: z.object({ accountId: z.uuid(), kind: z.string(), name: z.string() }),
  /** Null: everybody's. */
  team: named.nullable(),
  businessType: labelled.nullable(),
  /** Higher is served first; 0 is ordinary. */
  priority: z.int(),
  /** Skills that whoever takes it should have. */
  skills: z.array(labelled),
  assignee: person.nullable(),
  queuedAt: z.iso.datetime().nullable(),
  openedAt: z.iso.datetime().nullable(),
  /** First message of the customer not answered yet; null: staff spoke last. */
  waitingSince: z.iso.datetime().nullable(),
  lastMessageAt: z.iso.datetime().nullable(),
  /** How it came into the queue: new, back from somebody, out of another team's; `assignmentReason.{code}` on screen. */
  arrival: reasonSchema.nullable(),
  /** Why nobody has it yet; of the queue only. */
  reason: reasonSchema.extend({ code: z.enum(WAITING_REASONS) }).nullable(),
})
export type BoardConversation = z.infer<typeof boardConversationSchema>

export const boardAgentSchema = z.object({
  account: person,
  status: z.enum(PRESENCE_STATUSES),
  /** Of a break, or what the supervisor noted. */
  reason: z.string().nullable(),
  since: z.iso.datetime(),
  /** A shift of his is on, or none of his teams works by shifts. */
  onDuty: z.boolean(),
  load: z.int().nonnegative(),
  capacity: z.int().positive(),
  /** Of his conversations, those whose customer waits for an answer, and since when the first of them does. */
  unanswered: z.int().nonnegative(),
  longestUnansweredSince: z.iso.datetime().nullable(),
  teams: z.array(named),
  skills: z.array(labelled.extend({ level: z.int().min(1).max(5) })),
  /** Since midnight in the company's time zone: work received, and ended conversations that were his. */
  takenToday: z.int().nonnegative(),
  closedToday: z.int().nonnegative(),
})
export type BoardAgent = z.infer<typeof boardAgentSchema>

export const boardTeamSchema = z.object({
  id: z.uuid(),
  name: z.string(),
  openState: z.object({ open: z.boolean(), changesAt: z.iso.datetime().nullable() }),
  memberCount: z.int().nonnegative(),
  online: z.int().nonnegative(),
  /** Online and on shift. */
  onDuty: z.int().nonnegative(),
  /** Open conversations of its members, and how many those on duty may hold. */
  load: z.int().nonnegative(),
  capacity: z.int().nonnegative(),
  queueLength: z.int().nonnegative(),
  longestWaitSince: z.iso.datetime().nullable(),
})
export type BoardTeam = z.infer<typeof boardTeamSchema>

export const boardChannelSchema = z.object({
  id: z.uuid(),
  kind: z.string(),
  name: z.string(),
  health: z.enum(['unknown', 'ok', 'failing']),
  healthReason: z.string().nullable(),
  checkedAt: z.iso.datetime().nullable(),
  /** Platform quota spent: nothing is sent before. */
  pausedUntil: z.iso.datetime().nullable(),
  /** Messages not out yet, and those that failed or whose outcome is unknown in the last 15 minutes. */
  waitingDeliveries: z.int().nonnegative(),
  failedDeliveries: z.int().nonnegative(),
  queueLength: z.int().nonnegative(),
  openConversations: z.int().nonnegative(),
})
export type BoardChannel = z.infer<typeof boardChannelSchema>

// Alerts

export const ALERT_KINDS = ['queue_length', 'queue_wait', 'no_reply', 'channel_down', 'delivery_failures'] as const
export type AlertKind = (typeof ALERT_KINDS)[number]
/** What the threshold counts: waiting conversations, seconds, or failed messages within 15 minutes. */
export const ALERT_UNIT = {
  queue_length: 'count',
  queue_wait: 'seconds',
  no_reply: 'seconds',
  channel_down: 'seconds',
  delivery_failures: 'count',
} as const satisfies Record<AlertKind, 'count' | 'seconds'>
/** Those of a team; a rule without one holds for every team that has none of its own, and for what waits for no team. */
export const TEAM_ALERT_KINDS = ['queue_length', 'queue_wait', 'no_reply'] as const satisfies readonly AlertKind[]

export const alertRuleSchema = z.object({
  id: z.uuid(),
  kind: z.enum(ALERT_KINDS),
  team: named.nullable(),
  /** Seconds or a number, by `ALERT_UNIT`; the alert is raised at this value and above. */
  threshold: z.int().positive(),
  enabled: z.boolean(),
  may: z.object({ change: z.boolean() }),
  version: z.int().positive(),
})
export type AlertRule = z.infer<typeof alertRuleSchema>
const threshold = z.int().min(1).max(86_400)
export const alertRuleCreate = z.strictObject({
  kind: z.enum(TEAM_ALERT_KINDS),
  teamId: z.uuid(),
  threshold,
  enabled: z.boolean().default(true),
})
export const alertRulePatch = z.strictObject({
  threshold: threshold.optional(),
  enabled: z.boolean().optional(),
  version: z.int().positive(),
})

export const alertSchema = z.object({
  id: z.uuid(),
  kind: z.enum(ALERT_KINDS),
  team: named.nullable(),
  channel: named.extend({ kind: z.string() }).nullable(),
  /** The worst it has been, in the unit of the kind. */
  value: z.int().nonnegative(),
  /** How many conversations or messages are beyond the threshold now. */
  count: z.int().nonnegative(),
  threshold: z.int().positive(),
  raisedAt: z.iso.datetime(),
  resolvedAt: z.iso.datetime().nullable(),
  acknowledged: z.object({ by: named, at: z.iso.datetime() }).nullable(),
  version: z.int().positive(),
})
export type Alert = z.infer<typeof alertSchema>
export const alertListQuery = listQuery.extend({ state: z.enum(['open', 'resolved']).default('open') })
export const alertPage = page(alertSchema)

// The board

export const boardFilterQuery = z.strictObject({
  teamId: z.uuid().optional(),
  /** Agents who have it, conversations that ask for it (BP-012.4). */
  skillId: z.uuid().optional(),
  channelAccountId: z.uuid().optional(),
})
export const boardSchema = z.object({
  /** Of what the answer is made; the same as in the hint means nothing newer is known. */
  revision: z.string(),
  /** The server's present: clocks on screens count from it. */
  at: z.iso.datetime(),
  totals: z.object({
    queued: z.int().nonnegative(),
    longestWaitSince: z.iso.datetime().nullable(),
    open: z.int().nonnegative(),
    unanswered: z.int().nonnegative(),
    agents: z.record(z.enum(PRESENCE_STATUSES), z.int().nonnegative()),
  }),
  /** In the order in which they are served, the first 100; the rest by `GET …/conversations`. */
  queue: z.array(boardConversationSchema),
  queueCursor: z.string().nullable(),
  agents: z.array(boardAgentSchema),
  teams: z.array(boardTeamSchema),
  channels: z.array(boardChannelSchema),
  alerts: z.array(alertSchema),
  may: z.object({ assign: z.boolean(), changePresence: z.boolean(), changeRules: z.boolean() }),
})
export type Board = z.infer<typeof boardSchema>
export const boardResponse = one(boardSchema)

export const boardConversationQuery = listQuery.extend({
  status: z.enum(['queued', 'open']).default('queued'),
  assigneeId: z.uuid().optional(),
  teamId: z.uuid().optional(),
  skillId: z.uuid().optional(),
  channelAccountId: z.uuid().optional(),
})

/** Response times of today, by agent: sums and numbers, so that whoever adds agents up divides once. */
export const agentFiguresSchema = z.object({
  accountId: z.uuid(),
  /** Work received today in which he has answered, and the seconds from receiving it, or the customer's first word after that, to his first answer. */
  firstResponses: z.int().nonnegative(),
  firstResponseSeconds: z.int().nonnegative(),
  /** Turns answered: the customer's run of messages up to his answer; seconds from the first of them. */
  turns: z.int().nonnegative(),
  turnSeconds: z.int().nonnegative(),
})
export type AgentFigures = z.infer<typeof agentFiguresSchema>

// Handing out by hand

export const ASSIGNMENT_BATCH = 200
const seen = z.strictObject({
  id: z.uuid(),
  /** Who had it, and in which team's queue it was, when the supervisor chose it: who was quicker is told instead of overruled. A new message does not count. */
  seen: z.strictObject({ assigneeId: z.uuid().nullable(), teamId: z.uuid().nullable() }),
})
export const assignmentTarget = z.union([
  z.strictObject({ kind: z.literal('agent'), accountId: z.uuid() }),
  /** Into the team's queue, from which the policies hand out. */
  z.strictObject({ kind: z.literal('team'), teamId: z.uuid() }),
  /** Whom the policies choose now; where nobody has room it waits. */
  z.strictObject({ kind: z.literal('policy') }),
])
export type AssignmentTarget = z.infer<typeof assignmentTarget>
const items = z
  .array(seen)
  .min(1)
  .max(ASSIGNMENT_BATCH)
  .refine((rows) => new Set(rows.map(({ id }) => id)).size === rows.length, 'each conversation once')
/** `force`: also beyond the agent's limit; the preview said so. */
const assignmentFields = { items, to: assignmentTarget, force: z.boolean().default(false) }
export const assignmentPreviewRequest = z.strictObject(assignmentFields)
export const assignmentRequest = z.strictObject({
  ...assignmentFields,
  /** The same for every try of one decision: answered alike, done once. */
  clientKey: safeText(64, 8),
  note: safeText(200).optional(),
})

/** `moves`: would get, or has got, somebody; `queues`: goes to wait in a team's queue; all others leave it where it is. */
export const ASSIGNMENT_OUTCOMES = [
  'moves',
  'queues',
  'same_owner',
  'closed',
  'changed_meanwhile',
  'over_capacity',
  'team_closed', // outside its hours
  'not_found',
] as const
export type AssignmentOutcome = (typeof ASSIGNMENT_OUTCOMES)[number]
export const assignmentRowSchema = z.object({
  id: z.uuid(),
  outcome: z.enum(ASSIGNMENT_OUTCOMES),
  customer: z.string().nullable(),
  from: named.nullable(),
  to: named.nullable(),
  team: named.nullable(),
  /** He would hold more than he may. */
  beyondLimit: z.boolean(),
  /** A message of the customer waits for an answer: he will wait for the next agent. */
  unanswered: z.boolean(),
})
export type AssignmentRow = z.infer<typeof assignmentRowSchema>
export const assignmentResultSchema = z.object({
  rows: z.array(assignmentRowSchema),
  counts: z.record(z.enum(ASSIGNMENT_OUTCOMES), z.int().nonnegative()),
  /** Where it is for one agent: what he holds before and after, and may. */
  agent: z.object({ account: named, status: z.enum(PRESENCE_STATUSES), load: z.int(), loadAfter: z.int(), capacity: z.int() }).nullable(),
})
export type AssignmentResult = z.infer<typeof assignmentResultSchema>
