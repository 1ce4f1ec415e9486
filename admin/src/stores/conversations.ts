import { defineStore } from 'pinia'
import { computed, reactive, ref, shallowReactive } from 'vue'
import type { Customer } from '#api/contract/customer.ts'
import type { ChannelCapabilities, Conversation, ConversationDetail } from '#api/contract/conversation.ts'
import * as api from '../api/conversations.ts'
import { failureCode } from '../api/http.ts'
import { keepLayout } from './kept-layout.ts'
import { fetchListPage, newList, sortKey, TABS } from './conversation-list.ts'
import { belongs, isNewer, placed, sorted, type ListFilter, type ListTab } from './conversation-lists.ts'
import { useSession } from './session.ts'

/** What only the detail answer tells about a conversation. */
export interface ConversationExtras {
  capabilities: ChannelCapabilities
  showAgentName: boolean
  draft: string | null
  permissions: ConversationDetail['permissions']
  recognition: ConversationDetail['recognition']
}

/** Every conversation this browser knows, once, by id; lists hold ids alone. */
export const useConversations = defineStore('conversations', () => {
  const session = useSession()
  const byId = shallowReactive(new Map<string, Conversation>())
  const extras = shallowReactive(new Map<string, ConversationExtras>())
  const lists = reactive({ mine: newList('mine'), queued: newList('queued'), closed: newList('closed') })
  const counts = ref<api.ConversationCounts>({ mine: 0, queued: 0, unread: 0, snoozed: 0, pinned: 0, reminders: 0 })
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
    const known = byId.get(conversation.id)
    // Pushes are silent about tags: the row may be known already, and what its customer is called by us not.
    if (!isNewer(known, conversation)) {
      if (known !== undefined && conversation.customer.tags !== undefined)
        byId.set(known.id, { ...known, customer: { ...known.customer, tags: conversation.customer.tags } })
      return false
    }
    const tags = conversation.customer.tags ?? known?.customer.tags ?? []
    byId.set(conversation.id, { ...conversation, customer: { ...conversation.customer, tags } })
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

  /** A new remark name is shown at once in every conversation of the customer; the version stays the server's. */
  const nameCustomer = (customer: Customer): void => {
    for (const conversation of byId.values()) {
      if (conversation.customer.id !== customer.id) continue
      byId.set(conversation.id, { ...conversation, customer: { ...conversation.customer, name: customer.remarkName ?? customer.name } })
    }
  }

  const rows = (tab: ListTab) =>
    computed(() => {
      const { ids, filter } = lists[tab]
      const known = [...ids].flatMap((id) => byId.get(id) ?? [])
      return sorted(known, filter.sort, session.meId)
    })

  const stillBelongs =
    (tab: ListTab) =>
    (id: string): boolean => {
      const conversation = byId.get(id)
      return conversation !== undefined && belongs(conversation, lists[tab].filter, session.meId)
    }

  const load = async (tab: ListTab, mode: 'fresh' | 'more'): Promise<void> => {
    const list = lists[tab]
    if (mode === 'more' && (list.cursor === null || list.state === 'loading')) return
    const attempt = (attempts[tab] += 1)
    list.state = 'loading'
    arrivals[tab].clear()
    try {
      const page = await fetchListPage(list.filter, mode === 'more' ? list.cursor : null)
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
    if (change.sort !== undefined) keepLayout(sortKey(tab), change.sort)
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

  /** Answers whether the row was newer than what was known. */
  const loadDetail = async (id: string): Promise<boolean> => {
    const { capabilities, showAgentName, draft, permissions, recognition, ...conversation } = await api.fetchConversation(id)
    extras.set(id, { capabilities, showAgentName, draft, permissions, recognition })
    return place(conversation)
  }
  const accept = async (id: string): Promise<void> => void place(await api.acceptConversation(id))
  /** What a request answers is known at once, before its echo is pushed. */
  const adopt = async (request: Promise<Conversation>): Promise<Conversation> => {
    const conversation = await request
    place(conversation)
    return conversation
  }
  const markRead = async (id: string, seq: number): Promise<void> => void place(await api.postRead(id, seq))

  return {
    byId,
    extras,
    lists,
    counts,
    put,
    place,
    remove,
    nameCustomer,
    rows,
    load,
    setFilter,
    refreshCounts,
    refresh,
    loadDetail,
    accept,
    adopt,
    markRead,
  }
})
