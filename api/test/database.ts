/** What a test file asks for: a database of its own, a Redis, and a prefix that nobody else uses there. */
import { randomBytes } from 'node:crypto'
import { get } from 'node:http'
import { text } from 'node:stream/consumers'
import { z } from 'zod'
import { asRole, databaseOn, withConnection } from './services.ts'

const databaseServer = z.object({
  adminUrl: z.string(),
  template: z.string(),
  application: z.object({ username: z.string(), password: z.string() }),
})
const redisServer = z.object({ url: z.string() })

export interface TestDatabase {
  /** As the product's role. */
  url: string
  /** As the role that migrates. */
  ownerUrl: string
  drop(): Promise<void>
}

/** A fresh, migrated, empty database (about 0.1 s): one per test file. Whatever is not dropped goes at the end of the run. */
export async function cloneDatabase(): Promise<TestDatabase> {
  const { adminUrl, template, application } = databaseServer.parse(await ask('/database'))
  const database = await create(adminUrl, template.replace(/template$/, randomBytes(6).toString('hex')), template)
  return { ...database, url: asRole(database.ownerUrl, application) }
}

/** A database without any table, for tests of the migrations themselves: its `url` is the owner's. */
export async function emptyDatabase(): Promise<TestDatabase> {
  const { adminUrl, template } = databaseServer.parse(await ask('/database'))
  return create(adminUrl, template.replace(/template$/, randomBytes(6).toString('hex')), 'template0')
}

async function create(adminUrl: string, name: string, template: string): Promise<TestDatabase> {
  const url = databaseOn(adminUrl, name)
  await withConnection(adminUrl, (client) => client.query(`create database ${name} template ${template}`))
  return {
    url,
    ownerUrl: url,
    drop: () => withConnection(adminUrl, async (client) => void (await client.query(`drop database if exists ${name} with (force)`))),
  }
}

/** Address of a Redis that all test files of a run share. */
export async function testRedisUrl(): Promise<string> {
  return redisServer.parse(await ask('/redis')).url
}

/** Begins every key of a test, so that files that run at once do not meet in Redis. */
export const redisPrefix = () => `test-${randomBytes(6).toString('hex')}`

async function ask(path: string): Promise<unknown> {
  const address = process.env['LIANKE_TEST_SERVICES']
  if (!address) throw new Error('run the tests through jest.config.mjs: its global set-up provides PostgreSQL and Redis')
  const [status, body] = await new Promise<[number, string]>((resolve, reject) => {
    // No agent: a kept-alive connection would keep the test process open.
    get(new URL(path, address), { agent: false }, (response) => {
      text(response).then((answer) => resolve([response.statusCode ?? 0, answer]), reject)
    }).once('error', reject)
  })
  if (status !== 200) throw new Error(body)
  return JSON.parse(body)
}
