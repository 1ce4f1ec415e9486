/** Passing a conversation on (会话转接, BP-004.6): offered to a colleague, who accepts or does not; or given to a team at once. */
import { z } from 'zod'
import { safeText } from './message.ts'

/** A team is never asked: such a transfer is `accepted` from the beginning. */
export const TRANSFER_STATES = ['offered', 'accepted', 'declined', 'timed_out', 'cancelled'] as const
export type TransferState = (typeof TRANSFER_STATES)[number]
export const DECLINE_REASONS = ['busy', 'wrong_skill', 'not_mine', 'other'] as const
export type DeclineReason = (typeof DECLINE_REASONS)[number]
/** Why an offer was cancelled: by whom it concerned, or since what it was about changed meanwhile. */
export const TRANSFER_CANCEL_REASONS = ['by_hand', 'conversation_closed', 'reassigned', 'taken_over', 'person_disabled', 'merged'] as const

export const colleagueSchema = z.object({ id: z.uuid(), name: z.string(), avatarUrl: z.string().nullable() })
export type Colleague = z.infer<typeof colleagueSchema>

export const transferTargetSchema = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('agent'), id: z.uuid(), name: z.string() }),
  z.object({ kind: z.literal('team'), id: z.uuid(), name: z.string() }),
])

export const transferSchema = z.object({
  id: z.uuid(),
  conversationId: z.uuid(),
  state: z.enum(TRANSFER_STATES),
  /** Who held the conversation; it stays his until the offer is accepted. */
  from: z.object({ id: z.uuid(), name: z.string() }),
  /** Who offered it: he, or a supervisor for him. */
  by: z.object({ id: z.uuid(), name: z.string() }),
  to: transferTargetSchema,
  /** What the next one should know; also an internal line of the conversation. */
  note: z.string().nullable(),
  offeredAt: z.iso.datetime(),
  /** When nobody having answered ends it; null for a team. */
  expiresAt: z.iso.datetime().nullable(),
  decidedAt: z.iso.datetime().nullable(),
  decidedBy: z.object({ id: z.uuid(), name: z.string() }).nullable(),
  /** One of `DECLINE_REASONS` or `TRANSFER_CANCEL_REASONS`. */
  reason: z.string().nullable(),
  version: z.int().positive(),
})
export type Transfer = z.infer<typeof transferSchema>

/** The running offer, as the row of a conversation carries it. */
export const openTransferSchema = z.object({
  id: z.uuid(),
  from: z.object({ id: z.uuid(), name: z.string() }),
  by: z.object({ id: z.uuid(), name: z.string() }),
  to: transferTargetSchema,
  note: z.string().nullable(),
  offeredAt: z.iso.datetime(),
  expiresAt: z.iso.datetime().nullable(),
})

export const transferRequest = z.strictObject({
  to: z.union([z.strictObject({ accountId: z.uuid() }), z.strictObject({ teamId: z.uuid() })]),
  note: safeText(2000).optional(),
})
export const declineRequest = z.strictObject({ reason: z.enum(DECLINE_REASONS).default('other'), note: safeText(500).optional() })
/** Newest first. */
export const transferListQuery = z.strictObject({ limit: z.coerce.number().int().min(1).max(100).default(20) })

/** Why somebody cannot be asked now: the code with which an offer to him would be refused. */
export const TARGET_REFUSALS = ['transfer_to_self', 'target_offline', 'target_at_capacity', 'team_disabled', 'team_closed'] as const
export const transferCandidatesSchema = z.object({
  people: z.array(
    colleagueSchema.extend({
      status: z.enum(['online', 'busy', 'break', 'offline']),
      /** Open conversations, and how many he may hold. */
      load: z.int().nonnegative(),
      capacity: z.int().positive(),
      teams: z.array(z.string()),
      /** Null: he can be asked. */
      refusal: z.enum(TARGET_REFUSALS).nullable(),
      /** Sees this conversation already, so that a note can mention him; others would have to be invited. */
      mentionable: z.boolean(),
      helping: z.boolean(),
    }),
  ),
  teams: z.array(
    z.object({
      id: z.uuid(),
      name: z.string(),
      /** Members who are online and have room: 0 means that the customer will wait in the team's queue. */
      free: z.int().nonnegative(),
      refusal: z.enum(TARGET_REFUSALS).nullable(),
    }),
  ),
})
export type TransferCandidates = z.infer<typeof transferCandidatesSchema>
export const transferCandidatesQuery = z.strictObject({ q: safeText(50).optional() })

export const transferRulesSchema = z.object({
  /** How long somebody may think, in whole seconds. */
  acceptSeconds: z.int().min(10).max(3600),
  version: z.int().positive(),
})
export const transferRulesRequest = z.strictObject({ acceptSeconds: z.int().min(10).max(3600), version: z.int().positive() })
