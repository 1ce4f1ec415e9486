/**
 * What the customer wrote and the server has not yet confirmed: pure. A message is made once with its key; however often it is posted,
 * the server answers with the same one, so resending is always safe and the bubble never doubles.
 */
import { isRecord } from '../record.ts'
import type { CustomerMessage, PartInput } from './wire.ts'

export type OutboxState = 'waiting' | 'uploading' | 'sending' | 'failed' | 'sent'
export interface OutboxFile {
  kind: 'file'
  name: string
  mime: string
  sizeBytes: number
  /** 0…1 of the bytes that have left. */
  progress: number
  /** Set once uploaded: from then on the message survives a reload. */
  attachment: { id: string; kind: 'image' | 'audio' | 'video' | 'file' } | null
}
export interface OutboxEntry {
  clientKey: string
  /** Milliseconds by this device's clock: only for the order and the time shown. */
  createdAt: number
  content: { kind: 'text'; text: string } | OutboxFile
  state: OutboxState
  /** Error code of the last refusal. */
  reason: string | null
}
export type Outbox = readonly OutboxEntry[]

export const textEntry = (clientKey: string, text: string, createdAt: number): OutboxEntry => ({
  clientKey,
  createdAt,
  content: { kind: 'text', text },
  state: 'waiting',
  reason: null,
})
export const fileEntry = (clientKey: string, file: { name: string; type: string; size: number }, createdAt: number): OutboxEntry => ({
  clientKey,
  createdAt,
  content: { kind: 'file', name: file.name, mime: file.type, sizeBytes: file.size, progress: 0, attachment: null },
  state: 'waiting',
  reason: null,
})

export function patchEntry(outbox: Outbox, clientKey: string, patch: Partial<Pick<OutboxEntry, 'state' | 'reason'>>): Outbox {
  return outbox.map((entry) => (entry.clientKey === clientKey ? { ...entry, ...patch } : entry))
}
export function patchFile(outbox: Outbox, clientKey: string, patch: Partial<Pick<OutboxFile, 'progress' | 'attachment'>>): Outbox {
  return outbox.map((entry) =>
    entry.clientKey === clientKey && entry.content.kind === 'file' ? { ...entry, content: { ...entry.content, ...patch } } : entry,
  )
}
export const removeEntry = (outbox: Outbox, clientKey: string): Outbox => outbox.filter((entry) => entry.clientKey !== clientKey)

/** Drops what has come back from the server, by whichever way it came first: push, answer or history. */
export function settleEchoes(outbox: Outbox, messages: readonly CustomerMessage[]): Outbox {
  const seen = new Set(messages.flatMap((message) => (message.direction === 'inbound' && message.clientKey ? [message.clientKey] : [])))
  return outbox.some((entry) => seen.has(entry.clientKey)) ? outbox.filter((entry) => !seen.has(entry.clientKey)) : outbox
}

/** The parts to post, or null while the file is not there yet. */
export function partsOf(entry: OutboxEntry): PartInput[] | null {
  if (entry.content.kind === 'text') return [{ type: 'text', text: entry.content.text }]
  const attachment = entry.content.attachment
  return attachment && [{ type: attachment.kind, attachmentId: attachment.id }]
}

/** The oldest message that can be posted now. One at a time, so that the order written is the order stored; a slow upload holds up nobody. */
export function nextToPost(outbox: Outbox): OutboxEntry | null {
  if (outbox.some((entry) => entry.state === 'sending')) return null
  return outbox.find((entry) => entry.state === 'waiting' && partsOf(entry) !== null) ?? null
}

const MAX_UPLOADS = 2
export function nextToUpload(outbox: Outbox): OutboxEntry | null {
  if (outbox.filter((entry) => entry.state === 'uploading').length >= MAX_UPLOADS) return null
  return outbox.find((entry) => entry.state === 'waiting' && partsOf(entry) === null) ?? null
}

/** Bytes that were not uploaded cannot outlive the page; what the server has confirmed must not be posted again. */
export const isKept = (entry: OutboxEntry): boolean => entry.state !== 'sent' && partsOf(entry) !== null

/** An entry as it was stored, ready to be sent again; null for anything else that lies under our key. */
export function restoreEntry(stored: unknown): OutboxEntry | null {
  if (!isRecord(stored) || typeof stored.clientKey !== 'string' || typeof stored.createdAt !== 'number' || !isRecord(stored.content))
    return null
  const { clientKey, createdAt, content } = stored
  const failed = stored.state === 'failed'
  const state = failed ? 'failed' : 'waiting'
  const reason = failed && typeof stored.reason === 'string' ? stored.reason : null
  if (content.kind === 'text' && typeof content.text === 'string')
    return { ...textEntry(clientKey, content.text, createdAt), state, reason }
  const attachment = restoreAttachment(content.attachment)
  if (!attachment || typeof content.name !== 'string' || typeof content.mime !== 'string' || typeof content.sizeBytes !== 'number')
    return null
  const entry = fileEntry(clientKey, { name: content.name, type: content.mime, size: content.sizeBytes }, createdAt)
  const [restored] = patchFile([{ ...entry, state, reason }], clientKey, { attachment, progress: 1 })
  return restored ?? null
}

function restoreAttachment(stored: unknown): OutboxFile['attachment'] {
  if (!isRecord(stored) || typeof stored.id !== 'string') return null
  const kind = ATTACHMENT_KINDS.find((each) => each === stored.kind)
  return kind ? { id: stored.id, kind } : null
}
const ATTACHMENT_KINDS = ['image', 'audio', 'video', 'file'] as const
