/** Request limits: fixed windows in Redis, so that all processes count together; without Redis this process counts alone. */
import type { Redis } from 'ioredis'
import { RateLimited } from '../errors.ts'
import type { Limit } from './route.ts'

export interface Limiter {
  /** @throws RateLimited */
  take(key: string, limit: Limit): Promise<void>
}

export function createLimiter(redis: Redis, prefix: string): Limiter {
  const local = new Map<string, { count: number; until: number }>()
  const countLocally = (key: string, windowMs: number) => {
    const now = Date.now()
    if (local.size > 50_000) local.clear()
    const entry = local.get(key)
    if (!entry || entry.until <= now) {
      local.set(key, { count: 1, until: now + windowMs })
      return 1
    }
    return ++entry.count
  }
  const countShared = async (key: string, windowMs: number) => {
    const answers = await redis.multi().set(key, 0, 'PX', windowMs, 'NX').incr(key).exec()
    const count = answers?.[1]?.[1]
    if (typeof count !== 'number') throw new Error('limiter: no count')
    return count
  }
  return {
    async take(key, limit) {
      const windowMs = limit.windowSeconds * 1000
      const window = Math.floor(Date.now() / windowMs)
      const full = `${prefix}:limit:${key}:${window}`
      const count =
        redis.status === 'ready'
          ? await countShared(full, windowMs * 2).catch(() => countLocally(full, windowMs))
          : countLocally(full, windowMs)
      if (count > limit.max) throw new RateLimited(Math.max(1, Math.ceil(((window + 1) * windowMs - Date.now()) / 1000)))
    },
  }
}
