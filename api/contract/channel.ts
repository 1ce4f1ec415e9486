import { z } from 'zod'
import { channelCapabilitiesSchema } from './conversation.ts'
import { listQuery } from './list.ts'
import { safeText } from './message.ts'

/** A kind of channel as the settings page sees it: `configSchema` is JSON Schema, secrets carry `writeOnly: true`. */
export const channelKindSchema = z.object({
  kind: z.string(),
  label: z.object({ 'zh-CN': z.string(), en: z.string() }),
  configSchema: z.record(z.string(), z.unknown()),
  capabilities: channelCapabilitiesSchema,
  /** What the account can be asked to do beyond messages. */
  features: z.array(z.enum(['test', 'qr_codes', 'menu'])),
})
export type ChannelKind = z.infer<typeof channelKindSchema>

export const channelAccountSchema = z.object({
  id: z.uuid(),
  kind: z.string(),
  name: z.string(),
  status: z.enum(['active', 'disabled']),
  /** Settings without the secrets. */
  config: z.record(z.string(), z.unknown()),
  /** Which secrets are set; their values are never shown. */
  secretsSet: z.array(z.string()),
  showAgentName: z.boolean(),
  /** Address to enter at the platform; null for a channel that no platform calls. */
  callbackUrl: z.string().nullable(),
  health: z.object({ state: z.enum(['unknown', 'ok', 'failing']), reason: z.string().nullable(), checkedAt: z.iso.datetime().nullable() }),
  createdAt: z.iso.datetime(),
  version: z.int().positive(),
})
export type ChannelAccount = z.infer<typeof channelAccountSchema>

const config = z.record(z.string().max(64), z.unknown())
export const channelAccountCreate = z.strictObject({
  kind: safeText(40, 1),
  name: safeText(80, 1),
  config,
  showAgentName: z.boolean().optional(),
})
export const channelAccountPatch = z.strictObject({
  name: safeText(80, 1).optional(),
  /** Fields given replace; an absent secret stays as it is. */
  config: config.optional(),
  status: z.enum(['active', 'disabled']).optional(),
  showAgentName: z.boolean().optional(),
  version: z.int().positive(),
})

export const inboundEventSchema = z.object({
  id: z.uuid(),
  externalKey: z.string(),
  kind: z.string(),
  sender: z.string().nullable(),
  state: z.enum(['received', 'done', 'ignored', 'quarantined']),
  reason: z.string().nullable(),
  duplicates: z.int().nonnegative(),
  occurredAt: z.iso.datetime(),
  receivedAt: z.iso.datetime(),
})
export type InboundEventRow = z.infer<typeof inboundEventSchema>
export const inboundEventListQuery = listQuery.extend({ state: z.enum(['received', 'done', 'ignored', 'quarantined']).optional() })

export const connectionTestSchema = z.object({
  ok: z.boolean(),
  checks: z.array(z.object({ name: z.string(), ok: z.boolean(), code: z.string().nullable(), detail: z.string().nullable() })),
})
export const qrCodeCreate = z.strictObject({
  /** Comes back with the scan: 1–64 characters. */
  scene: safeText(64, 1),
  /** Seconds, at most 30 days; absent = permanent. */
  expiresInSeconds: z.int().min(30).max(2_592_000).optional(),
})
export const qrCodeSchema = z.object({ scene: z.string(), imageUrl: z.string(), url: z.string(), expiresAt: z.iso.datetime().nullable() })
/** `text` names its fields in single braces: `订单：{thing1}`. */
export const messageTemplateSchema = z.object({
  id: z.string(),
  title: z.string(),
  text: z.string(),
  fields: z.array(z.object({ name: z.string(), label: z.string() })),
})
export type MessageTemplate = z.infer<typeof messageTemplateSchema>
export const menuSchema = z.object({ buttons: z.array(z.record(z.string(), z.unknown())).max(3) })
