/** The customer's side of the web channel (H5 page and widget). */
import { z } from 'zod'
import { offHoursSchema, queueStandingSchema, teamChoiceSchema } from './consultation.ts'
import { customerMessageSchema, customerPartInputSchema, safeText } from './message.ts'

/** Identity vouched for by the host site: HMAC-SHA256(secret, `${accountId}.${id}.${expiresAt}`) in hex. */
export const webIdentityClaim = z.strictObject({
  id: safeText(128, 1),
  name: safeText(60).optional(),
  avatarUrl: z
    .url({ protocol: /^https$/ })
    .max(500)
    .optional(),
  /** Unix seconds, at most a day ahead. */
  expiresAt: z.int().positive(),
  signature: z.string().regex(/^[0-9a-f]{64}$/),
})
export const webSessionRequest = z.strictObject({
  identity: webIdentityClaim.optional(),
  locale: z.enum(['zh-CN', 'en']).optional(),
  /** What the host site says about the place: a team, a code of `business_type`, or a name of an entry point (`data-team`, `data-business`, `data-entry`). */
  team: z.uuid().optional(),
  business: safeText(40, 1).optional(),
  entry: safeText(128, 1).optional(),
  /** Page the customer is on: shown to the agent as the source. */
  pageUrl: z
    .url({ protocol: /^https?$/ })
    .max(500)
    .optional(),
})
/** The token is opaque and sent as `Authorization: Bearer`; it is the only credential of the page. */
export const webSessionSchema = z.object({
  token: z.string(),
  expiresAt: z.iso.datetime(),
  title: z.string(),
  welcome: z.string().nullable(),
  accent: z.string().nullable(),
  identified: z.boolean(),
})
export const webConversationSchema = z.object({
  id: z.uuid(),
  status: z.enum(['queued', 'open', 'closed']),
  agent: z.object({ name: z.string(), avatarUrl: z.string().nullable() }).nullable(),
  /** People before this customer; null when not queued. */
  queueAhead: z.int().nonnegative().nullable(),
  /** His place and an honest wait (BP-003.6); null when he is not in a queue. */
  queue: queueStandingSchema.nullable(),
  /** Teams to choose from before he enters a queue (BP-003.3). */
  choices: teamChoiceSchema.nullable(),
  /** Closed doors, or a queue that is full. */
  offHours: offHoursSchema.nullable(),
  lastSeq: z.int().nonnegative(),
  /** Newest message that staff has read: the customer's own messages up to it are read. */
  staffReadSeq: z.int().nonnegative(),
  customerReadSeq: z.int().nonnegative(),
  version: z.int().positive(),
})
export type WebConversation = z.infer<typeof webConversationSchema>
export const webMessageRequest = z.strictObject({ clientKey: safeText(64, 8), parts: z.array(customerPartInputSchema).min(1).max(9) })
/** Messages of all conversations of this customer on this account, newest page first, each page oldest first. */
export const webHistoryQuery = z.strictObject({
  conversationId: z.uuid().optional(),
  afterSeq: z.coerce.number().int().nonnegative().optional(),
  beforeSeq: z.coerce.number().int().positive().optional(),
  limit: z.coerce.number().int().min(1).max(100).default(30),
})
export const webHistorySchema = z.object({
  conversation: webConversationSchema.nullable(),
  messages: z.array(customerMessageSchema),
  hasMore: z.boolean(),
  /** Conversation before this one, to page further back. */
  previousConversationId: z.uuid().nullable(),
})
export const webReadRequest = z.strictObject({ conversationId: z.uuid(), seq: z.int().nonnegative() })
