import { z } from 'zod'
import { matchReasonSchema, recognitionSchema, WAITING_FOR } from './consultation.ts'
import { helperSchema, MAX_MENTIONS } from './helpers.ts'
import { listQuery } from './list.ts'
import { messagePartInputSchema, messagePartSchema, messageSchema, safeText } from './message.ts'
import { openTransferSchema } from './transfer.ts'

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
    /** His words open nothing and reach nobody (`/customers/{id}/block`). */
    blocked: z.boolean(),
    /** Bears a tag that goes before others in the queue of this conversation. */
    vip: z.boolean(),
    /** In lists and details; a push leaves them out and what is known stays. */
    tags: z.array(z.object({ id: z.uuid(), name: z.string(), color: z.string() })).optional(),
  }),
  channel: z.object({ accountId: z.uuid(), kind: z.string(), name: z.string() }),
  assignee: z.object({ id: z.uuid(), name: z.string(), avatarUrl: z.string().nullable() }).nullable(),
  /** Whose queue or work it is; null: everybody's. */
  team: z.object({ id: z.uuid(), name: z.string() }).nullable(),
  /** Points it waited with. */
  priority: z.int().nonnegative(),
  /** Its agent has turned to it; null: it is only assigned to him yet. */
  acceptedAt: z.iso.datetime().nullable(),
  /** Not turned to by then, it goes to the next agent (BP-015.7); null: it stays. */
  acceptBy: z.iso.datetime().nullable(),
  /** Where it came from: `scene` of a QR code, page of the web channel, menu key. */
  source: z.object({ kind: z.string(), label: z.string().nullable() }).nullable(),
  /** Queued, but not in the queue yet: being asked for the team, or waiting for the opening. */
  waitingFor: z.enum(WAITING_FOR).nullable(),
  /** Why this team (BP-003.3), one readable line. */
  match: matchReasonSchema.nullable(),
  lastSeq: z.int().nonnegative(),
  lastMessage: z.object({ direction: z.string(), authorKind: z.string(), part: messagePartSchema, recalled: z.boolean() }).nullable(),
  lastMessageAt: z.iso.datetime().nullable(),
  /** First customer message not yet answered; null when staff spoke last. */
  waitingSince: z.iso.datetime().nullable(),
  queuedAt: z.iso.datetime().nullable(),
  openedAt: z.iso.datetime().nullable(),
  closedAt: z.iso.datetime().nullable(),
  closeReason: z.string().nullable(),
  /** The closed conversation that this one goes on with. */
  continuesId: z.uuid().nullable(),
  /** Put aside by its agent; `until` null: until the customer writes. */
  snooze: z.object({ until: z.iso.datetime().nullable() }).nullable(),
  /** Accounts that keep it on top of their list. */
  pinnedBy: z.array(z.uuid()),
  staffReadSeq: z.int().nonnegative(),
  customerReadSeq: z.int().nonnegative(),
  /** Customer messages after `staffReadSeq`. */
  unread: z.int().nonnegative(),
  replyWindow: replyWindowSchema,
  hasDraft: z.boolean(),
  /** The running offer to take it over (BP-004.6). */
  transfer: openTransferSchema.nullable(),
  /** Colleagues who help, in the order in which they came. */
  helpers: z.array(helperSchema),
  /** `split`: parted from another one by staff; the customer is answered in `splitFrom`. */
  kind: z.enum(['direct', 'stream', 'split']),
  /** Read as part of that one. */
  mergedInto: z.uuid().nullable(),
  splitFrom: z.uuid().nullable(),
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
  /** Media types that the channel takes as this part; a file of another type goes out as `file`. Not named: whatever it is. */
  fileTypes: z.record(z.string(), z.array(z.string())).optional(),
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
  /** Who this is for us, before the first answer (BP-003.2). */
  recognition: recognitionSchema,
  permissions: z.object({
    note: z.boolean(),
    reply: z.boolean(),
    accept: z.boolean(),
    close: z.boolean(),
    transfer: z.boolean(),
    /** Invite colleagues to help, and send them away. */
    invite: z.boolean(),
    listen: z.boolean(),
    whisper: z.boolean(),
    takeOver: z.boolean(),
    /** Merge and split. */
    link: z.boolean(),
  }),
})
export type ConversationDetail = z.infer<typeof conversationDetailSchema>

export const conversationListQuery = listQuery.extend({
  status: z.enum(CONVERSATION_STATUSES).optional(),
  /** `me`, `none`, or a staff id (needs the permission to see all). */
  assignee: z.union([z.literal('me'), z.literal('none'), z.uuid()]).optional(),
  /** Those that I help with, or am asked to take over. */
  helping: z.literal('true').optional(),
  offered: z.literal('true').optional(),
  customerId: z.uuid().optional(),
  channelKind: z.string().max(40).optional(),
  /** Of one team's queue or work; `none`: of the general queue. */
  teamId: z.union([z.literal('none'), z.uuid()]).optional(),
  q: safeText(100).optional(),
  sort: z.enum(['recent', 'waiting']).optional(),
  /** Only those that I have pinned. */
  pinned: z.literal('true').optional(),
  /** Put aside by their agent, or not. */
  snoozed: z.enum(['true', 'false']).optional(),
  /** Those that I want to be reminded of. */
  reminders: z.literal('true').optional(),
  /** The one that goes on with this closed conversation. */
  continues: z.uuid().optional(),
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
  /** The quick reply it began as; counted once when it is sent (BP-016). */
  quickReplyId: z.uuid().optional(),
})
export const noteRequest = z.strictObject({
  clientKey,
  text: safeText(5000, 1),
  /** Accounts named in the text; each must see this conversation already. */
  mentions: z.array(z.uuid()).max(MAX_MENTIONS).default([]),
})
export const readRequest = z.strictObject({ seq: z.int().nonnegative() })
export const draftRequest = z.strictObject({ text: safeText(20_000) })
export const messagesResponse = z.array(messageSchema)
/** How many platform calls a reply will cost, before it is sent. */
export const replyCostSchema = z.object({ calls: z.int().positive() })
