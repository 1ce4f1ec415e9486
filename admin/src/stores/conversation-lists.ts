/** Which conversation stands in which list, and in what order. Pure, so that lists can be reasoned about without a screen. */
import type { Conversation } from '#api/contract/conversation.ts'

export type ListTab = 'mine' | 'queued' | 'closed'
export type ListSort = 'recent' | 'waiting'
/** What of my own is shown: what waits for me now, what I put aside, what I keep on top, where I remind myself, where I help. */
export type ListView = 'all' | 'snoozed' | 'pinned' | 'reminders' | 'helping'
export interface ListFilter {
  tab: ListTab
  /** Only of `mine`. */
  view: ListView
  q: string
  channelKind: string
  /** Id of a team, `none` for what no team serves, empty: all. */
  team: string
  sort: ListSort
}

/** True when `incoming` says something newer than what is known. An older echo must never undo a newer state. */
export const isNewer = (known: { version: number } | undefined, incoming: { version: number }): boolean =>
  known === undefined || incoming.version > known.version

const isMine = (conversation: Conversation, view: ListView, meId: string): boolean => {
  const helping = conversation.helpers.some(({ id }) => id === meId)
  if (view === 'helping') return helping
  if (conversation.assignee?.id !== meId) return false
  if (view === 'pinned') return isPinned(conversation, meId)
  // Which of them have a reminder only the server knows: it stays in the list it was fetched into.
  return view === 'reminders' || (view === 'snoozed') === (conversation.snooze !== null)
}

export const isPinned = (conversation: Pick<Conversation, 'pinnedBy'>, meId: string): boolean => conversation.pinnedBy.includes(meId)

export const belongs = (conversation: Conversation, filter: ListFilter, meId: string): boolean => {
  if (filter.channelKind !== '' && conversation.channel.kind !== filter.channelKind) return false
  if (filter.team !== '' && (conversation.team?.id ?? 'none') !== filter.team) return false
  if (filter.tab === 'queued') return conversation.status === 'queued'
  if (filter.tab === 'closed') return conversation.status === 'closed'
  return conversation.status === 'open' && isMine(conversation, filter.view, meId)
}

/**
 * Membership after `conversation` changed. While a search is on only the server can say what matches,
 * so a change may take a row out of the list but never put one in.
 */
export const placed = (ids: ReadonlySet<string>, conversation: Conversation, filter: ListFilter, meId: string): ReadonlySet<string> => {
  const stands = ids.has(conversation.id)
  const asked = filter.q !== '' || filter.view === 'reminders'
  const should = belongs(conversation, filter, meId) && (stands || !asked)
  if (stands === should) return ids
  const next = new Set(ids)
  if (should) next.add(conversation.id)
  else next.delete(conversation.id)
  return next
}

const FAR_FUTURE = '9999'
const recency = (conversation: Conversation): string => conversation.lastMessageAt ?? conversation.createdAt
const waiting = (conversation: Conversation): string => conversation.waitingSince ?? conversation.queuedAt ?? FAR_FUTURE

/** Moments of one format: comparing them as they are is a hundred times quicker than as words, which five hundred rows feel. */
const compared = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0)
const byRecency = (a: Conversation, b: Conversation): number => compared(recency(b), recency(a)) || compared(a.id, b.id)
const byWaiting = (a: Conversation, b: Conversation): number => compared(waiting(a), waiting(b)) || byRecency(a, b)

/** What its reader pinned stands on top. `waiting` puts whoever waits longest first; those who wait for nothing follow, newest first. */
export const sorted = (conversations: readonly Conversation[], sort: ListSort, meId = ''): Conversation[] => {
  const order = sort === 'waiting' ? byWaiting : byRecency
  return conversations.toSorted((a, b) => Number(isPinned(b, meId)) - Number(isPinned(a, meId)) || order(a, b))
}
