/** Redis connections. Redis is a wake-up and a cache: whatever is lost with it can be rebuilt from PostgreSQL. */
import { Redis } from 'ioredis'
import { once } from 'node:events'
import type { Logger } from './logger.ts'

export function connectRedis(url: string, log: Logger): Redis {
  const redis = new Redis(url, {
    maxRetriesPerRequest: 2,
    // One that hangs must not hang us: callers have a way without it, or say that a part is down.
    commandTimeout: 1000,
    disconnectTimeout: 200,
    enableReadyCheck: false,
    retryStrategy: (tries) => Math.min(2000, tries * 100),
  })
  tellOutages(redis, log)
  return redis
}

/** Bull wants blocking clients without retry limits. The move below replaces BRPOPLPUSH, which some servers lack. */
export function connectQueueRedis(url: string, log: Logger): Redis {
  const redis = new Redis(url, {
    maxRetriesPerRequest: null,
    disconnectTimeout: 200,
    enableReadyCheck: false,
    retryStrategy: (tries) => Math.min(2000, tries * 100),
  })
  // Every queue that shares this connection listens on it.
  redis.setMaxListeners(0)
  tellOutages(redis, log)
  redis.brpoplpush = (source: string, target: string, timeout: number) => redis.blmove(source, target, 'RIGHT', 'LEFT', timeout)
  return redis
}

/** Logs whose readers know already that Redis is away. */
const told = new WeakSet<Logger>()

/** One line when it goes and one when it is back, however many connections notice. */
function tellOutages(redis: Redis, log: Logger): void {
  redis.on('error', (error) => {
    if (told.has(log)) return
    told.add(log)
    log.warn({ error: error.message }, 'redis.away')
  })
  redis.on('ready', () => {
    if (told.delete(log)) log.info({}, 'redis.back')
  })
}

const PATIENCE_MS = 1000

/**
 * Ends the connections of closed queues: shared ones are not Bull's to close, and a blocking one it connects anew while it pauses.
 * One that is just connecting is let through first, since Bull stumbles over its end.
 */
export async function endQueueClients(clients: readonly Redis[]): Promise<void> {
  await Promise.all(
    clients.map(async (client) => {
      if (client.status !== 'ready' && client.status !== 'end')
        await once(client, 'ready', { signal: AbortSignal.timeout(PATIENCE_MS) }).catch(() => undefined)
      client.disconnect()
    }),
  )
}

/**
 * For the socket.io adapter, which looks at none of its promises: a subscription or write that ends with the connection
 * (Redis gone while the process stops) must not end the process as an uncaught error.
 */
export function connectAdapterRedis(url: string, log: Logger): { redis: Redis; close(): Promise<void> } {
  const opened: Redis[] = []
  const open = (): Redis => {
    const redis = forgiving(connectQueueRedis(url, log))
    opened.push(redis)
    // The adapter's own reading connections.
    redis.duplicate = open
    return redis
  }
  const redis = open()
  return {
    redis,
    async close() {
      if (redis.status === 'ready') await redis.quit().catch(() => undefined)
      for (const connection of opened) connection.disconnect()
    },
  }
}

function forgiving(redis: Redis): Redis {
  const quiet = (name: 'subscribe' | 'xadd' | 'publish') => {
    const method: unknown = Reflect.get(redis, name)
    if (typeof method !== 'function') throw new Error(`redis client without ${name}`)
    return { [name]: (...args: unknown[]) => Promise.resolve(Reflect.apply(method, redis, args)).catch(() => null) }
  }
  return Object.assign(redis, quiet('subscribe'), quiet('xadd'), quiet('publish'))
}
