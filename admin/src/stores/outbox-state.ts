/** What staff have written and the server has not yet confirmed. Pure rules; `outbox.ts` does the sending. */
import type { MessagePart, MessagePartInput } from '#api/contract/message.ts'
import type { FailureCode } from '../api/http.ts'

export interface OutboxEntry {
  /** The same for every attempt: the server answers a repeated key with the message it already has. */
  clientKey: string
  conversationId: string
  kind: 'reply' | 'note' | 'whisper'
  parts: MessagePartInput[]
  /** What the bubble shows until the server's message replaces it. */
  preview: MessagePart[]
  whenClosed: 'refuse' | 'hold'
  /** Colleagues named in a note. */
  mentions?: string[]
  /** The quick reply it began as. */
  quickReplyId?: string
  createdAt: string
  /** `waiting` for its turn or the network; `refused` waits for the writer's decision. */
  state: 'waiting' | 'sending' | 'refused'
  code: FailureCode | null
}

export type Outbox = readonly OutboxEntry[]

/** Failures after which the same request may simply be made again, once the network or the server is back. */
const TRANSIENT: ReadonlySet<FailureCode> = new Set<FailureCode>(['offline', 'unavailable', 'rate_limited'])
export const isTransient = (code: FailureCode): boolean => TRANSIENT.has(code)

export const queued = (outbox: Outbox, entry: OutboxEntry): Outbox =>
  outbox.some((known) => known.clientKey === entry.clientKey) ? outbox : [...outbox, entry]

const changed = (outbox: Outbox, clientKey: string, change: Partial<OutboxEntry>): Outbox =>
  outbox.map((entry) => (entry.clientKey === clientKey ? { ...entry, ...change } : entry))

export const started = (outbox: Outbox, clientKey: string): Outbox => changed(outbox, clientKey, { state: 'sending', code: null })

/** A lost request goes back in line with its key; a refusal stays visible with the reason. */
export const failed = (outbox: Outbox, clientKey: string, code: FailureCode): Outbox =>
  changed(outbox, clientKey, { state: isTransient(code) ? 'waiting' : 'refused', code })

export const requeued = (outbox: Outbox, clientKey: string): Outbox => changed(outbox, clientKey, { state: 'waiting', code: null })
export const settled = (outbox: Outbox, clientKey: string): Outbox => outbox.filter((entry) => entry.clientKey !== clientKey)

/** After a reload nobody is sending any more: an interrupted request is made again with its old key. */
export const restored = (outbox: Outbox): Outbox =>
  outbox.map((entry) => (entry.state === 'sending' ? { ...entry, state: 'waiting' } : entry))

/** At most one request a conversation is under way, so that messages arrive in the order they were written. */
export const sendable = (outbox: Outbox): OutboxEntry[] => {
  const seen = new Set(outbox.filter((entry) => entry.state === 'sending').map((entry) => entry.conversationId))
  return outbox.filter((entry) => {
    if (entry.state !== 'waiting' || seen.has(entry.conversationId)) return false
    seen.add(entry.conversationId)
    return true
  })
}
