/**
 * What the page knows of this customer's conversations: pure, so that every order of pushes and answers can be tested.
 *
 * Customers do not get staff notes, so their seqs have holes that mean nothing. A hole is therefore only suspected: it asks for the messages
 * after the last known one, and the answer, complete by then, closes it whether or not it brought anything.
 */
import type { Beacon, CustomerMessage, HistoryPage, WebConversation } from './wire.ts'

export interface Thread {
  conversationId: string
  /** By seq, each once. */
  messages: readonly CustomerMessage[]
  /** From the first loaded message to this seq nothing is missing. */
  through: number
}

export interface Timeline {
  /** Oldest first; the last is the current one. */
  threads: readonly Thread[]
  /** The current conversation, null before the first message. */
  conversation: WebConversation | null
  /** Where the page before the oldest loaded message starts; null at the very beginning. */
  earlier: { conversationId: string; beforeSeq?: number } | null
}

/** A question to the server. `target`: a seq known to be committed before the question, so the answer is complete up to it. */
export type Want = { kind: 'newest' } | { kind: 'after'; conversationId: string; target: number }
export interface Change {
  timeline: Timeline
  wants: Want[]
}

export const EMPTY_TIMELINE: Timeline = { threads: [], conversation: null, earlier: null }

const settled = (timeline: Timeline): Change => ({ timeline, wants: [] })
const newest = (timeline: Timeline): Change => ({ timeline, wants: [{ kind: 'newest' }] })
const lastSeq = (messages: readonly CustomerMessage[]) => messages.at(-1)?.seq ?? 0
export const threadOf = (timeline: Timeline, conversationId: string) =>
  timeline.threads.find((thread) => thread.conversationId === conversationId)

/** Adds or replaces by seq; an older version never replaces a newer one. An equal one does: its file links are fresh. */
export function mergeMessages(known: readonly CustomerMessage[], incoming: readonly CustomerMessage[]): CustomerMessage[] {
  const bySeq = new Map(known.map((message) => [message.seq, message]))
  for (const message of incoming) {
    const present = bySeq.get(message.seq)
    if (!present || message.version >= present.version) bySeq.set(message.seq, message)
  }
  return [...bySeq.values()].sort((a, b) => a.seq - b.seq)
}

function withThread(timeline: Timeline, thread: Thread): Timeline {
  return { ...timeline, threads: timeline.threads.map((each) => (each.conversationId === thread.conversationId ? thread : each)) }
}

/** An event about a conversation. One that the page has never seen is fetched, together with its place in the history. */
export function applyConversation(timeline: Timeline, conversation: WebConversation): Change {
  const current = timeline.conversation
  if (current?.id !== conversation.id) return threadOf(timeline, conversation.id) ? settled(timeline) : newest(timeline)
  if (conversation.version <= current.version) return settled(timeline)
  const next = { ...timeline, conversation: newer(current, conversation) }
  const through = threadOf(next, conversation.id)?.through ?? 0
  return conversation.lastSeq > through
    ? { timeline: next, wants: [{ kind: 'after', conversationId: conversation.id, target: conversation.lastSeq }] }
    : settled(next)
}

/** His place moved. Pushes of two processes may cross: the later count is true. */
export function applyQueue(timeline: Timeline, conversationId: string, queue: NonNullable<WebConversation['queue']>): Timeline {
  const current = timeline.conversation
  if (current?.id !== conversationId || current.status !== 'queued' || (current.queue && current.queue.at >= queue.at)) return timeline
  return { ...timeline, conversation: { ...current, queue, queueAhead: queue.position - 1 } }
}

/** A pushed message, new or changed. */
export function applyMessage(timeline: Timeline, conversationId: string, message: CustomerMessage): Change {
  const thread = threadOf(timeline, conversationId)
  if (!thread) return newest(timeline)
  const first = thread.messages[0]
  // A change to something further back than what is loaded: it will be right when that page is opened.
  if (first && message.seq < first.seq) return settled(timeline)
  const messages = mergeMessages(thread.messages, [message])
  if (message.seq <= thread.through) return settled(withThread(timeline, { ...thread, messages }))
  if (message.seq === thread.through + 1) return settled(withThread(timeline, { ...thread, messages, through: message.seq }))
  return { timeline: withThread(timeline, { ...thread, messages }), wants: [{ kind: 'after', conversationId, target: message.seq }] }
}

/** The ten-second list of newest [seq, version]: heals a lost last push. */
export function applyBeacon(timeline: Timeline, beacon: Beacon): Want[] {
  return Object.entries(beacon.conversations).flatMap(([conversationId, [seq, version]]): Want[] => {
    const thread = threadOf(timeline, conversationId)
    if (!thread) return [{ kind: 'newest' }]
    if (seq > thread.through) return [{ kind: 'after', conversationId, target: seq }]
    const current = timeline.conversation
    return current?.id === conversationId && version > current.version ? [{ kind: 'newest' }] : []
  })
}

