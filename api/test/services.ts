/**
 * PostgreSQL and Redis for one run of the tests. They start when the first test asks (api/test/database.ts), so that a run without any
 * pays nothing. The processes of jest ask over a small HTTP server of the main one, whose address stands in LIANKE_TEST_SERVICES.
 */
import { randomBytes } from 'node:crypto'
import { chmodSync, mkdirSync, mkdtempSync, readdirSync, rmSync } from 'node:fs'
import { createServer, type Server } from 'node:http'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import pg from 'pg'
import { migrateToLatest } from '#api/core/migrate.ts'
import { startPostgres } from '../embedded/postgres.ts'
import { startRedis } from '../embedded/redis.ts'
import { endServer, leftRunning } from '../embedded/redis-server.ts'
import { factsOfProcess } from '../embedded/process-facts.ts'

export interface TestDatabaseServer {
  /** Connection to a database from which others may be created. */
  adminUrl: string
  /** Migrated and empty: `create database … template`. */
  template: string
  /** The role the product works as in databases cloned from the template. */
  application: { username: string; password: string }
}

export interface TestRedisServer {
  url: string
}

interface Run {
  folder: string
  /** Begins the name of every database of this run. */
  prefix: string
  stops: Array<() => Promise<void>>
}

const FOLDER_PREFIX = 'lianke-test-'
const quiet = () => {}
const tell = (line: string) => void process.stdout.write(`${line}\n`)

export async function serveTestServices(): Promise<{ url: string; stop(): Promise<void> }> {
  await sweepLeftovers()
  const run: Run = { folder: '', prefix: `lianke_test_${process.pid}`, stops: [] }
  const ask = { '/database': once(() => provideDatabase(run)), '/redis': once(() => provideRedis(run)) }
  const server = createServer(async (request, response) => {
    const answer = request.url === '/database' || request.url === '/redis' ? ask[request.url] : undefined
    try {
      response.end(JSON.stringify(await answer?.()))
    } catch (error) {
      response.writeHead(500).end(error instanceof Error ? error.stack : String(error))
    }
  })
  const port = await listen(server)
  return { url: `http://127.0.0.1:${port}`, stop: () => stopAll(server, run) }
}

function once<Result>(make: () => Promise<Result>): () => Promise<Result> {
  let made: Promise<Result> | undefined
  return () => (made ??= make())
}

function listen(server: Server): Promise<number> {
  return new Promise((resolve, reject) => {
    server.once('error', reject).listen(0, '127.0.0.1', () => {
      const address = server.address()
      resolve(typeof address === 'object' && address ? address.port : 0)
    })
  })
}

/** The pid in the name tells later runs whether its owner still lives. Enterable, since PostgreSQL may run as another user. */
function folderOf(run: Run): string {
  if (!run.folder) run.folder = mkdtempSync(join(tmpdir(), `${FOLDER_PREFIX}${process.pid}-`))
  chmodSync(run.folder, 0o711)
  const data = join(run.folder, 'data')
  mkdirSync(data, { recursive: true })
  return data
}

async function provideDatabase(run: Run): Promise<TestDatabaseServer> {
  const adminUrl = process.env['DATABASE_URL_TEST'] ?? (await embeddedPostgres(run))
  const template = `${run.prefix}_template`
  await withConnection(adminUrl, (client) => client.query(`create database ${template} encoding 'UTF8' template template0`))
  run.stops.push(() => dropDatabases(adminUrl, run.prefix))
  const application = { username: `${run.prefix}_app`, password: randomBytes(12).toString('hex') }
  const ownerUrl = databaseOn(adminUrl, template)
  await migrateToLatest(ownerUrl, asRole(ownerUrl, application))
  // Tests that look at query plans gather statistics as the product's role.
  await withConnection(adminUrl, (client) => client.query(`grant pg_maintain to ${application.username}`))
  return { adminUrl, template, application }
}

async function embeddedPostgres(run: Run): Promise<string> {
  const startedAt = Date.now()
  const postgres = await startPostgres({ dataDir: folderOf(run), log: quiet, testing: true })
  run.stops.push(() => postgres.stop())
  tell(`Tests use an embedded PostgreSQL (${Date.now() - startedAt} ms)`)
  return postgres.url
}

async function provideRedis(run: Run): Promise<TestRedisServer> {
  if (process.env['REDIS_URL_TEST']) return { url: process.env['REDIS_URL_TEST'] }
  const redis = await startRedis({ dataDir: folderOf(run), production: false, log: quiet })
  run.stops.push(() => redis.stop())
  tell(`Tests use ${redis.kind === 'bundled' ? 'the bundled in-memory Redis (no redis-server on PATH)' : redis.kind}`)
  return { url: redis.url }
}

export function databaseOn(adminUrl: string, name: string): string {
  const url = new URL(adminUrl)
  url.pathname = `/${name}`
  return url.href
}

export function asRole(databaseUrl: string, role: { username: string; password: string }): string {
  const url = new URL(databaseUrl)
  url.username = role.username
  url.password = role.password
  return url.href
}

export async function withConnection<Result>(url: string, use: (client: pg.Client) => Promise<Result>): Promise<Result> {
  const client = new pg.Client({ connectionString: url })
  await client.connect()
  try {
    return await use(client)
  } finally {
    await client.end()
  }
}

async function dropDatabases(adminUrl: string, prefix: string): Promise<void> {
  await withConnection(adminUrl, async (client) => {
    const { rows } = await client.query<{ datname: string }>('select datname from pg_database where starts_with(datname, $1)', [
      `${prefix}_`,
    ])
    for (const { datname } of rows) await client.query(`drop database "${datname}" with (force)`)
    await client.query(`drop role if exists ${prefix}_app`)
  })
}

async function stopAll(server: Server, run: Run): Promise<void> {
  server.close()
  for (const stop of run.stops.reverse()) await stop()
  if (run.folder) rmSync(run.folder, { recursive: true, force: true })
}

/** A killed run leaves its servers and folder behind. PostgreSQL ends itself within a minute once its folder is gone; Redis must be told. */
async function sweepLeftovers(): Promise<void> {
  for (const name of readdirSync(tmpdir()).filter((entry) => entry.startsWith(FOLDER_PREFIX))) {
    const owner = Number(name.slice(FOLDER_PREFIX.length).split('-')[0])
    if (factsOfProcess(owner)) continue
    const redisFolder = join(tmpdir(), name, 'data', 'redis')
    const redis = await leftRunning(redisFolder)
    if (redis) await endServer(redisFolder, redis)
    rmSync(join(tmpdir(), name), { recursive: true, force: true })
  }
}
