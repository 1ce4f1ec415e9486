/** Redis connections. Redis is a wake-up and a cache: whatever is lost with it can be rebuilt from PostgreSQL. */
import { Redis } from 'ioredis'
import type { Logger } from './logger.ts'

export function connectRedis(url: string, log: Logger): Redis {
  const redis = new Redis(url, { maxRetriesPerRequest: 2, enableReadyCheck: false, retryStrategy: (tries) => Math.min(2000, tries * 100) })
  redis.on('error', (error) => log.warn({ error: error.message }, 'redis.error'))
  return redis
}

/** Bull wants blocking clients without retry limits. The move below replaces BRPOPLPUSH, which some servers lack. */
export function connectQueueRedis(url: string, log: Logger): Redis {
  const redis = new Redis(url, {
    maxRetriesPerRequest: null,
    enableReadyCheck: false,
    retryStrategy: (tries) => Math.min(2000, tries * 100),
  })
  // Every queue that shares this connection listens on it.
  redis.setMaxListeners(0)
  redis.on('error', (error) => log.warn({ error: error.message }, 'redis.queue_error'))
  redis.brpoplpush = (source: string, target: string, timeout: number) => redis.blmove(source, target, 'RIGHT', 'LEFT', timeout)
  return redis
}

/**
 * For the socket.io adapter, which looks at none of its promises: a subscription or write that ends with the connection
 * (Redis gone while the process stops) must not end the process as an uncaught error.
 */
export function connectAdapterRedis(url: string, log: Logger): Redis {
  const quiet = (redis: Redis): Redis => {
    const forgiving = (name: 'subscribe' | 'xadd' | 'publish') => {
      const method: unknown = Reflect.get(redis, name)
      if (typeof method !== 'function') throw new Error(`redis client without ${name}`)
      return { [name]: (...args: unknown[]) => Promise.resolve(Reflect.apply(method, redis, args)).catch(() => null) }
    }
    return Object.assign(redis, forgiving('subscribe'), forgiving('xadd'), forgiving('publish'))
  }
  const first = quiet(connectQueueRedis(url, log))
  first.duplicate = () => quiet(connectQueueRedis(url, log))
  return first
}
