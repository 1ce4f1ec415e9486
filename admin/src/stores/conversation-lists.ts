/** Which conversation stands in which list, and in what order. Pure, so that lists can be reasoned about without a screen. */
import type { Conversation } from '#api/contract/conversation.ts'

export type ListTab = 'mine' | 'queued' | 'closed'
export type ListSort = 'recent' | 'waiting'
export interface ListFilter {
  tab: ListTab
  q: string
  channelKind: string
  sort: ListSort
}

/** True when `incoming` says something newer than what is known. An older echo must never undo a newer state. */
export const isNewer = (known: { version: number } | undefined, incoming: { version: number }): boolean =>
  known === undefined || incoming.version > known.version

export const belongs = (conversation: Conversation, filter: ListFilter, meId: string): boolean => {
  if (filter.channelKind !== '' && conversation.channel.kind !== filter.channelKind) return false
  if (filter.tab === 'queued') return conversation.status === 'queued'
  if (filter.tab === 'closed') return conversation.status === 'closed'
  return conversation.status === 'open' && conversation.assignee?.id === meId
}

/**
 * Membership after `conversation` changed. While a search is on only the server can say what matches,
 * so a change may take a row out of the list but never put one in.
 */
export const placed = (ids: ReadonlySet<string>, conversation: Conversation, filter: ListFilter, meId: string): ReadonlySet<string> => {
  const stands = ids.has(conversation.id)
  const should = belongs(conversation, filter, meId) && (stands || filter.q === '')
  if (stands === should) return ids
  const next = new Set(ids)
  if (should) next.add(conversation.id)
  else next.delete(conversation.id)
  return next
}

const FAR_FUTURE = '9999'
const recency = (conversation: Conversation): string => conversation.lastMessageAt ?? conversation.createdAt
const waiting = (conversation: Conversation): string => conversation.waitingSince ?? conversation.queuedAt ?? FAR_FUTURE

const byRecency = (a: Conversation, b: Conversation): number => recency(b).localeCompare(recency(a)) || a.id.localeCompare(b.id)
const byWaiting = (a: Conversation, b: Conversation): number => waiting(a).localeCompare(waiting(b)) || byRecency(a, b)

/** `waiting` puts whoever waits longest first; those who wait for nothing follow, newest first. */
export const sorted = (conversations: readonly Conversation[], sort: ListSort): Conversation[] =>
  conversations.toSorted(sort === 'waiting' ? byWaiting : byRecency)
