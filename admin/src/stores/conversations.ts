import { defineStore } from 'pinia'
import { computed, reactive, ref, shallowReactive } from 'vue'
import type { ChannelCapabilities, Conversation, ConversationDetail } from '#api/contract/conversation.ts'
import * as api from '../api/conversations.ts'
import { failureCode, type FailureCode } from '../api/http.ts'
import { readStored, writeStored } from '../shared/browser-storage.ts'
import { belongs, isNewer, placed, sorted, type ListFilter, type ListSort, type ListTab } from './conversation-lists.ts'
import { useSession } from './session.ts'

export interface ConversationList {
  filter: ListFilter
  ids: ReadonlySet<string>
  cursor: string | null
  state: 'idle' | 'loading' | 'ready' | 'failed'
  code: FailureCode | null
}

/** What only the detail answer tells about a conversation. */
export interface ConversationExtras {
  capabilities: ChannelCapabilities
  showAgentName: boolean
  draft: string | null
  permissions: ConversationDetail['permissions']
}

export const TABS: readonly ListTab[] = ['mine', 'queued', 'closed']
const PAGE = 50
const ASSIGNEE: Record<ListTab, string | undefined> = { mine: 'me', queued: undefined, closed: undefined }
const STATUS = { mine: 'open', queued: 'queued', closed: 'closed' } as const

const newList = (tab: ListTab): ConversationList => {
  const stored = readStored(`sort.${tab}`)
  const sort: ListSort = stored === 'recent' || stored === 'waiting' ? stored : tab === 'queued' ? 'waiting' : 'recent'
  return { filter: { tab, q: '', channelKind: '', sort }, ids: new Set(), cursor: null, state: 'idle', code: null }
}

/** Every conversation this browser knows, once, by id; lists hold ids alone. */
export const useConversations = defineStore('conversations', () => {
  const session = useSession()
  const byId = shallowReactive(new Map<string, Conversation>())
  const extras = shallowReactive(new Map<string, ConversationExtras>())
  const lists = reactive({ mine: newList('mine'), queued: newList('queued'), closed: newList('closed') })
  const counts = ref<api.ConversationCounts>({ mine: 0, queued: 0, unread: 0 })
  const attempts: Record<ListTab, number> = { mine: 0, queued: 0, closed: 0 }
  /** Rows that came by push while a list was being fetched: the answer may have been made before them. */
  const arrivals: Record<ListTab, Set<string>> = { mine: new Set(), queued: new Set(), closed: new Set() }

  const replaceLists = (conversation: Conversation): void => {
    for (const tab of TABS) {
      lists[tab].ids = placed(lists[tab].ids, conversation, lists[tab].filter, session.meId)
      if (lists[tab].ids.has(conversation.id)) arrivals[tab].add(conversation.id)
    }
  }
  /** Keeps the newest version; false when what came is older than what is known. */
  const put = (conversation: Conversation): boolean => {
    if (!isNewer(byId.get(conversation.id), conversation)) return false
    byId.set(conversation.id, conversation)
    return true
  }
  /** A change that was pushed or answered: the row may move from one list to another. */
  const place = (conversation: Conversation): boolean => {
    const fresh = put(conversation)
    if (fresh) replaceLists(conversation)
    return fresh
  }
  const remove = (id: string): void => {
    for (const tab of TABS) {
      if (lists[tab].ids.has(id)) lists[tab].ids = new Set([...lists[tab].ids].filter((known) => known !== id))
    }
    byId.delete(id)
    extras.delete(id)
  }

  const rows = (tab: ListTab) =>
    computed(() => {
      const { ids, filter } = lists[tab]
      const known = [...ids].flatMap((id) => byId.get(id) ?? [])
      return sorted(known, filter.sort)
    })

  const stillBelongs =
    (tab: ListTab) =>
    (id: string): boolean => {
      const conversation = byId.get(id)
      return conversation !== undefined && belongs(conversation, lists[tab].filter, session.meId)
    }

  const load = async (tab: ListTab, mode: 'fresh' | 'more'): Promise<void> => {
    const list = lists[tab]
    const { q, channelKind, sort } = list.filter
    if (mode === 'more' && (list.cursor === null || list.state === 'loading')) return
    const attempt = (attempts[tab] += 1)
    list.state = 'loading'
    arrivals[tab].clear()
    try {
      const cursor = mode === 'more' ? list.cursor : null
      const assignee = ASSIGNEE[tab]
      const page = await api.fetchConversations({
        status: STATUS[tab],
        q,
        channelKind,
        sort,
        limit: PAGE,
        ...(assignee === undefined ? {} : { assignee }),
        ...(cursor === null ? {} : { cursor }),
      })
      if (attempt !== attempts[tab]) return
      const pushed = [...arrivals[tab]]
      page.data.forEach(place)
      const fetched = page.data.map((conversation) => conversation.id)
      list.ids = new Set([...(mode === 'more' ? list.ids : pushed), ...fetched].filter(stillBelongs(tab)))
      list.cursor = page.nextCursor
      list.state = 'ready'
    } catch (error) {
      if (attempt !== attempts[tab]) return
      list.state = 'failed'
      list.code = failureCode(error)
    }
  }

  const setFilter = (tab: ListTab, change: Partial<Omit<ListFilter, 'tab'>>): void => {
    Object.assign(lists[tab].filter, change)
    if (change.sort !== undefined) writeStored(`sort.${tab}`, change.sort)
    lists[tab].cursor = null
    void load(tab, 'fresh')
  }

  const refreshCounts = async (): Promise<void> => {
    counts.value = await api.fetchCounts().catch(() => counts.value)
  }
  /** After a reconnect: whatever was looked at is asked for again; rows stay on screen meanwhile. */
  const refresh = async (): Promise<void> => {
    await Promise.all([refreshCounts(), ...TABS.filter((tab) => lists[tab].state !== 'idle').map((tab) => load(tab, 'fresh'))])
  }

  const loadDetail = async (id: string): Promise<void> => {
    const { capabilities, showAgentName, draft, permissions, ...conversation } = await api.fetchConversation(id)
    extras.set(id, { capabilities, showAgentName, draft, permissions })
    place(conversation)
  }
  const accept = async (id: string): Promise<void> => void place(await api.acceptConversation(id))
  const close = async (id: string, reason: api.CloseReason): Promise<void> => void place(await api.closeConversation(id, reason))
  const markRead = async (id: string, seq: number): Promise<void> => void place(await api.postRead(id, seq))

  return {
    byId,
    extras,
    lists,
    counts,
    put,
    place,
    remove,
    rows,
    load,
    setFilter,
    refreshCounts,
    refresh,
    loadDetail,
    accept,
    close,
    markRead,
  }
})
