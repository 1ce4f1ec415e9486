/** A socket as the pages open it: by ticket, keeping every event that came. */
import { io, type Socket } from 'socket.io-client'
import type { CustomerEvent, StaffEvent } from '../contract/realtime.ts'
import { until } from './until.ts'

type AnyEvent = StaffEvent | CustomerEvent
export type CommandAnswer = { ok: true } | { error: { code: string } }

export interface SocketOptions {
  namespace: '/' | '/customer'
  ticket: string
  origin?: string
}

export class TestSocket<E extends AnyEvent = StaffEvent> {
  readonly events: E[] = []
  readonly socket: Socket
  /** Resolves when the server cuts it. */
  readonly cut: Promise<void>

  constructor(socket: Socket) {
    this.socket = socket
    socket.onAny((_name: string, event: E) => void this.events.push(event))
    this.cut = new Promise((resolve) => void socket.once('disconnect', () => resolve()))
  }

  /** Events of one type, oldest first. */
  of<T extends E['type']>(type: T): Extract<E, { type: T }>[] {
    return this.events.filter((event): event is Extract<E, { type: T }> => event.type === type)
  }

  /** The first event that fits, whether it has come already or is yet to come. */
  waitFor<T extends E['type']>(type: T, fits: (event: Extract<E, { type: T }>) => boolean = () => true): Promise<Extract<E, { type: T }>> {
    return until(() => {
      const event = this.of(type).find(fits)
      if (!event) throw new Error(`no ${type} that fits; came: ${this.events.map((each) => each.type).join(', ')}`)
      return event
    })
  }

  say(command: string, input: unknown): Promise<CommandAnswer> {
    return this.socket.timeout(30_000).emitWithAck(command, input)
  }

  close(): void {
    this.socket.disconnect()
  }
}

const open = new Set<Socket>()

/** @throws Error with the server's reason when it refuses */
export async function openSocket<E extends AnyEvent = StaffEvent>(url: string, options: SocketOptions): Promise<TestSocket<E>> {
  const socket = io(url + options.namespace, {
    auth: { ticket: options.ticket },
    transports: ['websocket'],
    reconnection: false,
    forceNew: true,
    ...(options.origin === undefined ? {} : { extraHeaders: { origin: options.origin } }),
  })
  open.add(socket)
  const client = new TestSocket<E>(socket)
  await new Promise<void>((resolve, reject) => {
    socket.once('connect', () => resolve())
    socket.once('connect_error', (error) => {
      socket.disconnect()
      reject(error)
    })
  })
  return client
}

export function closeSockets(): void {
  for (const socket of open) socket.disconnect()
  open.clear()
}
