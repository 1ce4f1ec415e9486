/**
 * Access tokens, shared by all processes through Redis. A new token may end the old one, and platforms count how often one is asked for:
 * so one process asks at a time, the others wait for what it gets.
 */
import { randomUUID } from 'node:crypto'
import { setTimeout as sleep } from 'node:timers/promises'
import type { Redis } from 'ioredis'
import { OutcomeUnknown, TransientFailure, type ChannelTokens, type TokenGrant } from '#adapters/contract/index.ts'

/** Renewed before the platform forgets it, so that no call travels with a token that dies on the way. */
const MARGIN_SECONDS = 300
const LEAST_SECONDS = 60
/** A dead owner's lock ends by itself; a live one is done earlier, the request for a token takes at most ten seconds. */
const LOCK_MS = 10_000
const WAIT_MS = 15_000
const MEMO_MS = 30_000

const STORE = `if redis.call('get', KEYS[2]) ~= ARGV[1] then return 0 end
redis.call('set', KEYS[1], ARGV[2], 'PX', ARGV[3])
redis.call('del', KEYS[2])
return 1`
const DELETE_IF_SAME = `if redis.call('get', KEYS[1]) == ARGV[1] then return redis.call('del', KEYS[1]) end
return 0`

/** `value`: the token. `forMs`: how long it may be remembered here. */
interface Held {
  value: string
  forMs: number
}

/** The braces keep a token and its lock in one slot of a Redis cluster. */
const keysOf = (prefix: string, name: string) => ({ stored: `${prefix}:token:{${name}}`, lock: `${prefix}:token:{${name}}:lock` })

export function createTokens(redis: Redis, prefix: string): ChannelTokens {
  const memos = new Map<string, { value: string; until: number }>()
  const flights = new Map<string, Promise<string>>()
  const refused = new Map<string, string>()
  return {
    async get(name, fetch) {
      const memo = memos.get(name)
      if (memo && memo.until > Date.now()) return memo.value
      const known = flights.get(name)
      if (known) return known
      const flight = obtain(redis, prefix, name, fetch)
        .then(({ value, forMs }) => {
          // A flight that `invalidate` has dropped may carry the refused token: good for nobody else.
          if (flights.get(name) === flight) memos.set(name, { value, until: Date.now() + Math.min(MEMO_MS, forMs) })
          return value
        })
        .finally(() => {
          if (flights.get(name) === flight) flights.delete(name)
        })
      flights.set(name, flight)
      return flight
    },
    async invalidate(name, value) {
      if (memos.get(name)?.value === value) memos.delete(name)
      // Of many calls that were refused together, the first one clears the way; the others meet the new token's flight and leave it.
      if (refused.get(name) !== value) flights.delete(name)
      refused.set(name, value)
      await ask(redis.eval(DELETE_IF_SAME, 1, keysOf(prefix, name).stored, value))
    },
  }
}

async function obtain(redis: Redis, prefix: string, name: string, fetch: () => Promise<TokenGrant>): Promise<Held> {
  const keys = keysOf(prefix, name)
  const owner = randomUUID()
  for (const deadline = Date.now() + WAIT_MS; ;) {
    const held = await read(redis, keys.stored)
    if (held) return held
    if ((await ask(redis.set(keys.lock, owner, 'PX', LOCK_MS, 'NX'))) === 'OK') return renew(redis, keys, owner, fetch)
    if (Date.now() > deadline) throw new TransientFailure('another process has been asking for the token too long')
    await sleep(50 + Math.random() * 50)
  }
}

async function renew(redis: Redis, keys: ReturnType<typeof keysOf>, owner: string, fetch: () => Promise<TokenGrant>): Promise<Held> {
  try {
    // The last owner may have stored one between our look and our lock.
    const held = await read(redis, keys.stored)
    if (held) return held
    const grant = await fetch()
    const lifeMs = Math.max(LEAST_SECONDS, grant.expiresInSeconds - MARGIN_SECONDS) * 1000
    const stored = await ask(redis.eval(STORE, 2, keys.stored, keys.lock, owner, grant.token, Math.round(lifeMs)))
    if (stored === 1) return { value: grant.token, forMs: lifeMs }
    // We were away longer than the lock lasts: who took over has the newer token.
    return (await read(redis, keys.stored)) ?? { value: grant.token, forMs: 0 }
  } catch (error) {
    // Asking twice for a token harms nobody, whatever became of the first question.
    throw error instanceof OutcomeUnknown ? new TransientFailure(error.message) : error
  } finally {
    await redis.eval(DELETE_IF_SAME, 1, keys.lock, owner).catch(() => {}) // it ends by itself
  }
}

async function read(redis: Redis, key: string): Promise<Held | null> {
  const [value, forMs] = await ask(Promise.all([redis.get(key), redis.pttl(key)]))
  return value === null ? null : { value, forMs }
}

/** Without Redis nobody knows who holds the token: the call waits in the outbox instead of guessing. */
async function ask<T>(answer: Promise<T>): Promise<T> {
  try {
    return await answer
  } catch {
    throw new TransientFailure('token store unreachable')
  }
}
