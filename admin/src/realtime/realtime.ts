import { defineStore } from 'pinia'
import { ref } from 'vue'
import type { StaffEvent } from '#api/contract/realtime.ts'
import { useConnection } from '../stores/connection.ts'
import { useConversations } from '../stores/conversations.ts'
import { useNotifications } from '../stores/notifications.ts'
import { useOffers } from '../stores/offers.ts'
import { useOutbox } from '../stores/outbox.ts'
import { useSession } from '../stores/session.ts'
import { useTimelines } from '../stores/timelines.ts'
import { createEventHandler, type Arrival } from './event-handler.ts'
import { openRealtime, type RealtimeConnection, type StaffCommand } from './socket.ts'

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
  const offers = useOffers()

  const watched = ref<string | null>(null)
  /** A supervisor who listens hears whispers too, and is not among those whom the agent sees looking. */
  const listening = ref(false)
  const listeners = new Set<(arrival: Arrival) => void>()
  const rawListeners = new Set<(event: StaffEvent) => void>()
  const liveListeners = new Set<() => void>()
  let socket: RealtimeConnection | null = null
  let hiddenSince = 0

  const announce = (arrival: Arrival): void => listeners.forEach((listener) => listener(arrival))
  const applied = createEventHandler({ announce, watched: () => watched.value })
  const onEvent = (event: StaffEvent): void => {
    applied(event)
    rawListeners.forEach((listener) => listener(event))
  }

  /** Everything that may have been missed: lists, the conversation on screen, and what could not be sent. */
  const resume = (): void => {
    void conversations.refresh()
    void notifications.refresh()
    void offers.refresh()
    if (watched.value !== null) {
      void timelines.refreshNewest(watched.value)
      void conversations.loadDetail(watched.value).catch(() => undefined)
    }
    outbox.flush()
    // A changed role cuts the socket: menus and buttons follow what one may now.
    void session.load().catch(() => undefined)
  }
  /** @returns false when one may not listen (any more): one looks on then, as anybody may who sees it */
  const listenTo = async (conversationId: string): Promise<boolean> => {
    const granted = (await socket?.listen(conversationId)) ?? false
    if (watched.value !== conversationId) return granted
    listening.value = granted
    if (!granted) socket?.send({ name: 'watch', payload: { conversationId } })
    return granted
  }
  const attend = (conversationId: string): void => {
    if (listening.value) void listenTo(conversationId)
    else socket?.send({ name: 'watch', payload: { conversationId } })
  }
  const leave = (conversationId: string): void =>
    socket?.send({ name: listening.value ? 'unlisten' : 'unwatch', payload: { conversationId } })
  const onLive = (): void => {
    connection.setOnline(true)
    if (watched.value !== null) attend(watched.value)
    resume()
    liveListeners.forEach((listener) => listener())
  }

  const watchConversation = (id: string | null): void => {
    if (watched.value === id) return
    if (watched.value !== null) leave(watched.value)
    watched.value = id
    listening.value = false
    if (id !== null) attend(id)
  }
  /** @returns false when the server refuses to let one listen */
  const toggleListening = async (): Promise<boolean> => {
    const id = watched.value
    if (id === null) return true
    leave(id)
    if (!listening.value) return listenTo(id)
    listening.value = false
    attend(id)
    return true
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
  /**
   * For a feature with events of its own: it hears them while it is on screen.
   * @param onLiveAgain the socket is (again) live: say again what the server was told, fetch what was missed
   */
  const hear = (listener: (event: StaffEvent) => void, onLiveAgain: () => void): (() => void) => {
    rawListeners.add(listener)
    liveListeners.add(onLiveAgain)
    return () => {
      rawListeners.delete(listener)
      liveListeners.delete(onLiveAgain)
    }
  }
  const send = (command: StaffCommand): void => socket?.send(command)
  return { hear, send, watched, listening, toggleListening, start, stop, hurry, watchConversation, sendTyping, onArrival }
})
