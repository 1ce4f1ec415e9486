/** What customers think of the service (BP-004.9). One invitation a conversation, one rating an invitation. */
import { z } from 'zod'
import { CONVERSATION_STATUSES } from './conversation.ts'
import { listQuery } from './list.ts'
import { safeText } from './message.ts'
import { spokenText } from './spoken-text.ts'

/** Stars from 1 to 5, or 不满意 · 一般 · 满意 as 1 to 3. */
export const RATING_SCALES = [3, 5] as const
export type RatingScale = (typeof RATING_SCALES)[number]
export const RATING_LEVELS = ['low', 'middle', 'high'] as const
export type RatingLevel = (typeof RATING_LEVELS)[number]

/** `menu`: a menu message of the platform; `card`: on our own page; `link`: text with the address of a page. */
export const RATING_FORMS = ['menu', 'card', 'link'] as const
export type RatingForm = (typeof RATING_FORMS)[number]

/**
 * `pending`: on its way; `sent`: waits for an answer; `not_sent`: the channel let it not out, `reason` says why, it may be tried again;
 * `failed`: the platform refused it; `rated`; `expired`.
 */
export const RATING_STATES = ['pending', 'sent', 'not_sent', 'failed', 'rated', 'expired'] as const
export type RatingState = (typeof RATING_STATES)[number]

const scaleSchema = z.union([z.literal(3), z.literal(5)])
const reasonSchema = z.object({ id: z.uuid(), labelZh: z.string(), labelEn: z.string(), level: z.enum(RATING_LEVELS) })
export type RatingReason = z.infer<typeof reasonSchema>
const person = z.object({ id: z.uuid(), name: z.string() })

export const ratingSchema = z.object({
  id: z.uuid(),
  conversationId: z.uuid(),
  score: z.int().min(1).max(5),
  scale: scaleSchema,
  level: z.enum(RATING_LEVELS),
  reasons: z.array(reasonSchema),
  comment: z.string().nullable(),
  ratedAt: z.iso.datetime(),
})
export type Rating = z.infer<typeof ratingSchema>

export const ratingInvitationSchema = z.object({
  id: z.uuid(),
  conversationId: z.uuid(),
  state: z.enum(RATING_STATES),
  form: z.enum(RATING_FORMS),
  trigger: z.enum(['agent', 'rule']),
  /** Why it was not sent or failed: a delivery reason. */
  reason: z.string().nullable(),
  /** Whom the rating is about: who served when the customer was asked. */
  agent: person,
  invitedBy: person.nullable(),
  expiresAt: z.iso.datetime(),
  createdAt: z.iso.datetime(),
})
export type RatingInvitation = z.infer<typeof ratingInvitationSchema>

/** Of one conversation, for the workbench: `canInvite` says whether the button does something. */
export const conversationRatingSchema = z.object({
  invitation: ratingInvitationSchema.nullable(),
  rating: ratingSchema.nullable(),
  canInvite: z.boolean(),
})
export type ConversationRating = z.infer<typeof conversationRatingSchema>

/** Lists for supervisors. */
export const ratingListItemSchema = ratingSchema.extend({
  agent: person,
  team: person.nullable(),
  customer: z.object({ id: z.uuid(), name: z.string().nullable(), tail: z.string() }),
  channel: z.object({ kind: z.string(), name: z.string() }),
  form: z.enum(RATING_FORMS),
  conversation: z.object({ status: z.enum(CONVERSATION_STATUSES), readable: z.boolean() }),
})
export type RatingListItem = z.infer<typeof ratingListItemSchema>

const list = <T extends z.ZodType>(item: T) =>
  z
    .union([item, z.array(item)])
    .transform((value) => (Array.isArray(value) ? value : [value]))
    .optional()
