/** The one message model: what is stored, shown to staff and customers, and handed to channels. */
import { z } from 'zod'

/** Text that PostgreSQL and every screen can hold: no NUL, no lone surrogate. */
export const safeText = (max: number, min = 0) =>
  z
    .string()
    .min(min)
    .max(max)
    .refine((text) => !text.includes('\u0000') && text.isWellFormed(), { message: 'malformed_text' })

export const MEDIA_STATUSES = ['pending', 'ready', 'failed'] as const

/** A stored file inside a message. `url` and `thumbnailUrl` are made for the reader and expire or need his session. */
export const mediaSchema = z.object({
  status: z.enum(MEDIA_STATUSES),
  attachmentId: z.uuid().optional(),
  name: z.string().optional(),
  mime: z.string().optional(),
  sizeBytes: z.int().nonnegative().optional(),
  width: z.int().positive().optional(),
  height: z.int().positive().optional(),
  durationMs: z.int().nonnegative().optional(),
  url: z.string().optional(),
  thumbnailUrl: z.string().optional(),
  /** Why a download failed: a code for the screens to word. */
  reason: z.string().optional(),
})
export type Media = z.infer<typeof mediaSchema>

const textPart = z.object({
  type: z.literal('text'),
  text: safeText(120_000),
  /** Id of the menu option whose click produced this text. */
  menuOptionId: z.string().optional(),
  /** Colleagues named in a note, as they were called then; their names stand in the text behind an @. */
  mentions: z.array(z.object({ id: z.uuid(), name: z.string() })).optional(),
})
const imagePart = z.object({ type: z.literal('image'), media: mediaSchema })
const audioPart = z.object({ type: z.literal('audio'), media: mediaSchema, transcript: z.string().optional() })
const videoPart = z.object({
  type: z.literal('video'),
  media: mediaSchema,
  title: z.string().optional(),
  description: z.string().optional(),
})
const filePart = z.object({ type: z.literal('file'), media: mediaSchema })
const locationPart = z.object({
  type: z.literal('location'),
  latitude: z.number().min(-90).max(90),
  longitude: z.number().min(-180).max(180),
  label: safeText(500).optional(),
  scale: z.number().optional(),
})
const httpUrl = z.url({ protocol: /^https?$/ }).max(2048)
const linkPart = z.object({
  type: z.literal('link'),
  url: httpUrl,
  title: safeText(256),
  description: safeText(1024).optional(),
  imageUrl: httpUrl.optional(),
})
const menuPart = z.object({
  type: z.literal('menu'),
  head: safeText(1024).optional(),
  options: z
    .array(z.object({ id: safeText(128, 1), text: safeText(128, 1) }))
    .min(1)
    .max(10),
  tail: safeText(1024).optional(),
})
/** Rich cards that only some channels know; the fields a kind needs are checked by the channel. */
const cardPart = z.object({
  type: z.literal('card'),
  card: z.enum(['music', 'miniprogram', 'article', 'mpnews', 'coupon']),
  title: safeText(256).optional(),
  description: safeText(1024).optional(),
  url: httpUrl.optional(),
  hqUrl: httpUrl.optional(),
  appId: safeText(64).optional(),
  pagePath: safeText(1024).optional(),
  /** Platform id of an article, a material or a coupon. */
  refId: safeText(256).optional(),
  thumbnail: mediaSchema.optional(),
})
/** A pre-approved platform template: the way to speak when the reply window is closed. */
const templatePart = z.object({
  type: z.literal('template'),
  templateId: safeText(128, 1),
  url: httpUrl.optional(),
  data: z.record(safeText(64, 1), safeText(200)).refine((data) => Object.keys(data).length <= 20, { message: 'too_many_fields' }),
  /** What the customer reads, as plain text, for the timeline. */
  preview: safeText(1024).optional(),
})
/** A line the system wrote: the screens word `code` with `params`. */
const noticePart = z.object({
  type: z.literal('notice'),
  code: z.string(),
  params: z.record(z.string(), z.union([z.string(), z.number(), z.null()])),
})
/** Something the channel delivered that we cannot show; the raw payload is in the inbound ledger. */
const unsupportedPart = z.object({ type: z.literal('unsupported'), original: z.string() })

