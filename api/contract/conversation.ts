import { z } from 'zod'
import { listQuery } from './list.ts'
import { messagePartInputSchema, messagePartSchema, messageSchema, safeText } from './message.ts'

export const CONVERSATION_STATUSES = ['queued', 'open', 'closed'] as const
export type ConversationStatus = (typeof CONVERSATION_STATUSES)[number]

/** What remains of the channel's permission to answer. `open` with null figures: no limit. */
export const replyWindowSchema = z.object({
  state: z.enum(['open', 'spent', 'closed']),
  /** Platform calls that may still be made; null = unlimited. */
  remaining: z.int().nonnegative().nullable(),
  closesAt: z.iso.datetime().nullable(),
})
export type ReplyWindow = z.infer<typeof replyWindowSchema>

export const conversationSchema = z.object({
  id: z.uuid(),
  status: z.enum(CONVERSATION_STATUSES),
  customer: z.object({
    id: z.uuid(),
    /** Remark name, else the channel's name, else null (the screens then write 客户 + tail). */
    name: z.string().nullable(),
    avatarUrl: z.string().nullable(),
    /** Last characters of the channel's id: tells nameless customers apart. */
    tail: z.string(),
  }),
  channel: z.object({ accountId: z.uuid(), kind: z.string(), name: z.string() }),
  assignee: z.object({ id: z.uuid(), name: z.string(), avatarUrl: z.string().nullable() }).nullable(),
  /** Where it came from: `scene` of a QR code, page of the web channel, menu key. */
  source: z.object({ kind: z.string(), label: z.string().nullable() }).nullable(),
  lastSeq: z.int().nonnegative(),
  lastMessage: z.object({ direction: z.string(), authorKind: z.string(), part: messagePartSchema, recalled: z.boolean() }).nullable(),
  lastMessageAt: z.iso.datetime().nullable(),
  /** First customer message not yet answered; null when staff spoke last. */
  waitingSince: z.iso.datetime().nullable(),
  queuedAt: z.iso.datetime().nullable(),
  openedAt: z.iso.datetime().nullable(),
  closedAt: z.iso.datetime().nullable(),
  closeReason: z.string().nullable(),
  staffReadSeq: z.int().nonnegative(),
  customerReadSeq: z.int().nonnegative(),
  /** Customer messages after `staffReadSeq`. */
  unread: z.int().nonnegative(),
  replyWindow: replyWindowSchema,
  hasDraft: z.boolean(),
  createdAt: z.iso.datetime(),
  /** Grows with every change; a client ignores what is older than what it has. */
  version: z.int().positive(),
})
export type Conversation = z.infer<typeof conversationSchema>

/** What the channel of this conversation can do, so that the composer knows before typing. */
export const channelCapabilitiesSchema = z.object({
  parts: z.array(z.string()),
  maxTextBytes: z.int().positive(),
  /** Largest file by part type, in bytes. */
  maxFileBytes: z.record(z.string(), z.int().positive()),
  /** Files are sent as a link to a download page. */
  filesAsLinks: z.boolean(),
  recall: z.boolean(),
  readReceipts: z.boolean(),
  typing: z.boolean(),
  /** null = no limit. Seconds and platform calls granted by each action of the customer. */
  replyAllowances: z.record(z.string(), z.object({ seconds: z.int().positive(), count: z.int().positive() })).nullable(),
  templates: z.boolean(),
})
export type ChannelCapabilities = z.infer<typeof channelCapabilitiesSchema>

export const conversationDetailSchema = conversationSchema.extend({
  capabilities: channelCapabilitiesSchema,
  /** Agent's name is put before his words on this account. */
  showAgentName: z.boolean(),
  draft: z.string().nullable(),
  permissions: z.object({ note: z.boolean(), reply: z.boolean(), accept: z.boolean(), close: z.boolean() }),
})
export type ConversationDetail = z.infer<typeof conversationDetailSchema>

export const conversationListQuery = listQuery.extend({
  status: z.enum(CONVERSATION_STATUSES).optional(),
  /** `me`, `none`, or a staff id (needs the permission to see all). */
  assignee: z.union([z.literal('me'), z.literal('none'), z.uuid()]).optional(),
  customerId: z.uuid().optional(),
  channelKind: z.string().max(40).optional(),
  q: safeText(100).optional(),
  sort: z.enum(['recent', 'waiting']).optional(),
})
export const messageListQuery = z.strictObject({
  /** Messages after this one, oldest first. */
  afterSeq: z.coerce.number().int().nonnegative().optional(),
  /** Messages before this one, still oldest first. */
  beforeSeq: z.coerce.number().int().positive().optional(),
  limit: z.coerce.number().int().min(1).max(200).default(50),
})
const clientKey = safeText(64, 8)
export const replyRequest = z.strictObject({
  /** Made by the client, the same for every retry: the same key gives the same message. */
  clientKey,
  parts: z.array(messagePartInputSchema).min(1).max(9),
  /** What to do when the channel's window is closed: refuse (default), or hold until the customer writes. */
  whenClosed: z.enum(['refuse', 'hold']).optional(),
})
export const noteRequest = z.strictObject({ clientKey, text: safeText(5000, 1) })
export const readRequest = z.strictObject({ seq: z.int().nonnegative() })
export const draftRequest = z.strictObject({ text: safeText(20_000) })
export const closeRequest = z.strictObject({ reason: z.enum(['resolved', 'no_reply', 'spam', 'other']).default('resolved') })
export const messagesResponse = z.array(messageSchema)
/** How many platform calls a reply will cost, before it is sent. */
export const replyCostSchema = z.object({ calls: z.int().positive() })
