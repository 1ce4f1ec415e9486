import type { Knex } from 'knex'
import { z } from 'zod'
import type { CustomerMessage, Message, MessagePart } from '../../contract/message.ts'
import { staffUrls, withUrls, type UrlMaker } from '../files/index.ts'
import { avatarUrl } from '../identity/index.ts'
import { noticesForCustomer } from './customer-notices.ts'
import { APPROVAL_REFUSED, type MessageRow } from './model.ts'

export interface Names {
  customer: { name: string | null; avatarUrl: string | null }
  staff: ReadonlyMap<string, { name: string; avatarUrl: string | null }>
}

export function partsFor(parts: readonly MessagePart[], urls: UrlMaker): MessagePart[] {
  return parts.map((part) => {
    if ('media' in part) return { ...part, media: withUrls(part.media, urls) }
    if (part.type === 'card' && part.thumbnail) return { ...part, thumbnail: withUrls(part.thumbnail, urls) }
    return part
  })
}

function author(row: MessageRow, names: Names): { name: string | null; avatarUrl: string | null } {
  if (row.author_kind === 'customer') return names.customer
  return (row.author_id === null ? undefined : names.staff.get(row.author_id)) ?? { name: null, avatarUrl: null }
}

/** Read by the customer once his page has shown it; the mark is the conversation's, not a row's. */
function deliveryOf(row: MessageRow, customerReadSeq: number): Message['delivery'] {
  if (row.delivery_state === null) return null
  const arrived = row.delivery_state === 'sent' || row.delivery_state === 'delivered'
  return {
    state: arrived && row.seq <= customerReadSeq ? 'read' : row.delivery_state,
    ...(row.delivery_reason === null ? {} : { reason: row.delivery_reason }),
    ...(row.delivery_platform_code === null ? {} : { platformCode: row.delivery_platform_code }),
  }
}

/** For staff. A recalled message keeps its place and loses its content. */
export function presentMessage(row: MessageRow, names: Names, customerReadSeq: number): Message {
  return {
    id: row.id,
    conversationId: row.conversation_id,
    seq: row.seq,
    direction: row.direction,
    author: { kind: row.author_kind, id: row.author_kind === 'customer' ? null : row.author_id, ...author(row, names) },
    addressee: row.addressee_id === null ? null : { id: row.addressee_id, name: names.staff.get(row.addressee_id)?.name ?? '' },
    parts: row.recalled_at === null ? partsFor(row.parts, staffUrls) : [],
    delivery: deliveryOf(row, customerReadSeq),
    clientKey: row.client_key,
    recalledAt: row.recalled_at?.toISOString() ?? null,
    occurredAt: row.occurred_at.toISOString(),
    createdAt: row.created_at.toISOString(),
    version: row.version,
  }
}

/** A whisper for who may not read it: its place among the others, so that nothing seems to be missing, and no more. */
export const withheld = (message: Message): Message => ({
  ...message,
  author: { kind: 'system', id: null, name: null, avatarUrl: null },
  addressee: null,
  parts: [],
  clientKey: null,
})

/** It waits, for a supervisor or for the customer himself, or was refused. */
const neverLeft = ({ delivery_state: state, delivery_reason: reason }: MessageRow): boolean =>
  state === 'held' || (state === 'failed' && reason === APPROVAL_REFUSED)

/** For the customer's page; null for what he must never see (words among staff, and answers that have not left). */
export function presentForCustomer(row: MessageRow, names: Names, urls: UrlMaker): CustomerMessage | null {
  if (row.direction === 'note' || row.direction === 'whisper' || neverLeft(row)) return null
  const parts = row.direction === 'system' ? noticesForCustomer(row.parts) : row.parts
  if (row.direction === 'system' && parts.length === 0) return null
  return {
    id: row.id,
    seq: row.seq,
    direction: row.direction,
    author: { kind: row.author_kind, ...author(row, names) },
    parts: row.recalled_at === null ? partsFor(parts, urls) : [],
    clientKey: row.author_kind === 'customer' ? row.client_key : null,
    recalledAt: row.recalled_at?.toISOString() ?? null,
    createdAt: row.created_at.toISOString(),
    version: row.version,
  }
}

const staffRows = z.array(z.object({ id: z.string(), name: z.string(), avatar_attachment_id: z.string().nullable() }))

/** Names of the staff who wrote these messages, or to whom they were whispered. */
export async function staffNames(
  trx: Knex,
  rows: readonly (Pick<MessageRow, 'author_kind' | 'author_id'> & { addressee_id?: string | null })[],
): Promise<Names['staff']> {
  const people = rows.flatMap((row) => [row.author_kind === 'agent' ? row.author_id : null, row.addressee_id ?? null])
  const ids = [...new Set(people.filter((id) => id !== null))]
  if (ids.length === 0) return new Map()
  const found = staffRows.parse(await trx('accounts').select('id', 'name', 'avatar_attachment_id').whereIn('id', ids))
  return new Map(found.map((row) => [row.id, { name: row.name, avatarUrl: avatarUrl(row.avatar_attachment_id) }]))
}
