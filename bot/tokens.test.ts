import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { afterAll, afterEach, beforeAll, describe, expect, test } from '@jest/globals'
import { Redis } from 'ioredis'
import { OutcomeUnknown, PermanentFailure, type ChannelTokens } from '#adapters/contract/index.ts'
import { redisPrefix, testRedisUrl } from '#api/test/database.ts'
import { createTokens } from './tokens.ts'

const bundled = mkdtempSync(path.join(tmpdir(), 'lianke-tokens-'))
let clients: Redis[] = []

/** The embedded in-memory server, whatever is installed on this machine. */
async function bundledRedis(): Promise<{ url: string; stop(): Promise<void> }> {
  const { startRedis } = await import('#api/embedded/redis.ts')
  const { PATH } = process.env
  process.env['PATH'] = ''
  try {
    return await startRedis({ dataDir: bundled, production: false, log: () => {} })
  } finally {
    process.env['PATH'] = PATH
  }
}

const servers = [
  ['the test Redis', async () => ({ url: await testRedisUrl(), stop: async () => {} })],
  ['the bundled Redis', bundledRedis],
] as const

describe.each(servers)('tokens on %s', (_name, start) => {
  let url: string
  let stop: () => Promise<void>
  beforeAll(async () => {
    const server = await start()
    url = server.url
    stop = () => server.stop()
  })
  afterEach(() => {
    for (const client of clients) client.disconnect()
    clients = []
  })
  afterAll(async () => {
    await stop()
    rmSync(bundled, { recursive: true, force: true })
  })

  const processes = (count: number, prefix = redisPrefix()): ChannelTokens[] =>
    Array.from({ length: count }, () => createTokens(connect(), prefix))
  const connect = () => {
    const client = new Redis(url)
    clients.push(client)
    return client
  }
  /** Hands out t1, t2 … and counts. */
  const issuer = (expiresInSeconds = 7200) => {
    const state = { asked: 0 }
    const fetch = async () => {
      state.asked++
      await new Promise((resolve) => setImmediate(resolve))
      return { token: `t${state.asked}`, expiresInSeconds }
    }
    return { state, fetch }
  }

  test('F9 twenty first calls in three processes ask the platform once', async () => {
    const all = processes(3)
    const { state, fetch } = issuer()
    const got = await Promise.all(Array.from({ length: 20 }, (_, index) => all[index % 3]!.get('oa:wx1:aa', fetch)))
    expect(new Set(got)).toEqual(new Set(['t1']))
    expect(state.asked).toBe(1)
  })

  test('F9 fifty calls that learn of a revoked token fetch one new token', async () => {
    const all = processes(3)
    const { state, fetch } = issuer()
    await Promise.all(all.map((tokens) => tokens.get('oa:wx1:aa', fetch)))
    const got = await Promise.all(
      Array.from({ length: 50 }, async (_, index) => {
        const tokens = all[index % 3]!
        await tokens.invalidate('oa:wx1:aa', 't1')
        return tokens.get('oa:wx1:aa', fetch)
      }),
    )
    expect(new Set(got)).toEqual(new Set(['t2']))
    expect(state.asked).toBe(2)
  })

  test('who complains about an old token does not throw away the new one', async () => {
    const [tokens] = processes(1)
    const { state, fetch } = issuer()
    await tokens!.get('a', fetch)
    await tokens!.invalidate('a', 't1')
    expect(await tokens!.get('a', fetch)).toBe('t2')
    await tokens!.invalidate('a', 't1')
    expect(await tokens!.get('a', fetch)).toBe('t2')
    expect(state.asked).toBe(2)
  })

  test('a lock whose owner died ends by itself', async () => {
    const prefix = redisPrefix()
    const [tokens] = processes(1, prefix)
    const { fetch } = issuer()
    await connect().set(`${prefix}:token:{a}:lock`, 'a dead process', 'PX', 250)
    expect(await tokens!.get('a', fetch)).toBe('t1')
  })

  test('an owner that was away longer than its lock does not overwrite the newer token', async () => {
    const prefix = redisPrefix()
    const [slow, quick] = processes(2, prefix)
    const redis = connect()
    const late = slow!.get('a', async () => {
      await redis.del(`${prefix}:token:{a}:lock`) // its time is over
      await quick!.get('a', async () => ({ token: 'new', expiresInSeconds: 7200 }))
      return { token: 'old', expiresInSeconds: 7200 }
    })
    expect(await late).toBe('new')
    expect(await redis.get(`${prefix}:token:{a}`)).toBe('new')
  })

  test('a token is renewed five minutes early, and kept at least a minute', async () => {
    const prefix = redisPrefix()
    const [tokens] = processes(1, prefix)
    const redis = connect()
    await tokens!.get('long', issuer(7200).fetch)
    await tokens!.get('short', issuer(100).fetch)
    expect(await redis.ttl(`${prefix}:token:{long}`)).toBeGreaterThan(6800)
    expect(await redis.ttl(`${prefix}:token:{long}`)).toBeLessThanOrEqual(6900)
    expect(await redis.ttl(`${prefix}:token:{short}`)).toBeLessThanOrEqual(60)
  })

  test('a refusal reaches everybody who waits, and the next call asks again', async () => {
    const [tokens] = processes(1)
    const refuse = async () => {
      throw new PermanentFailure('configuration', 'wrong secret')
    }
    const both = await Promise.allSettled([tokens!.get('a', refuse), tokens!.get('a', refuse)])
    expect(both.map(({ status }) => status)).toEqual(['rejected', 'rejected'])
    expect(await tokens!.get('a', issuer().fetch)).toBe('t1')
  })

  test('a token request without an answer is worth another try, whatever became of it', async () => {
    const [tokens] = processes(1)
    const lost = tokens!.get('a', async () => {
      throw new OutcomeUnknown('no answer')
    })
    await expect(lost).rejects.toMatchObject({ name: 'TransientFailure' })
  })

  test('F4 without Redis the call waits instead of guessing', async () => {
    const away = connect()
    away.disconnect()
    const waiting = createTokens(away, redisPrefix()).get('a', issuer().fetch)
    await expect(waiting).rejects.toMatchObject({ name: 'TransientFailure' })
  })
})
