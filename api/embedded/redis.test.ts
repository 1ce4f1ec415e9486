import { mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import { Redis } from 'ioredis'
import { startRedis } from './redis.ts'
import { installedServer } from './redis-server.ts'

let dataDir: string

beforeAll(() => {
  dataDir = mkdtempSync(join(tmpdir(), 'lianke-redis-'))
})
afterAll(() => rmSync(dataDir, { recursive: true, force: true }))

const start = (production = false, log: (line: string) => void = () => {}) => startRedis({ dataDir, production, log })

async function withClient<Result>(url: string, use: (redis: Redis) => Promise<Result>): Promise<Result> {
  const redis = new Redis(url, { enableReadyCheck: false, retryStrategy: null })
  redis.on('error', () => {}) // told through the rejected command
  try {
    return await use(redis)
  } finally {
    redis.disconnect()
  }
}

const whereInstalled = installedServer() ? describe : describe.skip

whereInstalled('with a Redis of this machine', () => {
  test('what a killed start left running is used on; after a proper stop the data is still there', async () => {
    const first = await start(true)
    await withClient(first.url, (redis) => redis.set('kept', 'yes'))
    const second = await start(true)
    expect(second).toMatchObject({ reused: true, url: first.url, kind: first.kind })
    await second.stop()
    const third = await start(true)
    expect(third.reused).toBe(false)
    expect(await withClient(third.url, (redis) => redis.get('kept'))).toBe('yes')
    await third.stop()
  })

  test('nobody gets in without the password, and only the owner can read it', async () => {
    const server = await start()
    const stranger = server.url.replace(/:[^:@]+@/, ':wrong@')
    await expect(withClient(stranger, (redis) => redis.get('kept'))).rejects.toThrow(/NOAUTH|WRONGPASS/)
    for (const file of ['server.conf', 'server.json']) expect(statSync(join(dataDir, 'redis', file)).mode & 0o777).toBe(0o600)
    await server.stop()
  })

  test('it never drops a job for want of memory and writes every change down', async () => {
    const server = await start()
    const settings = await withClient(server.url, (redis) => redis.config('GET', 'maxmemory-policy', 'appendonly'))
    expect(settings).toEqual(expect.arrayContaining(['noeviction', 'yes']))
    expect(readFileSync(join(dataDir, 'redis', 'server.conf'), 'utf8')).toContain('bind 127.0.0.1')
    await server.stop()
  })
})

describe('without any Redis on PATH', () => {
  const path = process.env['PATH']
  beforeAll(() => {
    process.env['PATH'] = ''
  })
  afterAll(() => {
    process.env['PATH'] = path
  })

  test('the bundled one takes over, says loudly that it forgets, and ends when told', async () => {
    const said: string[] = []
    const server = await start(false, (line) => said.push(line))
    expect(server).toMatchObject({ kind: 'bundled', reused: false })
    expect(said.join()).toMatch(/memory only, not for production/)
    expect(await withClient(server.url, (redis) => redis.set('a', '1'))).toBe('OK')
    await server.stop()
    const gone = new Redis(server.url, { retryStrategy: null, lazyConnect: true })
    gone.on('error', () => {})
    await expect(gone.connect()).rejects.toThrow()
  })

  test('production refuses it', async () => {
    await expect(start(true)).rejects.toThrow(/apt install redis-server/)
  })
})
