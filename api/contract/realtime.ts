/**
 * Realtime events: socket.io on the API's port, one socket.io event per `type` below.
 * A client opens the socket with `auth: { ticket }` from `POST /api/v1/realtime/tickets` (staff, namespace `/`)
 * or `POST /api/v1/web/realtime-tickets` (customers, namespace `/customer`). Rooms are joined by the server alone.
 * Push is a hint: messages resume by `seq` (GET … ?afterSeq=), everything else by `version`; every ten seconds
 * a `beacon` names the newest of each, so that a lost last push heals too.
 */
import { z } from 'zod'
import { queueStandingSchema } from './consultation.ts'
import { conversationSchema } from './conversation.ts'
import { presenceSchema } from './identity.ts'
import { customerMessageSchema, messageSchema } from './message.ts'
import { notificationSchema } from './notification.ts'
import { alertSchema } from './supervision.ts'
import { ticketSchema } from './ticket.ts'
import { transferSchema } from './transfer.ts'
import { webConversationSchema } from './web.ts'

const envelope = <T extends string, P extends z.ZodType>(type: T, patch: P) =>
  z.object({
    type: z.literal(type),
    /** Row the event is about: a conversation for messages, typing and reading; an account for presence. */
    id: z.uuid(),
    version: z.int().nonnegative(),
    seq: z.int().positive().optional(),
    patch,
  })

export const beaconSchema = z.object({
  type: z.literal('beacon'),
  /** Conversation id → newest [seq, version] of those this socket should know. */
  conversations: z.record(z.uuid(), z.tuple([z.int(), z.int()])),
})

/** `revision` is that of a board made now; who has a board of it has looked already. */
export const boardChangedSchema = z.object({ type: z.literal('supervision.changed'), revision: z.string() })

/** What a new message changes in its conversation's row; apply when `version` is newer, fetch the conversation when unknown. */
export const conversationPatchSchema = conversationSchema
  .pick({
    status: true,
    lastSeq: true,
    lastMessage: true,
    lastMessageAt: true,
    waitingSince: true,
    staffReadSeq: true,
    customerReadSeq: true,
    unread: true,
    replyWindow: true,
    snooze: true,
  })
  .partial()

export const staffEventSchemas = {
  'message.created': envelope('message.created', z.object({ message: messageSchema, conversation: conversationPatchSchema })),
  'message.updated': envelope('message.updated', z.object({ message: messageSchema })),
  /** Also sent when a conversation appears for this reader. */
  'conversation.updated': envelope('conversation.updated', z.object({ conversation: conversationSchema })),
  /** No longer for this reader (transferred, out of the queue). */
  'conversation.removed': envelope('conversation.removed', z.object({})),
  'conversation.typing': envelope(
    'conversation.typing',
    z.object({ from: z.enum(['customer', 'agent']), name: z.string().nullable(), accountId: z.uuid().nullable(), typing: z.boolean() }),
  ),
  /** Who else has this conversation open. */
  'conversation.viewers': envelope('conversation.viewers', z.object({ viewers: z.array(z.object({ id: z.uuid(), name: z.string() })) })),
  /** For those between whom a conversation is passed on, who look on, and who supervise them; `id` is the conversation. */
  'transfer.updated': envelope('transfer.updated', z.object({ transfer: transferSchema })),
  /** To whoever it belongs to, watches it or has it open. */
  'ticket.updated': envelope('ticket.updated', z.object({ ticket: ticketSchema })),
  /** To the others who may have it in a list: something about it changed, look again. */
  'ticket.changed': envelope('ticket.changed', z.object({})),
  /** Who else has this ticket open. */
  'ticket.viewers': envelope('ticket.viewers', z.object({ viewers: z.array(z.object({ id: z.uuid(), name: z.string() })) })),
  'presence.updated': envelope('presence.updated', z.object({ presence: presenceSchema })),
  /** For one member of staff, whose account is `id`; `unread` counts this one too. */
  'notification.created': envelope('notification.created', z.object({ notification: notificationSchema, unread: z.int().nonnegative() })),
  /** Read in another tab; `ids` null: all up to now. */
  'notification.read': envelope('notification.read', z.object({ ids: z.array(z.uuid()).nullable(), unread: z.int().nonnegative() })),
  /** To whoever watches the board: something on it changed, look again (`GET /api/v1/supervision/board`). */
  'supervision.changed': boardChangedSchema,
  /** To those whose alert it is: raised, worse, acknowledged or over. */
  'supervision.alert': envelope('supervision.alert', z.object({ alert: alertSchema })),
  beacon: beaconSchema,
} as const

export const customerEventSchemas = {
  'message.created': envelope('message.created', z.object({ message: customerMessageSchema })),
  'message.updated': envelope('message.updated', z.object({ message: customerMessageSchema })),
  'conversation.updated': envelope('conversation.updated', z.object({ conversation: webConversationSchema })),
  /** His place in the queue moved; the conversation's row stands. The later `at` is true. */
  'queue.updated': envelope('queue.updated', z.object({ queue: queueStandingSchema })),
  'conversation.typing': envelope('conversation.typing', z.object({ from: z.literal('agent'), typing: z.boolean() })),
  beacon: beaconSchema,
} as const

/** What a client may say on the socket; each is answered `{ ok: true }` or `{ error: { code } }`. */
export const staffCommandSchemas = {
  /** Start or stop following one conversation (its messages, typing, viewers) beyond one's own. */
  watch: z.strictObject({ conversationId: z.uuid() }),
  unwatch: z.strictObject({ conversationId: z.uuid() }),
  /** A supervisor listens in: he hears everything, whispers too, and is not shown among the viewers (BP-012). */
  listen: z.strictObject({ conversationId: z.uuid() }),
  unlisten: z.strictObject({ conversationId: z.uuid() }),
  typing: z.strictObject({ conversationId: z.uuid(), typing: z.boolean() }),
  /** Have a ticket open: its changes, and who else has it open. */
  'ticket.watch': z.strictObject({ ticketId: z.uuid() }),
  'ticket.unwatch': z.strictObject({ ticketId: z.uuid() }),
  /** Hear of changes on the supervision board until the socket ends or `supervision.unwatch`; takes `supervision.view`. */
  'supervision.watch': z.strictObject({}),
  'supervision.unwatch': z.strictObject({}),
} as const
export const customerCommandSchemas = {
  typing: z.strictObject({ conversationId: z.uuid(), typing: z.boolean() }),
} as const

export type StaffEventType = keyof typeof staffEventSchemas
export type StaffEvent = { [K in StaffEventType]: z.infer<(typeof staffEventSchemas)[K]> }[StaffEventType]
export type CustomerEventType = keyof typeof customerEventSchemas
export type CustomerEvent = { [K in CustomerEventType]: z.infer<(typeof customerEventSchemas)[K]> }[CustomerEventType]
