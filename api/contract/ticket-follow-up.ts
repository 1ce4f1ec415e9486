/** What is noted on a ticket while it is worked on (BP-006.5), and what is left to be ticked off. */
import { MAX_FOLLOW_UP_FILES, MAX_CHECKLIST_ITEMS } from './ticket-terms.ts'
import { z } from 'zod'
import { attachmentSchema } from './attachment.ts'
import { listQuery } from './list.ts'
import { safeText } from './message.ts'

export const FOLLOW_UP_VISIBILITIES = ['internal', 'customer'] as const
export type FollowUpVisibility = (typeof FOLLOW_UP_VISIBILITIES)[number]
export const FOLLOW_UP_AUTHORS = ['staff', 'customer'] as const

/**
 * How a follow-up for the customer went out. `sent`: in his channel, `conversationId` says where; `page_only`: the channel let it not out, he finds it on
 * the ticket's page and `reason` says why it was not told.
 */
export const FOLLOW_UP_DELIVERIES = ['sent', 'page_only'] as const
export const PAGE_ONLY_REASONS = [
  'no_conversation',
  'reply_window_closed',
  'reply_quota_spent',
  'part_not_supported',
  'switched_off',
] as const
export type PageOnlyReason = (typeof PAGE_ONLY_REASONS)[number]
export const followUpDeliverySchema = z.object({
  state: z.enum(FOLLOW_UP_DELIVERIES),
  conversationId: z.uuid().nullable(),
  /** State of the message in his channel, as in the workbench. */
  message: z.string().nullable(),
  reason: z.enum(PAGE_ONLY_REASONS).nullable(),
})

export const followUpSchema = z.object({
  id: z.uuid(),
  ticketId: z.uuid(),
  visibility: z.enum(FOLLOW_UP_VISIBILITIES),
  author: z.object({ kind: z.enum(FOLLOW_UP_AUTHORS), id: z.uuid().nullable(), name: z.string().nullable() }),
  text: z.string(),
  /** Colleagues named in it, as they were called then. */
  mentions: z.array(z.object({ id: z.uuid(), name: z.string() })),
  files: z.array(attachmentSchema),
  /** Only of what staff wrote for the customer. */
  delivery: followUpDeliverySchema.nullable(),
  createdAt: z.iso.datetime(),
})
export type FollowUp = z.infer<typeof followUpSchema>
/** Newest first. */
export const followUpListQuery = listQuery.extend({ visibility: z.enum(FOLLOW_UP_VISIBILITIES).optional() })

const words = safeText(10_000).refine((text) => text.trim() !== '', { message: 'blank_text' })
export const followUpCreate = z.strictObject({
  /** The same key is the same follow-up, however often it comes. */
  clientKey: safeText(64, 8),
  visibility: z.enum(FOLLOW_UP_VISIBILITIES),
  text: words,
  attachmentIds: z.array(z.uuid()).max(MAX_FOLLOW_UP_FILES).default([]),
  /** Colleagues who are told, and watch the ticket from then on. */
  mentions: z.array(z.uuid()).max(20).default([]),
})
export type FollowUpCreate = z.infer<typeof followUpCreate>

// Checklists.

export const checklistItemSchema = z.object({
  id: z.uuid(),
  ticketId: z.uuid(),
  text: z.string(),
  done: z.boolean(),
  doneBy: z.object({ id: z.uuid(), name: z.string() }).nullable(),
  doneAt: z.iso.datetime().nullable(),
  version: z.int().positive(),
})
export type ChecklistItem = z.infer<typeof checklistItemSchema>
const line = safeText(200).refine((text) => text.trim() !== '', { message: 'blank_text' })
/** What a new ticket, a template or a draft brings along. */
export const checklistTexts = z.array(line).max(20)
/** At the end of the list, in this order. */
export const checklistAdd = z.strictObject({ texts: checklistTexts.min(1) })
export const checklistItemPatch = z.strictObject({ text: line.optional(), done: z.boolean().optional(), version: z.int().positive() })
export const checklistItemRemove = z.strictObject({ version: z.coerce.number().int().positive() })
/** All items in their new order. */
export const checklistOrder = z.strictObject({ ids: z.array(z.uuid()).min(1).max(MAX_CHECKLIST_ITEMS) })
export const checklistSchema = z.array(checklistItemSchema)
