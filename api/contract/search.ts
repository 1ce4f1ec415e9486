/** Words said by anybody, in every conversation that the reader may see (BP-004.3). */
import { z } from 'zod'
import { CONVERSATION_STATUSES } from './conversation.ts'
import { MESSAGE_DIRECTIONS, safeText } from './message.ts'
import { listQuery } from './list.ts'

export const SEARCH_TEXT_MAX = 100

const words = safeText(SEARCH_TEXT_MAX, 1)

export const messageSearchQuery = listQuery.extend({
  /** Words apart by blanks must all be there; each of two characters at least. */
  q: words,
  from: z.iso.datetime({ offset: true }).optional(),
  to: z.iso.datetime({ offset: true }).optional(),
  channelKind: z.string().max(40).optional(),
  /** Who holds or held the conversation. */
  agentId: z.uuid().optional(),
  customerId: z.uuid().optional(),
  /** `inbound`: said by customers; `outbound`: by us; `note`: among staff. */
  direction: z.enum(['inbound', 'outbound', 'note']).optional(),
})

/** Inside one customer's history a single character is enough. */
export const historySearchQuery = listQuery.extend({ q: words })

export const messageHitSchema = z.object({
  messageId: z.uuid(),
  conversationId: z.uuid(),
  seq: z.int().positive(),
  direction: z.enum(MESSAGE_DIRECTIONS),
  authorName: z.string().nullable(),
  /** A stretch of the message around the first hit. */
  excerpt: z.string(),
  /** Where in `excerpt` the words stand: [start, end) in UTF-16 units, in order, apart from each other. */
  highlights: z.array(z.tuple([z.int().nonnegative(), z.int().positive()])),
  at: z.iso.datetime(),
  conversation: z.object({
    status: z.enum(CONVERSATION_STATUSES),
    customer: z.object({ id: z.uuid(), name: z.string().nullable(), avatarUrl: z.string().nullable(), tail: z.string() }),
    channel: z.object({ kind: z.string(), name: z.string() }),
    assignee: z.object({ id: z.uuid(), name: z.string() }).nullable(),
  }),
})
export type MessageHit = z.infer<typeof messageHitSchema>

export const messageHitPage = z.object({
  /** Newest first. */
  data: z.array(messageHitSchema),
  nextCursor: z.string().nullable(),
  /** How far back this page looked; with a cursor and few hits, older messages remain to be searched. */
  searchedTo: z.iso.datetime().nullable(),
})
export type MessageHitPage = z.infer<typeof messageHitPage>

export const TRANSCRIPT_FORMATS = ['txt', 'pdf'] as const
export type TranscriptFormat = (typeof TRANSCRIPT_FORMATS)[number]
/** A conversation as a file. `notes`: with the words among staff, which needs a permission of its own. */
export const transcriptRequest = z.strictObject({
  format: z.enum(TRANSCRIPT_FORMATS),
  notes: z.boolean().default(false),
  locale: z.enum(['zh-CN', 'en']).optional(),
})
