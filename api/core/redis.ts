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
  redis.on('error', (error) => log.warn({ error: error.message }, 'redis.queue_error'))
  redis.brpoplpush = (source: string, target: string, timeout: number) => redis.blmove(source, target, 'RIGHT', 'LEFT', timeout)
  return redis
}
