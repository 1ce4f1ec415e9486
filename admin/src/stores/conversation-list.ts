import type { Conversation } from '#api/contract/conversation.ts'
import { fetchConversations } from '../api/conversations.ts'
import type { FailureCode, Page } from '../api/http.ts'
import { readStored } from '../shared/browser-storage.ts'
import type { ListFilter, ListSort, ListTab } from './conversation-lists.ts'

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
const ASKED = {
  mine: { status: 'open', assignee: 'me' },
  queued: { status: 'queued' },
  closed: { status: 'closed' },
} as const

export const sortKey = (tab: ListTab): string => `sort.${tab}`

export const newList = (tab: ListTab): ConversationList => {
  const stored = readStored(sortKey(tab))
  const sort: ListSort = stored === 'recent' || stored === 'waiting' ? stored : tab === 'queued' ? 'waiting' : 'recent'
  return { filter: { tab, q: '', channelKind: '', sort }, ids: new Set(), cursor: null, state: 'idle', code: null }
}

export const fetchListPage = ({ tab, q, channelKind, sort }: ListFilter, cursor: string | null): Promise<Page<Conversation>> =>
  fetchConversations({ ...ASKED[tab], q, channelKind, sort, limit: PAGE, ...(cursor === null ? {} : { cursor }) })