const ratingFilters = {
  level: list(z.enum(RATING_LEVELS)),
  agentId: z.uuid().optional(),
  teamId: z.uuid().optional(),
  channelKind: z.string().max(40).optional(),
  reasonId: z.uuid().optional(),
  commented: z.enum(['true', 'false']).optional(),
  from: z.iso.datetime({ offset: true }).optional(),
  to: z.iso.datetime({ offset: true }).optional(),
}
export const ratingListQuery = listQuery.extend(ratingFilters)
export const ratingSummaryQuery = z.strictObject(ratingFilters)
export const ratingSummarySchema = z.object({
  /** Ratings by level; `satisfied` is the share of `high`, 0 to 1, null when there are none. */
  low: z.int().nonnegative(),
  middle: z.int().nonnegative(),
  high: z.int().nonnegative(),
  satisfied: z.number().min(0).max(1).nullable(),
  /** Invitations in the same range that reached the customer, and how many of them were answered. */
  invited: z.int().nonnegative(),
  answered: z.int().nonnegative(),
})
export type RatingSummary = z.infer<typeof ratingSummarySchema>

// Settings.
const words = spokenText(200).refine(({ zh }) => zh.trim() !== '', { message: 'blank_text' })
const texts = z.strictObject({
  /** What the customer reads before he rates. */
  invite: words,
  thanksLow: words,
  thanksMiddle: words,
  thanksHigh: words,
  /** Answer to a rating that comes too late or a second time. */
  late: words,
})
const settings = {
  scale: scaleSchema,
  expiresHours: z.int().min(1).max(720),
  /** Supervisors of the team are told of ratings of this level. */
  notifyLow: z.boolean(),
  texts,
}
export const ratingSettingsSchema = z.object({
  ...settings,
  reasons: z.array(reasonSchema.extend({ disabled: z.boolean() })),
  version: z.int().positive(),
})
export type RatingSettings = z.infer<typeof ratingSettingsSchema>
export const ratingSettingsPatch = z.strictObject({
  scale: settings.scale.optional(),
  expiresHours: settings.expiresHours.optional(),
  notifyLow: settings.notifyLow.optional(),
  texts: texts.partial().optional(),
  /** Entries of the dictionary `rating_reason` and the level for which each is offered; replaces all. */
  reasons: z
    .array(z.strictObject({ id: z.uuid(), level: z.enum(RATING_LEVELS) }))
    .max(60)
    .optional(),
  version: z.int().positive(),
})

const condition = <T extends z.ZodType>(item: T) => z.array(item).max(50)
const ruleFields = {
  name: safeText(60, 1),
  /** How the conversation ended; empty: however. */
  closeReasons: condition(safeText(60, 1)),
  channelAccountIds: condition(z.uuid()),
  teamIds: condition(z.uuid()),
  /** `false`: those that meet the conditions are not asked. The first rule that fits decides. */
  invite: z.boolean(),
  enabled: z.boolean(),
}
export const ratingRuleSchema = z.object({ id: z.uuid(), ...ruleFields, position: z.int(), version: z.int().positive() })
export type RatingRule = z.infer<typeof ratingRuleSchema>
export const ratingRuleCreate = z.strictObject(ruleFields)
export type RatingRuleCreate = z.infer<typeof ratingRuleCreate>
export const ratingRulePatch = z.strictObject(ruleFields).partial().extend({ version: z.int().positive() })
/** All rules in their new order. */
export const ratingRuleOrder = z.strictObject({ ids: z.array(z.uuid()).min(1).max(100) })

// The customer's side.
export const ratingFormSchema = z.object({
  invitationId: z.uuid(),
  state: z.enum(['open', 'rated', 'expired']),
  scale: scaleSchema,
  agentName: z.string(),
  invite: z.string(),
  /** Of this rating: what was given, and the thanks for it. */
  score: z.int().nullable(),
  thanks: z.string().nullable(),
  /** May still add reasons and a comment to a score given with one tap. */
  canExplain: z.boolean(),
  reasons: z.array(reasonSchema),
  expiresAt: z.iso.datetime(),
})
export type RatingFormState = z.infer<typeof ratingFormSchema>
const answer = {
  score: z.int().min(1).max(5),
  reasons: z.array(z.uuid()).max(10).default([]),
  comment: safeText(500).optional(),
}
export const webRatingRequest = z.strictObject({ invitationId: z.uuid(), ...answer })
export const linkRatingRequest = z.strictObject(answer)