export const messagePartSchema = z.discriminatedUnion('type', [
  textPart,
  imagePart,
  audioPart,
  videoPart,
  filePart,
  locationPart,
  linkPart,
  menuPart,
  cardPart,
  templatePart,
  noticePart,
  unsupportedPart,
])
export type MessagePart = z.infer<typeof messagePartSchema>
export type MessagePartType = MessagePart['type']

const attachmentInput = <T extends string>(type: T) => z.strictObject({ type: z.literal(type), attachmentId: z.uuid() })

/** What a client may send: files are uploaded first and named by their attachment id. */
export const messagePartInputSchema = z.discriminatedUnion('type', [
  z.strictObject({ type: z.literal('text'), text: safeText(20_000, 1).refine((text) => text.trim() !== '', { message: 'blank_text' }) }),
  attachmentInput('image'),
  attachmentInput('audio'),
  attachmentInput('video'),
  attachmentInput('file'),
  z.strictObject(linkPart.shape),
  z.strictObject(locationPart.shape),
  z.strictObject(menuPart.shape),
  z.strictObject({ ...cardPart.omit({ thumbnail: true }).shape, thumbnailAttachmentId: z.uuid().optional() }),
  z.strictObject(templatePart.shape),
])
export type MessagePartInput = z.infer<typeof messagePartInputSchema>
/** Customers on the web send less. */
export const customerPartInputSchema = z.discriminatedUnion('type', [
  z.strictObject({ type: z.literal('text'), text: safeText(10_000, 1).refine((text) => text.trim() !== '', { message: 'blank_text' }) }),
  attachmentInput('image'),
  attachmentInput('file'),
  attachmentInput('video'),
  attachmentInput('audio'),
])

/** `inbound` from the customer, `outbound` to him, `note` among staff, `system` by the product. */
/** `note` and `whisper` are among staff and never reach a customer; a `note` of the system is a line about the work itself. */
export const MESSAGE_DIRECTIONS = ['inbound', 'outbound', 'note', 'system', 'whisper'] as const

/** Worst of the platform calls that a message needs; `held` waits for the customer's next message. */
export const DELIVERY_STATES = ['pending', 'sent', 'delivered', 'read', 'held', 'unknown', 'failed'] as const
export type DeliveryState = (typeof DELIVERY_STATES)[number]

export const deliverySchema = z.object({
  state: z.enum(DELIVERY_STATES),
  /** Why it failed or is unknown: a delivery error code, see `errors.ts`. */
  reason: z.string().optional(),
  /** The platform's own code, for support. */
  platformCode: z.string().optional(),
})
export type Delivery = z.infer<typeof deliverySchema>

export const messageAuthorSchema = z.object({
  kind: z.enum(['customer', 'agent', 'system', 'bot']),
  id: z.uuid().nullable(),
  name: z.string().nullable(),
  avatarUrl: z.string().nullable(),
})

export const messageSchema = z.object({
  id: z.uuid(),
  conversationId: z.uuid(),
  /** Position in the conversation, from 1 without gaps. Never changes. */
  seq: z.int().positive(),
  direction: z.enum(MESSAGE_DIRECTIONS),
  author: messageAuthorSchema,
  /** Whom a `whisper` is for. Who may not read it gets its place alone: no author, no addressee, no parts. */
  addressee: z.object({ id: z.uuid(), name: z.string() }).nullable().optional(),
  parts: z.array(messagePartSchema),
  /** Only on outbound messages. */
  delivery: deliverySchema.nullable(),
  clientKey: z.string().nullable(),
  recalledAt: z.iso.datetime().nullable(),
  /** When the sender's platform says it was written; `createdAt` is when we stored it. */
  occurredAt: z.iso.datetime(),
  createdAt: z.iso.datetime(),
  /** Grows with every change of this message (delivery, media, recall). */
  version: z.int().positive(),
})
export type Message = z.infer<typeof messageSchema>

/** What a customer's page gets: no notes, no client keys of staff, no staff ids. */
export const customerMessageSchema = z.object({
  id: z.uuid(),
  seq: z.int().positive(),
  direction: z.enum(['inbound', 'outbound', 'system']),
  author: z.object({ kind: z.enum(['customer', 'agent', 'system', 'bot']), name: z.string().nullable(), avatarUrl: z.string().nullable() }),
  parts: z.array(messagePartSchema),
  clientKey: z.string().nullable(),
  recalledAt: z.iso.datetime().nullable(),
  createdAt: z.iso.datetime(),
  version: z.int().positive(),
})
export type CustomerMessage = z.infer<typeof customerMessageSchema>
