/** Sensitive words (BP-004): lists, what is done when one is written, what was found, and what waits for a supervisor. */
import { z } from 'zod'
import { listQuery } from './list.ts'
import { messagePartSchema, safeText } from './message.ts'

export const INBOUND_ACTIONS = ['block', 'mask', 'notify'] as const
export const OUTBOUND_ACTIONS = ['block', 'mask', 'approve', 'notify'] as const
export type ModerationAction = (typeof OUTBOUND_ACTIONS)[number]
export const MAX_WORDS = 50_000
export const MAX_LISTS = 50

export const moderationListSchema = z.object({
  id: z.uuid(),
  name: z.string(),
  enabled: z.boolean(),
  /** For customers' words: withheld, covered by ＊, or shown and told to supervisors. Null: not looked for. */
  inbound: z.enum(INBOUND_ACTIONS).nullable(),
  /** For agents' words; `approve`: sent once a supervisor has agreed. */
  outbound: z.enum(OUTBOUND_ACTIONS).nullable(),
  words: z.int().nonnegative(),
  version: z.int().positive(),
  updatedAt: z.iso.datetime(),
})
export type ModerationList = z.infer<typeof moderationListSchema>
const name = safeText(40, 1).refine((value) => value.trim() !== '', { message: 'blank_text' })
export const moderationListCreate = z.strictObject({
  name,
  enabled: z.boolean().default(true),
  inbound: z.enum(INBOUND_ACTIONS).nullable().default(null),
  outbound: z.enum(OUTBOUND_ACTIONS).nullable().default(null),
})
export const moderationListPatch = z.strictObject({
  name: name.optional(),
  enabled: z.boolean().optional(),
  inbound: z.enum(INBOUND_ACTIONS).nullable().optional(),
  outbound: z.enum(OUTBOUND_ACTIONS).nullable().optional(),
  version: z.int().positive(),
})
export const moderationListRemove = z.strictObject({ version: z.coerce.number().int().positive() })

export const moderationWordQuery = listQuery.extend({ q: safeText(50).optional() })
export const moderationWordsSchema = z.object({ data: z.array(z.string()), nextCursor: z.string().nullable() })
export const moderationWordsChange = z.strictObject({
  add: z.array(safeText(50, 1)).max(1000).default([]),
  remove: z.array(safeText(50, 1)).max(1000).default([]),
})
/** `ignored`: empty after normalising, or there already. */
export const wordsChangedSchema = z.object({ added: z.int(), removed: z.int(), ignored: z.int(), words: z.int() })

export const moderationTryRequest = z.strictObject({ text: safeText(5000, 1), direction: z.enum(['inbound', 'outbound']) })
export const moderationTrySchema = z.object({
  /** What would happen; null: nothing. */
  action: z.enum(OUTBOUND_ACTIONS).nullable(),
  /** As the other side would read it; null when it would not. */
  result: z.string().nullable(),
  hits: z.array(z.object({ word: z.string(), list: z.string(), action: z.enum(OUTBOUND_ACTIONS), start: z.int(), end: z.int() })),
})
export type ModerationTry = z.infer<typeof moderationTrySchema>

export const moderationHitSchema = z.object({
  id: z.uuid(),
  direction: z.enum(['inbound', 'outbound']),
  action: z.enum(OUTBOUND_ACTIONS),
  words: z.array(z.string()),
  lists: z.array(z.string()),
  conversationId: z.uuid().nullable(),
  seq: z.int().nullable(),
  author: z.object({ id: z.uuid(), name: z.string() }).nullable(),
  customer: z.object({ id: z.uuid(), name: z.string().nullable() }).nullable(),
  createdAt: z.iso.datetime(),
})
export type ModerationHit = z.infer<typeof moderationHitSchema>
export const moderationHitQuery = listQuery.extend({
  direction: z.enum(['inbound', 'outbound']).optional(),
  action: z.enum(OUTBOUND_ACTIONS).optional(),
})

export const approvalSchema = z.object({
  messageId: z.uuid(),
  conversationId: z.uuid(),
  seq: z.int(),
  author: z.object({ id: z.uuid(), name: z.string() }),
  customer: z.object({ id: z.uuid(), name: z.string().nullable() }),
  words: z.array(z.string()),
  parts: z.array(messagePartSchema),
  askedAt: z.iso.datetime(),
})
export type Approval = z.infer<typeof approvalSchema>
export const approvalDecision = z.strictObject({ approve: z.boolean(), note: safeText(200).optional() })
