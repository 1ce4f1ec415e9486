/** How conversations end, go on, wait aside and begin: BP-004.8 and what belongs to it. */
import { z } from 'zod'
import { listQuery } from './list.ts'
import { messagePartInputSchema, messageSchema, safeText } from './message.ts'
import { spokenText } from './spoken-text.ts'
import { replyWindowSchema } from './conversation.ts'

/** What an agent may give as the reason. */
export const CLOSE_REASONS = ['resolved', 'no_reply', 'spam', 'other'] as const
/** What whoever ends it may say; the others the product says itself. */
export type GivenCloseReason = (typeof CLOSE_REASONS)[number]
/** Every reason a conversation can have ended for: by an agent, by the idle rule, by the customer, by being joined with another of his, by blocking him. */
export const ALL_CLOSE_REASONS = [...CLOSE_REASONS, 'idle', 'customer', 'joined', 'blocked'] as const
export type CloseReason = (typeof ALL_CLOSE_REASONS)[number]

export const WRAP_RESULTS = ['resolved', 'unresolved', 'follow_up', 'invalid'] as const
export type WrapResult = (typeof WRAP_RESULTS)[number]
export const WRAP_FIELDS = ['category', 'result', 'summary', 'tags'] as const
export type WrapField = (typeof WRAP_FIELDS)[number]

/** What a conversation was about. Fields left out stay as they are. */
export const wrapUpInput = z.strictObject({
  /** Entry of the dictionary `issue_type`. */
  categoryId: z.uuid().nullable().optional(),
  result: z.enum(WRAP_RESULTS).nullable().optional(),
  /** Of the list of customer tags. */
  tagIds: z.array(z.uuid()).max(20).optional(),
  summary: safeText(2000).nullable().optional(),
})
export type WrapUpInput = z.infer<typeof wrapUpInput>
export const wrapUpSchema = z.object({
  category: z.object({ id: z.uuid(), labelZh: z.string(), labelEn: z.string() }).nullable(),
  result: z.enum(WRAP_RESULTS).nullable(),
  tags: z.array(z.object({ id: z.uuid(), name: z.string(), color: z.string() })),
  summary: z.string().nullable(),
  by: z.object({ id: z.uuid(), name: z.string() }).nullable(),
  at: z.iso.datetime().nullable(),
  /** What the rules ask of who ends this conversation; null tags and the like are then refused. */
  required: z.array(z.enum(WRAP_FIELDS)),
})
export type WrapUp = z.infer<typeof wrapUpSchema>

export const closeRequest = z.strictObject({
  reason: z.enum(CLOSE_REASONS).default('resolved'),
  wrapUp: wrapUpInput.optional(),
  /** The customer gets no closing text. */
  silent: z.boolean().optional(),
})

/** To whom the conversation goes that continues the closed one: oneself, or its team's queue, where its former agent comes first. */
export const reopenRequest = z.strictObject({ to: z.enum(['me', 'queue']).default('me') })

// planning

/** `until` null: until the customer writes. A null body field `snooze` wakes it. */
export const snoozeRequest = z.strictObject({ snooze: z.strictObject({ until: z.iso.datetime({ offset: true }).nullable() }).nullable() })
export const pinRequest = z.strictObject({ pinned: z.boolean() })
export const reminderRequest = z.strictObject({
  clientKey: safeText(64, 8),
  at: z.iso.datetime({ offset: true }),
  text: safeText(200, 1).refine((text) => text.trim() !== '', { message: 'blank_text' }),
})
export const reminderSchema = z.object({
  id: z.uuid(),
  conversationId: z.uuid(),
  customer: z.object({ id: z.uuid(), name: z.string().nullable() }),
  at: z.iso.datetime(),
  text: z.string(),
  createdAt: z.iso.datetime(),
  /** Set once the notification was made. */
  remindedAt: z.iso.datetime().nullable(),
})
export type Reminder = z.infer<typeof reminderSchema>
export const reminderListQuery = listQuery.extend({ done: z.enum(['true', 'false']).default('false') })

// starting

