/**
 * The loaded stretch of one conversation: messages in the order of `seq`, without holes and without doubles.
 * Pure: a push, an answer to a request and a refetched page all go through `received`, in whatever order they come.
 */
import type { Message } from '#api/contract/message.ts'

export interface Timeline {
  readonly messages: readonly Message[]
  /** Nothing older exists. */
  readonly reachedStart: boolean
  /** The stretch was opened somewhere in the past: newer messages exist, are not loaded, and are not waited for. */
  readonly detached?: true
}

export interface Received {
  timeline: Timeline
  /** A message after `missingAfter` has not arrived: ask the server. Null when nothing is missing. */
  missingAfter: number | null
}

export const emptyTimeline: Timeline = { messages: [], reachedStart: false }

export const lastSeq = (timeline: Timeline): number => timeline.messages.at(-1)?.seq ?? 0
export const firstSeq = (timeline: Timeline): number => timeline.messages[0]?.seq ?? 0

/** Sending takes seconds; what still waits after this has perhaps been decided without our hearing of it. */
const SENT_WITHIN_MS = 15_000
/** So far back from the newest page that is asked for again. */
const NEWEST = 30

export const waitsTooLong = ({ messages }: Timeline, now: number): boolean =>
  messages.slice(-NEWEST).some(({ delivery, createdAt }) => delivery?.state === 'pending' && now - Date.parse(createdAt) > SENT_WITHIN_MS)

const replaced = (messages: readonly Message[], incoming: Message): readonly Message[] => {
  const index = incoming.seq - (messages[0]?.seq ?? 0)
  const known = messages[index]
  if (known === undefined || incoming.version <= known.version) return messages
  return messages.with(index, incoming)
}

/** One message from a push or an answer. What lies before the loaded stretch is left to paging. */
export const received = (timeline: Timeline, incoming: Message): Received => {
  const { messages } = timeline
  const last = lastSeq(timeline)
  if (timeline.detached && incoming.seq > last) return { timeline, missingAfter: null }
  if (messages.length === 0 && incoming.seq > 1) return { timeline, missingAfter: 0 }
  if (messages.length === 0) return { timeline: { messages: [incoming], reachedStart: true }, missingAfter: null }
  if (incoming.seq > last + 1) return { timeline, missingAfter: last }
  if (incoming.seq === last + 1) return { timeline: { ...timeline, messages: [...messages, incoming] }, missingAfter: null }
  const next = incoming.seq < firstSeq(timeline) ? messages : replaced(messages, incoming)
  return { timeline: next === messages ? timeline : { ...timeline, messages: next }, missingAfter: null }
}

/** A page of newer messages, oldest first, as answered to `afterSeq`. */
export const appended = (timeline: Timeline, page: readonly Message[]): Timeline =>
  page.reduce((current, message) => received(current, message).timeline, timeline)

/** A page of older messages, oldest first, as answered to `beforeSeq`. A page shorter than asked for is the first one. */
export const prepended = (timeline: Timeline, page: readonly Message[], asked: number): Timeline => {
  const before = firstSeq(timeline)
  const older = page.filter((message) => message.seq < before)
  const oldest = older[0]?.seq ?? before
  return { ...timeline, messages: [...older, ...timeline.messages], reachedStart: page.length < asked || oldest <= 1 }
}

/** The newest page, when nothing is loaded or too much was missed. Newer knowledge of the same messages is kept. */
export const restarted = (previous: Timeline, page: readonly Message[], asked: number): Timeline => {
  const known = new Map(previous.messages.map((message) => [message.seq, message]))
  const messages = page.map((message) => {
    const older = known.get(message.seq)
    return older !== undefined && older.version > message.version ? older : message
  })
  const fresh: Timeline = { messages, reachedStart: page.length < asked || (page[0]?.seq ?? 1) <= 1 }
  if (previous.detached) return fresh
  return appended(
    fresh,
    previous.messages.filter((message) => message.seq > lastSeq(fresh)),
  )
}

/** A stretch in the past, as answered to `afterSeq`: the newest page hangs on only when it is short. */
export const opened = (page: readonly Message[], asked: number): Timeline => ({
  messages: page,
  reachedStart: (page[0]?.seq ?? 1) <= 1,
  ...(page.length < asked ? {} : { detached: true as const }),
})

/** The next newer page of a stretch in the past; a page shorter than asked for reaches the newest message. */
export const continued = (timeline: Timeline, page: readonly Message[], asked: number): Timeline => {
  const newer = page.filter((message) => message.seq > lastSeq(timeline))
  const { messages, reachedStart } = timeline
  return { messages: [...messages, ...newer], reachedStart, ...(page.length < asked ? {} : { detached: true as const }) }
}

/** Client keys that the server has already turned into messages: their optimistic rows are no longer shown. */
export const settledKeys = (timeline: Timeline): ReadonlySet<string> => {
  const keys = new Set<string>()
  for (const message of timeline.messages) if (message.clientKey !== null) keys.add(message.clientKey)
  return keys
}