/** The answer to `newest`: the latest page of the latest conversation. Brings back recalls, too, that were pushed while nobody listened. */
export function applyNewest(timeline: Timeline, page: HistoryPage): Change {
  const conversation = page.conversation
  if (!conversation) return settled(timeline)
  const thread = threadOf(timeline, conversation.id)
  if (thread) return applyNewestToKnown(timeline, thread, conversation, page)
  const previous = timeline.threads.at(-1)
  if (previous && previous.conversationId === page.previousConversationId) return startNext(timeline, previous, conversation, page)
  const first = page.messages[0]
  return settled({
    threads: [{ conversationId: conversation.id, messages: page.messages, through: lastSeq(page.messages) }],
    conversation,
    earlier: earlierThan(conversation.id, first?.seq, page),
  })
}

function applyNewestToKnown(timeline: Timeline, thread: Thread, conversation: WebConversation, page: HistoryPage): Change {
  const messages = mergeMessages(thread.messages, page.messages)
  const firstSeq = page.messages[0]?.seq ?? 0
  const target = lastSeq(page.messages)
  const missing = page.hasMore && firstSeq > thread.through + 1
  const through = missing ? thread.through : Math.max(thread.through, target)
  const next = { ...withThread(timeline, { ...thread, messages, through }), conversation: newer(timeline.conversation, conversation) }
  return missing ? { timeline: next, wants: [{ kind: 'after', conversationId: conversation.id, target }] } : settled(next)
}

/** The customer wrote again after the end, perhaps in another tab. The old conversation may have ended with words not yet seen. */
function startNext(timeline: Timeline, previous: Thread, conversation: WebConversation, page: HistoryPage): Change {
  const target = lastSeq(page.messages)
  const thread = { conversationId: conversation.id, messages: page.messages, through: page.hasMore ? 0 : target }
  const wants: Want[] = [{ kind: 'after', conversationId: previous.conversationId, target: previous.through }]
  if (page.hasMore) wants.push({ kind: 'after', conversationId: conversation.id, target })
  return { timeline: { ...timeline, threads: [...timeline.threads, thread], conversation }, wants }
}

/** The answer to `after`. */
export function applyAfter(timeline: Timeline, want: Extract<Want, { kind: 'after' }>, page: HistoryPage): Change {
  const thread = threadOf(timeline, want.conversationId)
  if (!thread) return settled(timeline)
  const messages = mergeMessages(thread.messages, page.messages)
  const more = page.hasMore && page.messages.length > 0
  const through = Math.max(thread.through, lastSeq(page.messages), more ? 0 : want.target)
  const current = timeline.conversation
  const conversation = page.conversation?.id === current?.id ? newer(current, page.conversation) : current
  const next = { ...withThread(timeline, { ...thread, messages, through }), conversation }
  return { timeline: next, wants: more ? [want] : [] }
}

/** The answer to `earlier`: an older page of the oldest loaded conversation, or the newest page of the one before it. */
export function applyEarlier(timeline: Timeline, conversationId: string, page: HistoryPage): Timeline {
  const thread = threadOf(timeline, conversationId)
  const earlier = earlierThan(conversationId, page.messages[0]?.seq, page)
  if (thread) return { ...withThread(timeline, { ...thread, messages: mergeMessages(thread.messages, page.messages) }), earlier }
  const added = { conversationId, messages: page.messages, through: lastSeq(page.messages) }
  return { ...timeline, threads: [added, ...timeline.threads], earlier }
}

/** The same messages once more, with fresh links to their files. */
export function applyAgain(timeline: Timeline, conversationId: string, page: HistoryPage): Timeline {
  const thread = threadOf(timeline, conversationId)
  return thread ? withThread(timeline, { ...thread, messages: mergeMessages(thread.messages, page.messages) }) : timeline
}

function earlierThan(conversationId: string, firstSeq: number | undefined, page: HistoryPage): Timeline['earlier'] {
  if (page.hasMore && firstSeq !== undefined) return { conversationId, beforeSeq: firstSeq }
  return page.previousConversationId ? { conversationId: page.previousConversationId } : null
}

/** What the customer has read here stays read, even if the answer left the server before it heard of it. */
function newer(known: WebConversation | null, answer: WebConversation | null): WebConversation | null {
  if (known?.id !== answer?.id || !known || !answer) return answer ?? known
  const latest = known.version > answer.version ? known : answer
  return { ...latest, customerReadSeq: Math.max(known.customerReadSeq, answer.customerReadSeq) }
}

/** Words of staff in the current conversation that the customer has not seen. */
export function unreadCount(timeline: Timeline): number {
  const conversation = timeline.conversation
  if (!conversation) return 0
  const messages = threadOf(timeline, conversation.id)?.messages ?? []
  return messages.filter((message) => message.direction === 'outbound' && !message.recalledAt && message.seq > conversation.customerReadSeq)
    .length
}

/** The last words of the current conversation that are not the customer's. */
export function newestFromStaff(timeline: Timeline): CustomerMessage | undefined {
  const messages = timeline.conversation ? threadOf(timeline, timeline.conversation.id)?.messages : undefined
  return messages?.findLast((message) => message.direction !== 'inbound')
}

/** The customer has seen up to `seq`; the server is told separately. */
export function markRead(timeline: Timeline, seq: number): Timeline {
  const conversation = timeline.conversation
  if (!conversation || seq <= conversation.customerReadSeq) return timeline
  return { ...timeline, conversation: { ...conversation, customerReadSeq: seq } }
}
