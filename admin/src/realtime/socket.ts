import { io, type Socket } from 'socket.io-client'
import type { z } from 'zod'
import type { StaffEvent, StaffEventType, staffCommandSchemas } from '#api/contract/realtime.ts'
import { fetchRealtimeTicket } from '../api/session.ts'
import { reconnectDelay } from './backoff.ts'

type Incoming = { [K in StaffEventType]: (event: Extract<StaffEvent, { type: K }>) => void }
type Commands = typeof staffCommandSchemas
export type StaffCommand = { [K in keyof Commands]: { name: K; payload: z.input<Commands[K]> } }[keyof Commands]
type Answer = { ok: true } | { error: { code: string } }
type Outgoing = { [K in keyof Commands]: (payload: z.input<Commands[K]>, answered?: (answer: Answer) => void) => void }
const ANSWER_WITHIN_MS = 5000

const EVENT_TYPES: readonly StaffEventType[] = [
  'message.created',
  'message.updated',
  'conversation.updated',
  'conversation.removed',
  'conversation.typing',
  'conversation.viewers',
  'presence.updated',
  'notification.created',
  'notification.read',
  'transfer.updated',
  'ticket.updated',
  'ticket.changed',
  'ticket.viewers',
  'supervision.changed',
  'supervision.alert',
  'beacon',
]

export interface RealtimeHandlers {
  onEvent: (event: StaffEvent) => void
  /** The subscription is live: fetch what was missed now, not before. */
  onLive: () => void
  onLost: () => void
}

export interface RealtimeConnection {
  /** Dropped while the socket is down: what matters is said again when it is live. */
  send: (command: StaffCommand) => void
  /** Whether the server lets one listen in; no answer is a no. */
  listen: (conversationId: string) => Promise<boolean>
  /** Try at once, when the browser says that the network is back. */
  hurry: () => void
  close: () => void
}

/**
 * One socket, for ever: every attempt fetches its own single-use ticket, which is why socket.io's own
 * reconnection (same credentials again) is switched off.
 */
export const openRealtime = ({ onEvent, onLive, onLost }: RealtimeHandlers): RealtimeConnection => {
  let socket: Socket<Incoming, Outgoing> | null = null
  let timer: ReturnType<typeof setTimeout> | undefined
  let attempt = 0
  let closed = false
  const isClosed = (): boolean => closed
  let connecting = false

  const drop = (): void => {
    socket?.removeAllListeners()
    socket?.disconnect()
    socket = null
  }
  const lost = (): void => {
    drop()
    connecting = false
    if (closed) return
    onLost()
    clearTimeout(timer)
    timer = setTimeout(() => void connect(), reconnectDelay(attempt, Math.random()))
    attempt += 1
  }
  const listen = (next: Socket<Incoming, Outgoing>): void => {
    for (const type of EVENT_TYPES) next.on(type, (event: StaffEvent) => onEvent(event))
    next.on('connect', () => {
      attempt = 0
      connecting = false
      onLive()
    })
    next.on('disconnect', lost)
    next.on('connect_error', lost)
  }
  const connect = async (): Promise<void> => {
    if (closed || connecting || socket?.connected) return
    connecting = true
    try {
      const { ticket } = await fetchRealtimeTicket()
      if (isClosed()) return
      drop()
      socket = io('/', { path: '/socket.io', transports: ['websocket'], auth: { ticket }, reconnection: false, forceNew: true })
      listen(socket)
    } catch {
      lost()
    }
  }
  const hurry = (): void => {
    clearTimeout(timer)
    attempt = 0
    void connect()
  }
  void connect()
  return {
    send: (command) => {
      if (!socket?.connected) return
      // A command and its payload belong together, which a union of all of them no longer says.
      if (command.name === 'typing') socket.emit('typing', command.payload)
      else if (command.name === 'supervision.watch' || command.name === 'supervision.unwatch') socket.emit(command.name, command.payload)
      else if (command.name === 'ticket.watch' || command.name === 'ticket.unwatch') socket.emit(command.name, command.payload)
      else socket.emit(command.name, command.payload)
    },
    listen: (conversationId) =>
      new Promise((resolve) => {
        if (!socket?.connected) return resolve(false)
        const late = setTimeout(() => resolve(false), ANSWER_WITHIN_MS)
        socket.emit('listen', { conversationId }, (answer) => {
          clearTimeout(late)
          resolve('ok' in answer)
        })
      }),
    hurry,
    close: () => {
      closed = true
      clearTimeout(timer)
      drop()
    },
  }
}
