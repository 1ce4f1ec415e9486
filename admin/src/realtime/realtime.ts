import { defineStore } from 'pinia'
import { ref } from 'vue'
import type { Conversation } from '#api/contract/conversation.ts'
import type { Message } from '#api/contract/message.ts'
import type { StaffEvent } from '#api/contract/realtime.ts'
import { useActivity } from '../stores/activity.ts'
import { useConnection } from '../stores/connection.ts'
import { useConversations } from '../stores/conversations.ts'
import { useOutbox } from '../stores/outbox.ts'
import { useSession } from '../stores/session.ts'
import { lastSeq } from '../stores/timeline.ts'
import { useTimelines } from '../stores/timelines.ts'
import { missedBy } from './beacon.ts'
import { openRealtime, type RealtimeConnection } from './socket.ts'

export interface Arrival {
  message?: Message
  /** Before and after; `before` is undefined for a conversation not known until now. */
  conversation?: { before: Conversation | undefined; after: Conversation }
}

const COUNTS_AFTER_MS = 400
/** Hidden for longer than this a tab may have slept through events. */
const STALE_AFTER_MS = 20_000

/** The socket's events become state here and nowhere else. */
export const useRealtime = defineStore('realtime', () => {
  const session = useSession()
  const connection = useConnection()
  const conversations = useConversations()
  const timelines = useTimelines()
  const activity = useActivity()
  const outbox = useOutbox()

  const watched = ref<string | null>(null)
  const listeners = new Set<(arrival: Arrival) => void>()
  let socket: RealtimeConnection | null = null
  let countsTimer: ReturnType<typeof setTimeout> | undefined
  let hiddenSince = 0

  const announce = (arrival: Arrival): void => listeners.forEach((listener) => listener(arrival))
  const countSoon = (): void => {
    clearTimeout(countsTimer)
    countsTimer = setTimeout(() => void conversations.refreshCounts(), COUNTS_AFTER_MS)
  }
  const refetch = (id: string): Promise<void> => conversations.loadDetail(id).catch(() => undefined)

  const heal = (beacon: Extract<StaffEvent, { type: 'beacon' }>): void => {
    const missed = missedBy(beacon.conversations, (id) => {
      const timeline = timelines.byId.get(id)
      return { lastSeq: timeline === undefined ? null : lastSeq(timeline), version: conversations.byId.get(id)?.version ?? null }
    })
    missed.timelines.forEach((id) => void timelines.catchUp(id))
    if (missed.conversations.length > 3) void conversations.refresh()
    else missed.conversations.forEach((id) => void refetch(id))
  }

  const applyConversation = (after: Conversation): void => {
    const before = conversations.byId.get(after.id)
    if (!conversations.place(after)) return
    countSoon()
    announce({ conversation: { before, after } })
    const movedOn = before !== undefined && (before.status !== after.status || before.assignee?.id !== after.assignee?.id)
    if (movedOn && watched.value === after.id) void refetch(after.id)
  }

  const onEvent = (event: StaffEvent): void => {
    switch (event.type) {
      case 'message.created':
        void timelines.receive(event.patch.message)
        if (event.patch.message.direction === 'inbound') {
          activity.setTyping(event.id, { from: 'customer', name: null, accountId: null }, false)
          announce({ message: event.patch.message })
        }
        return
      case 'message.updated':
        return void timelines.receive(event.patch.message)
      case 'conversation.updated':
        return applyConversation(event.patch.conversation)
      case 'conversation.removed':
        countSoon()
        return conversations.remove(event.id)
      case 'conversation.typing': {
        const { typing, ...writer } = event.patch
        return writer.accountId === session.meId ? undefined : activity.setTyping(event.id, writer, typing)
      }
      case 'conversation.viewers':
        return activity.setViewers(
          event.id,
          event.patch.viewers.filter((viewer) => viewer.id !== session.meId),
        )
      case 'presence.updated':
        return session.applyPresence(event.patch.presence)
      case 'beacon':
        return heal(event)
    }
  }

  /** Everything that may have been missed: lists, the conversation on screen, and what could not be sent. */
  const resume = (): void => {
    void conversations.refresh()
    if (watched.value !== null) {
      void timelines.refreshNewest(watched.value)
      void refetch(watched.value)
    }
    outbox.flush()
  }
  const onLive = (): void => {
    connection.setOnline(true)
    if (watched.value !== null) socket?.send({ name: 'watch', payload: { conversationId: watched.value } })
    resume()
  }

  const watchConversation = (id: string | null): void => {
    if (watched.value === id) return
    if (watched.value !== null) socket?.send({ name: 'unwatch', payload: { conversationId: watched.value } })
    watched.value = id
    if (id !== null) socket?.send({ name: 'watch', payload: { conversationId: id } })
  }
  const sendTyping = (conversationId: string, typing: boolean): void =>
    socket?.send({ name: 'typing', payload: { conversationId, typing } })

  const onVisibility = (): void => {
    if (document.hidden) hiddenSince = Date.now()
    else if (!connection.online) socket?.hurry()
    else if (Date.now() - hiddenSince > STALE_AFTER_MS) resume()
  }
  const hurry = (): void => socket?.hurry()

  const start = (): void => {
    if (socket !== null) return
    socket = openRealtime({ onEvent, onLive, onLost: () => connection.setOnline(false) })
    document.addEventListener('visibilitychange', onVisibility)
    window.addEventListener('online', hurry)
  }
  const stop = (): void => {
    socket?.close()
    socket = null
    watched.value = null
    connection.stop()
    document.removeEventListener('visibilitychange', onVisibility)
    window.removeEventListener('online', hurry)
  }
  const onArrival = (listener: (arrival: Arrival) => void): (() => void) => {
    listeners.add(listener)
    return () => listeners.delete(listener)
  }
  return { watched, start, stop, hurry, watchConversation, sendTyping, onArrival }
})
