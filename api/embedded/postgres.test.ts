import { chmodSync, mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { afterAll, beforeAll, expect, test } from '@jest/globals'
import { z } from 'zod'
import { withConnection } from '../test/services.ts'
import { type Postgres, startPostgres } from './postgres.ts'
import { factsOfProcess } from './process-facts.ts'

let dataDir: string
let postgres: Postgres

const start = () => startPostgres({ dataDir, log: () => {}, testing: true })
const ask = async (sql: string) => (await withConnection<{ rows: unknown[] }>(postgres.url, (client) => client.query(sql))).rows
const pids = async (sql: string) =>
  z
    .array(z.object({ pid: z.number() }))
    .parse(await ask(sql))
    .map(({ pid }) => pid)
const serverPid = () => Number(readFileSync(join(postgres.home, 'cluster', 'postmaster.pid'), 'utf8').split('\n')[0])

beforeAll(async () => {
  dataDir = mkdtempSync(join(tmpdir(), 'lianke-postgres-'))
  chmodSync(dataDir, 0o711)
  postgres = await start()
})
afterAll(async () => {
  await postgres.stop()
  rmSync(dataDir, { recursive: true, force: true })
})

test('a fresh folder gets a UTF-8 database that only the password opens', async () => {
  expect(await ask(`select current_setting('server_encoding') as encoding, current_database() as name`)).toEqual([
    { encoding: 'UTF8', name: 'lianke' },
  ])
  const wrong = postgres.url.replace(/:[^:@]+@/, ':wrong@')
  await expect(withConnection(wrong, (client) => client.query('select 1'))).rejects.toThrow(/password authentication failed/)
  expect(statSync(join(postgres.home, 'password')).mode & 0o777).toBe(0o600)
})

test('a server that outlived a killed start is used on, with what it holds', async () => {
  await ask('create table kept as select 42 as answer')
  const again = await start()
  expect(again).toMatchObject({ reused: true, url: postgres.url })
  expect(await ask('select answer from kept')).toEqual([{ answer: 42 }])
})

test('after the server itself was killed its stale pid file does not hinder the next start', async () => {
  await ask('checkpoint')
  // Its helpers end by themselves a moment after it, and until then the memory that they share is taken.
  const helpers = await pids('select pid from pg_stat_activity where pid <> pg_backend_pid()')
  const pid = serverPid()
  process.kill(pid, 'SIGKILL')
  for (const each of [pid, ...helpers]) while (factsOfProcess(each)) await delay(10)
  postgres = await start()
  expect(postgres.reused).toBe(false)
  expect(await ask('select answer from kept')).toEqual([{ answer: 42 }])
})

test('a stopped server is gone, and starts again with its data', async () => {
  const pid = serverPid()
  await postgres.stop()
  expect(factsOfProcess(pid)).toBeUndefined()
  postgres = await start()
  expect(await ask('select answer from kept')).toEqual([{ answer: 42 }])
})
