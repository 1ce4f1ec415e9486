/**
 * Push to browsers: socket.io with the Redis streams adapter. Every process publishes; only those with the api role hold sockets
 * (the others are headless members of the same stream). Delivery is a hint: clients resume by `seq` and `version`.
 */
import { createAdapter } from '@socket.io/redis-streams-adapter'
import type { Redis } from 'ioredis'
import type http from 'node:http'
import { Server } from 'socket.io'
import { z } from 'zod'
import type { CustomerEvent, StaffEvent } from '../../contract/realtime.ts'
import type { Logger } from '../logger.ts'
import type { Metrics } from '../metrics.ts'

export type Push =
  | { namespace: 'staff'; rooms: readonly string[]; except?: readonly string[]; event: StaffEvent }
  | { namespace: 'customer'; rooms: readonly string[]; except?: readonly string[]; event: CustomerEvent }

export const NAMESPACES = { staff: '/', customer: '/customer' } as const

export interface Realtime {
  io: Server
  publish(pushes: readonly Push[]): void
  /** Takes sockets on this HTTP server from now on. */
  attach(listener: http.Server): void
  /** Cuts every socket in the room, in all processes. */
  disconnect(namespace: 'staff' | 'customer', room: string): void
  close(): Promise<void>
}

export const rooms = {
  staff: (accountId: string) => `staff:${accountId}`,
  /** Everyone on staff: presence. */
  everyone: 'staff',
  /** The general queue: whoever may read conversations. */
  general: 'general-queue',
  /** Members of a team, and whoever sees all queues. */
  team: (teamId: string) => `team:${teamId}`,
  queues: 'queues',
  session: (sessionId: string) => `session:${sessionId}`,
  conversation: (conversationId: string) => `conversation:${conversationId}`,
  /** Supervisors who have it open or listen in. */
  oversight: (conversationId: string) => `oversight:${conversationId}`,
  /** Whoever has this ticket open. */
  ticket: (ticketId: string) => `ticket:${ticketId}`,
  customer: (identityId: string) => `customer:${identityId}`,
}

/** All that one commit has to tell goes to the other processes as one message: an entry for each event costs more than the events. */
const PUSHES = 'pushes'

const receivedPushes = z.array(
  z.object({
    namespace: z.enum(['staff', 'customer']),
    rooms: z.array(z.string()),
    except: z.array(z.string()).optional(),
    event: z.looseObject({ type: z.string() }),
  }),
)

function emitHere(io: Server, { namespace, rooms: to, except = [], event }: z.infer<typeof receivedPushes>[number] | Push): void {
  io.of(NAMESPACES[namespace])
    .local.to([...to])
    .except([...except])
    .emit(event.type, event)
}

/** A process that runs alone spares itself the round trip; one that starts is known by its first heartbeat. */
async function tellOthers(io: Server, pushes: readonly Push[]): Promise<void> {
  const namespace = io.of(NAMESPACES.staff)
  if ((await namespace.adapter.serverCount()) > 1) namespace.serverSideEmit(PUSHES, JSON.stringify(pushes))
}

export function createRealtime(options: { redis: Redis; prefix: string; log: Logger; metrics: Metrics }): Realtime {
  const io = new Server({
    adapter: createAdapter(options.redis, {
      streamName: `${options.prefix}:realtime`,
      maxLen: 20_000,
      readCount: 500,
      channelPrefix: `${options.prefix}:realtime`,
      onlyPlaintext: true,
    }),
    serveClient: false,
    transports: ['websocket', 'polling'],
    maxHttpBufferSize: 100_000,
    perMessageDeflate: false,
    pingInterval: 10_000,
    pingTimeout: 8_000,
  })
  let attached = false
  io.of(NAMESPACES.staff).on(PUSHES, (json: unknown) => {
    if (attached && typeof json === 'string') for (const push of receivedPushes.parse(JSON.parse(json))) emitHere(io, push)
  })
  return {
    io,
    publish(pushes) {
      if (pushes.length === 0) return
      for (const push of pushes) emitHere(io, push)
      // Without Redis the sockets of this process still hear; those of others resume by themselves.
      if (options.redis.status === 'ready') void tellOthers(io, pushes)
    },
    attach(listener) {
      io.attach(listener)
      attached = true
    },
    disconnect: (namespace, room) => void io.of(NAMESPACES[namespace]).in(room).disconnectSockets(true),
    async close() {
      io.disconnectSockets(true)
      // A headless member has no HTTP server to close, only its place in the stream.
      if (attached) await io.close()
      else for (const namespace of Object.values(NAMESPACES)) await io.of(namespace).adapter.close()
    },
  }
}
