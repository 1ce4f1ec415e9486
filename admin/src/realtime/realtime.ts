import { defineStore } from 'pinia'
import { ref } from 'vue'
import { useConnection } from '../stores/connection.ts'
import { useConversations } from '../stores/conversations.ts'
import { useNotifications } from '../stores/notifications.ts'
import { useOutbox } from '../stores/outbox.ts'
import { useSession } from '../stores/session.ts'
import { useTimelines } from '../stores/timelines.ts'
import { createEventHandler, type Arrival } from './event-handler.ts'
import { openRealtime, type RealtimeConnection } from './socket.ts'

/** Hidden for longer than this a tab may have slept through events. */
const STALE_AFTER_MS = 20_000

/** The socket's events become state here and nowhere else. */
export const useRealtime = defineStore('realtime', () => {
  const connection = useConnection()
  const conversations = useConversations()
  const timelines = useTimelines()
  const outbox = useOutbox()
  const session = useSession()
  const notifications = useNotifications()

  const watched = ref<string | null>(null)
  const listeners = new Set<(arrival: Arrival) => void>()
  let socket: RealtimeConnection | null = null
  let hiddenSince = 0

  const announce = (arrival: Arrival): void => listeners.forEach((listener) => listener(arrival))
  const onEvent = createEventHandler({ announce, watched: () => watched.value })

  /** Everything that may have been missed: lists, the conversation on screen, and what could not be sent. */
  const resume = (): void => {
    void conversations.refresh()
    void notifications.refresh()
    if (watched.value !== null) {
      void timelines.refreshNewest(watched.value)
      void conversations.loadDetail(watched.value).catch(() => undefined)
    }
    outbox.flush()
    // A changed role cuts the socket: menus and buttons follow what one may now.
    void session.load().catch(() => undefined)
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
