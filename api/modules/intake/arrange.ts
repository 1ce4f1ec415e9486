/** Sorts a batch of events into what each table gets. */
import type { MessagePart } from '../../contract/message.ts'
import type { CatalogueEntry } from '../../core/catalogue.ts'
import type { Ctx, SystemActor } from '../../core/context.ts'
import { newId } from '../../core/ids.ts'
import type { ClaimedEvent, NewDownload, Opened, Receipt } from '../channels/index.ts'
import type { InboundBatchItem } from '../conversations/index.ts'
import type { KnownIdentity } from '../customers/index.ts'
import { mediaOf, uploadsOf } from '../files/index.ts'
import { type InboundEvent, type InboundPart, pendingMedia } from './inbound-event.ts'
import { takePendingSources } from './contacts.ts'

export interface ReceivedEvent {
  row: ClaimedEvent
  identity: KnownIdentity
  event: InboundEvent
  entry: CatalogueEntry
}

export interface Arranged {
  items: InboundBatchItem[]
  opened: Opened[]
  downloads: NewDownload[]
  receipts: Receipt[]
}

export async function arrange(ctx: Ctx<SystemActor>, received: readonly ReceivedEvent[]): Promise<Arranged> {
  const messages = received.filter(({ event }) => event.kind === 'message')
  const items = new Map<string, InboundBatchItem>()
  const downloads: NewDownload[] = []
  const sources = await takePendingSources(ctx.trx, messages)
  const uploads = await uploadsOf(
    ctx.trx,
    messages.flatMap(({ identity, event }) =>
      (event.parts ?? []).flatMap((part) => ('attachmentId' in part ? [{ id: part.attachmentId, identityId: identity.identity_id }] : [])),
    ),
  )
  for (const one of messages) {
    const id = newId()
    const item = items.get(one.identity.identity_id) ?? newItem(one, sources.get(one.identity.identity_id))
    items.set(one.identity.identity_id, item)
    const parts = (one.event.parts ?? []).map((part, index): MessagePart => {
      if ('mediaRef' in part)
        downloads.push({ messageId: id, partIndex: index, channelAccountId: one.row.channel_account_id, ref: downloadRef(part) })
      return storedPart(part, uploads)
    })
    item.messages.push({
      id,
      inboundEventId: one.row.id,
      parts: parts.length > 0 ? parts : [{ type: 'unsupported', original: 'empty' }],
      occurredAt: one.row.occurred_at,
      ...(one.event.clientKey === undefined ? {} : { clientKey: one.event.clientKey }),
    })
  }
  return { items: [...items.values()], opened: received.flatMap(openedBy), downloads, receipts: received.flatMap(receiptOf) }
}

function newItem({ row, identity, entry, event }: ReceivedEvent, pending: InboundBatchItem['source'] | undefined): InboundBatchItem {
  return {
    identityId: identity.identity_id,
    customerId: identity.customer_id,
    channelAccountId: row.channel_account_id,
    customerName: identity.name,
    customerAvatar: identity.avatar_url,
    limited: entry.capabilities.replyAllowances !== null,
    livePage: entry.identify !== undefined,
    source: event.source ?? pending ?? null,
    messages: [],
  }
}

type MediaRefPart = Extract<InboundPart, { mediaRef: unknown }>
const downloadRef = (part: MediaRefPart) => ({ ...part.mediaRef, type: part.type, ...(part.name === undefined ? {} : { name: part.name }) })

function storedPart(part: InboundPart, uploads: Awaited<ReturnType<typeof uploadsOf>>): MessagePart {
  if ('mediaRef' in part) {
    const media = pendingMedia(part.name)
    return part.type === 'audio' && part.transcript !== undefined
      ? { type: part.type, media, transcript: part.transcript }
      : { type: part.type, media }
  }
  if (!('attachmentId' in part)) return part
  const file = uploads.get(part.attachmentId)
  return { type: part.type, media: file ? mediaOf(file) : { status: 'failed', reason: 'attachment_missing' } }
}

function openedBy({ row, identity, event, entry }: ReceivedEvent): Opened[] {
  const allowances = entry.capabilities.replyAllowances
  return event.opens !== undefined && allowances !== null
    ? [{ identityId: identity.identity_id, action: event.opens, at: row.occurred_at, allowances }]
    : []
}

function receiptOf({ row, event }: ReceivedEvent): Receipt[] {
  return event.kind === 'receipt' && event.receipt ? [{ channelAccountId: row.channel_account_id, ...event.receipt }] : []
}
