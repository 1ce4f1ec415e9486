/**
 * What a channel is. One folder in `adapters/` exports one `ChannelAdapter` as default from its `index.ts`;
 * the runtime in `bot/` finds it on disk. Nothing about a channel stands anywhere else.
 */
import type { z } from 'zod'
import type { MessageTemplate } from '#api/contract/channel.ts'
import type { ChannelCapabilities } from '#api/contract/conversation.ts'
import type { MessagePart } from '#api/contract/message.ts'
import type { ChannelContext } from './context.ts'

/** An account as an adapter sees it: settings parsed by its own `configSchema`, secrets decrypted. */
export interface ChannelAccount<Config = unknown> {
  id: string
  kind: string
  config: Config
}

/** A platform's HTTP request, before anything is believed about it. */
export interface CallbackRequest {
  method: 'GET' | 'POST'
  /** Undecoded query string without `?`: some platforms sign a literal `+`. */
  rawQuery: string
  headers: Readonly<Record<string, string | undefined>>
  /** At most 1 MB; the gateway refuses more. */
  body: Buffer
}

export type Verified =
  /** The platform checks our address: answer this text and nothing else happens. */
  | { challenge: string }
  /** Authentic, decrypted content for `parse`. */
  | { payload: string }

export type InboundKind =
  'message' | 'receipt' | 'subscribed' | 'unsubscribed' | 'entered' | 'menu_clicked' | 'recalled' | 'authorization_revoked' | 'other'

/** Media arrive as a reference; the runtime fetches them after the acknowledgement. */
export type InboundMediaPart = {
  type: 'image' | 'audio' | 'video' | 'file'
  mediaRef: { id: string; format?: string; thumbId?: string }
  name?: string
  transcript?: string
}
export type InboundPart = Exclude<MessagePart, { media: unknown } | { type: 'notice' }> | InboundMediaPart

export interface InboundEvent {
  kind: InboundKind
  /** Composite key, the same for every redelivery and different for every other event of the account. */
  externalKey: string
  /** ISO time by the platform's clock. */
  occurredAt: string
  /** Null for events about the account itself. */
  from: { externalId: string; unionid?: string; name?: string; avatarUrl?: string } | null
  /** Which allowance of `capabilities.replyAllowances` this action re-opens. */
  opens?: string
  /** Where the customer came from (QR scene, menu key, page): kept with the conversation. */
  source?: { kind: string; label: string }
  parts?: InboundPart[]
  /** For `receipt`: the send it is about, and how it ended. */
  receipt?: { externalId: string; state: 'delivered' | 'read' | 'failed'; reason?: string; platformCode?: string }
  /** For `recalled`: `externalKey` of the message that was taken back. */
  recalledKey?: string
  /** Anything else worth keeping, small and JSON. */
  detail?: Record<string, unknown>
}

/** One platform call. Splitting (long texts, files as links, agent's name) has been done before. */
export interface OutboundCall {
  to: { externalId: string }
  part: MessagePart
  /** Stable id of this delivery, for platforms that de-duplicate. */
  deliveryId: string
}

export interface IdentityClaim {
  id: string
  name?: string | undefined
  avatarUrl?: string | undefined
  expiresAt: number
  signature: string
}

export interface ChannelAdapter<Config = unknown> {
  kind: string
  label: { 'zh-CN': string; en: string }
  /** zod object; secrets are marked with `.meta({ secret: true })`, labels with `.meta({ title: { 'zh-CN', en } })`. */
  configSchema: z.ZodType<Config>
  capabilities: ChannelCapabilities
  /**
   * Decides whether the request is the platform's, whatever the body says. Constant time.
   * `now` guards the freshness of the signature's timestamp, never the age of the message.
   * @throws SignatureInvalid for every fault, always the same
   */
  verify?(request: CallbackRequest, account: ChannelAccount<Config>, now: Date): Verified
  /** Pure: no network, clock or database. Unknown content becomes `unsupported` or `other`, never an error. */
  parse?(payload: string, account: ChannelAccount<Config>): InboundEvent[]
  /** What the platform wants to read as "got it". */
  acknowledgement?: { body: string; contentType: string }
  /** @throws ChannelFailure */
  send(account: ChannelAccount<Config>, call: OutboundCall, ctx: ChannelContext): Promise<{ externalId?: string }>
  /** The customer is told that somebody is writing. Failures are ignored by the caller. */
  typing?(account: ChannelAccount<Config>, to: { externalId: string }, on: boolean, ctx: ChannelContext): Promise<void>
  fetchMedia?(account: ChannelAccount<Config>, ref: InboundMediaPart['mediaRef'], ctx: ChannelContext): Promise<FetchedMedia>
  fetchProfile?(account: ChannelAccount<Config>, externalId: string, ctx: ChannelContext): Promise<FetchedProfile>
  /** Web only: is this visitor who his host site says he is? @throws SignatureInvalid */
  identify?(account: ChannelAccount<Config>, claim: IdentityClaim, now: Date): { externalId: string; name?: string; avatarUrl?: string }
  test?(account: ChannelAccount<Config>, ctx: ChannelContext): Promise<ConnectionCheck[]>
  createQrCode?(
    account: ChannelAccount<Config>,
    request: { scene: string; expiresInSeconds?: number },
    ctx: ChannelContext,
  ): Promise<{ imageUrl: string; url: string }>
  readMenu?(account: ChannelAccount<Config>, ctx: ChannelContext): Promise<Record<string, unknown>[]>
  /** What may be sent when the reply window is closed, where the platform lists it. */
  listTemplates?(account: ChannelAccount<Config>, ctx: ChannelContext): Promise<MessageTemplate[]>
  /** An empty list deletes the menu. */
  writeMenu?(account: ChannelAccount<Config>, buttons: Record<string, unknown>[], ctx: ChannelContext): Promise<void>
}

export interface FetchedMedia {
  stream: NodeJS.ReadableStream
  mime?: string
  name?: string
}
export interface FetchedProfile {
  name?: string
  avatarUrl?: string
  unionid?: string
  subscribed?: boolean
  detail?: Record<string, unknown>
}
export interface ConnectionCheck {
  name: string
  ok: boolean
  code?: string
  detail?: string
}