/** One way to reach a customer, told before anything is written. */
export const reachSchema = z.object({
  identityId: z.uuid(),
  channel: z.object({ accountId: z.uuid(), kind: z.string(), name: z.string() }),
  window: replyWindowSchema,
  /** What may be done: words now, a template now, words kept until he writes. */
  ways: z.array(z.enum(['message', 'template', 'hold'])),
  /** Why there is none, or none now. */
  obstacle: z.enum(['account_disabled', 'unsubscribed', 'window_closed', 'quota_spent', 'taken', 'waiting_elsewhere']).nullable(),
  /** Already talking: with whom. */
  open: z.object({ id: z.uuid(), assignee: z.object({ id: z.uuid(), name: z.string() }).nullable() }).nullable(),
  lastMessageAt: z.iso.datetime().nullable(),
})
export type Reach = z.infer<typeof reachSchema>
export const reachesSchema = z.object({
  blocked: z.boolean(),
  /** Best first. */
  reaches: z.array(reachSchema),
  /** Our own pages, to be passed on by telephone or otherwise. */
  pages: z.array(z.object({ accountId: z.uuid(), name: z.string(), url: z.string() })),
})
export const startRequest = z.strictObject({
  clientKey: safeText(64, 8),
  /** Without it the best account (`GET …/reach`). */
  channelAccountId: z.uuid().optional(),
  parts: z.array(messagePartInputSchema).min(1).max(9),
  whenClosed: z.enum(['refuse', 'hold']).optional(),
})
export const startedSchema = z.object({
  conversationId: z.uuid(),
  /** False: it was there already and this is one more message in it. */
  started: z.boolean(),
  message: messageSchema,
})

// blocking

export const blockRequest = z.strictObject({
  reason: safeText(200, 1).refine((text) => text.trim() !== '', { message: 'blank_text' }),
  /** Null or absent: until somebody lifts it. */
  until: z.iso.datetime({ offset: true }).nullable().optional(),
})
export const blockSchema = z.object({
  customer: z.object({ id: z.uuid(), name: z.string().nullable() }),
  reason: z.string(),
  until: z.iso.datetime().nullable(),
  by: z.object({ id: z.uuid(), name: z.string() }).nullable(),
  at: z.iso.datetime(),
})
export type Block = z.infer<typeof blockSchema>

// rules

export const AUTO_TEXTS = ['idleWarning', 'idleClosed', 'closed', 'customerClosed', 'blocked'] as const
export type AutoText = (typeof AUTO_TEXTS)[number]
/** What a text may name, as `{{name}}`. */
export const TEXT_VARIABLES = ['customer', 'agent', 'team', 'minutes'] as const

const minutes = z.int().min(0).max(10_080)
const text = spokenText(600)
const texts = { idleWarning: text, idleClosed: text, closed: text, customerClosed: text, blocked: text }
const words = z.array(safeText(30, 1)).max(20)
export const conversationRulesSchema = z.object({
  id: z.uuid(),
  /** Both null: for all. Others say otherwise in what is not null: the team's before the account's. */
  team: z.object({ id: z.uuid(), name: z.string() }).nullable(),
  channelAccount: z.object({ id: z.uuid(), name: z.string() }).nullable(),
  /** Minutes without a word of the customer after the agent's last, until he is warned. 0: never. */
  idleWarnMinutes: minutes.nullable(),
  /** Minutes from the warning until the end. */
  idleCloseMinutes: minutes.nullable(),
  /** So long after the end his next words go on with it. 0: never. */
  reopenHours: z.int().min(0).max(720).nullable(),
  wrapUpRequired: z.array(z.enum(WRAP_FIELDS)).nullable(),
  /** What a customer writes, and nothing else, to end the conversation. */
  closingWords: words.nullable(),
  /** Missing: as for all. Empty: none is sent. */
  texts: z.object(texts).partial(),
  version: z.int().positive(),
  updatedAt: z.iso.datetime(),
})
export type ConversationRules = z.infer<typeof conversationRulesSchema>
const terms = {
  idleWarnMinutes: minutes.nullable(),
  idleCloseMinutes: minutes.nullable(),
  reopenHours: z.int().min(0).max(720).nullable(),
  wrapUpRequired: z.array(z.enum(WRAP_FIELDS)).max(4).nullable(),
  closingWords: words.nullable(),
  texts: z.strictObject(texts).partial(),
}
export const conversationRulesCreate = z.strictObject({
  teamId: z.uuid().optional(),
  channelAccountId: z.uuid().optional(),
  ...z.strictObject(terms).partial().shape,
})
export const conversationRulesPatch = z.strictObject({ ...z.strictObject(terms).partial().shape, version: z.int().positive() })
export const conversationRulesRemove = z.strictObject({ version: z.coerce.number().int().positive() })

/** The customer ends it on our own page. */
export const webCloseRequest = z.strictObject({ conversationId: z.uuid() })
