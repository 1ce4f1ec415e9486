/**
 * The socket: a hint that something is new. socket.io-client comes in a chunk of its own after the page stands; its own reconnecting is off,
 * because every connect needs a fresh single-use ticket. While there is no socket the page polls.
 */
import type { connect, Socket } from 'socket.io-client'
import { ApiFailure, type Api } from './api.ts'
import { backoffMs } from './backoff.ts'
import type { ClientEvents, ServerEvents } from './wire.ts'

interface RealtimeParts {
  api: Api
  handlers: ServerEvents
  /** Ask the server for the newest state: after every connect (the subscription is live by then) and at each poll. */
  resume(): void
  online(online: boolean): void
  signedOut(): void
}

/** A beacon comes every ten seconds; after this long without one the line is dead, whatever TCP thinks. */
const SILENCE_MS = 26_000
const POLL_MS = { firstMs: 10_000, maxMs: 10_000 }

export class Realtime {
  readonly #parts: RealtimeParts
  #socket: Socket<ServerEvents, ClientEvents> | undefined
  #failures = 0
  #round = 0
  #stopped = true
  #connecting = false
  #retry: ReturnType<typeof setTimeout> | undefined
  #silence: ReturnType<typeof setTimeout> | undefined
  #poll: ReturnType<typeof setTimeout> | undefined

  constructor(parts: RealtimeParts) {
    this.#parts = parts
  }

  /** Also when the token has changed: a socket that is open belongs to whom it was opened for. */
  start(): void {
    this.#stopped = false
    this.#round += 1
    this.#failures = 0
    this.#socket?.disconnect()
    this.#schedulePoll()
    void this.#connect()
  }

  stop(): void {
    this.#stopped = true
    for (const timer of [this.#retry, this.#silence, this.#poll]) clearTimeout(timer)
    this.#socket?.disconnect()
  }

  /** The page is seen again or the network is back. iOS freezes pages in the background and leaves them a socket that only looks open. */
  wake(wasAwayMs: number): void {
    if (this.#stopped) return
    if (this.#socket?.connected && wasAwayMs < SILENCE_MS) return this.#parts.resume()
    this.#failures = 0
    this.#socket?.disconnect()
    this.#parts.resume()
    void this.#connect()
  }

  typing(conversationId: string, typing: boolean): void {
    if (this.#socket?.connected) this.#socket.volatile.emit('typing', { conversationId, typing })
  }

  async #connect(): Promise<void> {
    if (this.#stopped || this.#connecting || this.#socket?.connected) return
    clearTimeout(this.#retry)
    this.#connecting = true
    const round = this.#round
    try {
      const [{ io }, ticket] = await Promise.all([import('socket.io-client'), this.#parts.api.ticket()])
      if (round === this.#round) this.#open(io, ticket)
    } catch (error) {
      if (error instanceof ApiFailure && error.signedOut) this.#parts.signedOut()
      else this.#later()
    } finally {
      this.#connecting = false
      if (round !== this.#round) void this.#connect()
    }
  }

  /** The page may have been left while the ticket was on its way. */
  #open(io: typeof connect, ticket: string): void {
    if (this.#stopped) return
    this.#socket ??= this.#wire(io('/customer', { path: '/socket.io', transports: ['websocket'], reconnection: false, autoConnect: false }))
    this.#socket.auth = { ticket }
    this.#socket.connect()
  }

  #wire(socket: Socket<ServerEvents, ClientEvents>): Socket<ServerEvents, ClientEvents> {
    const { handlers, resume, online } = this.#parts
    socket.on('connect', () => {
      this.#failures = 0
      clearTimeout(this.#poll)
      this.#heard()
      online(true)
      resume()
    })
    socket.on('disconnect', () => this.#lost())
    socket.on('connect_error', () => this.#lost())
    socket.on('message.created', handlers['message.created'])
    socket.on('message.updated', handlers['message.updated'])
    socket.on('conversation.updated', handlers['conversation.updated'])
    socket.on('queue.updated', handlers['queue.updated'])
    socket.on('conversation.typing', handlers['conversation.typing'])
    socket.on('beacon', (beacon) => {
      this.#heard()
      handlers.beacon(beacon)
    })
    return socket
  }

  #heard(): void {
    clearTimeout(this.#silence)
    this.#silence = setTimeout(() => this.#socket?.disconnect(), SILENCE_MS)
  }

  #lost(): void {
    clearTimeout(this.#silence)
    this.#parts.online(false)
    if (this.#stopped) return
    this.#schedulePoll()
    this.#later()
  }

  #later(): void {
    clearTimeout(this.#retry)
    this.#retry = setTimeout(() => void this.#connect(), backoffMs(this.#failures++, { firstMs: 1000, maxMs: 30_000 }))
  }

  /** Every five to ten seconds, but not for a page that nobody sees. */
  #schedulePoll(): void {
    clearTimeout(this.#poll)
    this.#poll = setTimeout(
      () => {
        if (!document.hidden) this.#parts.resume()
        if (!this.#socket?.connected) this.#schedulePoll()
      },
      backoffMs(0, POLL_MS),
    )
  }
}
