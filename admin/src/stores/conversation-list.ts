import type { Conversation } from '#api/contract/conversation.ts'
import { fetchConversations, type ConversationQuery } from '../api/conversations.ts'
import type { FailureCode, Page } from '../api/http.ts'
import { readStored } from '../shared/browser-storage.ts'
import type { ListFilter, ListSort, ListTab, ListView } from './conversation-lists.ts'

/** One tab of the workbench: which conversations stand in it, and how far the server's list has been read. */
export interface ConversationList {
  filter: ListFilter
  ids: ReadonlySet<string>
  cursor: string | null
  state: 'idle' | 'loading' | 'ready' | 'failed'
  code: FailureCode | null
}

export const TABS: readonly ListTab[] = ['mine', 'queued', 'closed']
const PAGE = 50
const MINE = { status: 'open', assignee: 'me' } as const
const VIEWS = {
  all: { ...MINE, snoozed: 'false' },
  snoozed: { ...MINE, snoozed: 'true' },
  pinned: { ...MINE, pinned: 'true' },
  reminders: { ...MINE, reminders: 'true' },
  helping: { status: 'open', helping: 'true' },
} as const satisfies Record<ListView, ConversationQuery>
export const LIST_VIEWS: readonly ListView[] = ['all', 'snoozed', 'pinned', 'reminders', 'helping']
const asked = (tab: ListTab, view: ListView): ConversationQuery =>
  tab === 'mine' ? VIEWS[view] : { status: tab === 'queued' ? 'queued' : 'closed' }

export const sortKey = (tab: ListTab): string => `sort.${tab}`

export const newList = (tab: ListTab): ConversationList => {
  const stored = readStored(sortKey(tab))
  const sort: ListSort = stored === 'recent' || stored === 'waiting' ? stored : tab === 'queued' ? 'waiting' : 'recent'
  return { filter: { tab, view: 'all', q: '', channelKind: '', team: '', sort }, ids: new Set(), cursor: null, state: 'idle', code: null }
}

export const fetchListPage = ({ tab, view, q, channelKind, team, sort }: ListFilter, cursor: string | null): Promise<Page<Conversation>> =>
  fetchConversations({ ...asked(tab, view), q, channelKind, teamId: team, sort, limit: PAGE, ...(cursor === null ? {} : { cursor }) })
