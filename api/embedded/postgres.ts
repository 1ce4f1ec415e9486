/** A real PostgreSQL beside the application, from the binaries of npm, for a start that needs no installation. */
import { type ChildProcess, execFile, spawn } from 'node:child_process'
import { createHmac, randomBytes } from 'node:crypto'
import { chownSync, closeSync, existsSync, mkdirSync, openSync, readFileSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { promisify } from 'node:util'
import pg from 'pg'
import { freePort } from './free-port.ts'
import { postgresBinaries, postgresHome } from './postgres-home.ts'
import { postgresSettings } from './postgres-settings.ts'
import type { Kept } from './keeper.ts'
import { factsOfProcess } from './process-facts.ts'
import type { Say } from './say.ts'
import { runAs, type ServiceUser, serviceUser } from './service-user.ts'

export interface Postgres extends Kept {
  /** Connection string with the password of the owner role: it migrates. */
  url: string
  /** The role the product works as; migrating makes it. Its password follows from the owner's. */
  applicationUrl: string
  /** True when a server left behind by a killed start was still running and is used on. */
  reused: boolean
  /** Folder that holds the data. */
  home: string
  /** Ends the server whether started or reused, and waits until it is gone. */
  stop(): Promise<void>
}

interface Site {
  home: string
  cluster: string
  binaries: string
  user: ServiceUser | undefined
  password: string
  testing: boolean
  say: Say
}

const ROLE = 'lianke'
const APPLICATION_ROLE = 'lianke_app'
const DATABASE = 'lianke'
const LOG_LIMIT_BYTES = 10 * 1024 * 1024
const run = promisify(execFile)

/**
 * Starts the server, or takes over the one that a killed start left running; makes cluster and database when they are missing.
 * Listens on 127.0.0.1 and on a socket inside its home; every connection needs the random password kept in `<home>/password` (0600).
 * @param options.testing gives up durability for speed: never for data that matters
 */
export async function startPostgres(options: { dataDir: string; log: Say; testing?: boolean }): Promise<Postgres> {
  const site = prepareSite(options.dataDir, options.testing ?? false, options.log)
  if (!existsSync(join(site.cluster, 'PG_VERSION'))) await initialise(site)
  const running = await findRunning(site)
  const { port, ...first } = running ?? (await launch(site, await freePort()))
  let { pid } = first
  await createDatabase(connectionString(site, port, 'postgres'))
  return {
    url: connectionString(site, port, DATABASE),
    applicationUrl: applicationUrl(site, port),
    reused: running !== undefined,
    home: site.home,
    name: 'PostgreSQL',
    alive: () => isPostgres(pid),
    async restart() {
      pid = ((await findRunning(site)) ?? (await launch(site, port))).pid
    },
    stop: () => stopServer(site, pid),
  }
}

function prepareSite(dataDir: string, testing: boolean, say: Say): Site {
  const user = serviceUser()
  mkdirSync(dataDir, { recursive: true, mode: user ? 0o711 : 0o700 })
  const home = postgresHome(dataDir, user, say)
  const site = { home, cluster: join(home, 'cluster'), user, testing, say }
  return { ...site, binaries: postgresBinaries(home, user), password: passwordIn(home, user) }
}

function passwordIn(home: string, user: ServiceUser | undefined): string {
  const file = join(home, 'password')
  if (existsSync(file)) return readFileSync(file, 'utf8').trim()
  const password = randomBytes(24).toString('base64url')
  writeFileSync(file, password, { mode: 0o600 })
  if (user) chownSync(file, user.uid, user.gid)
  return password
}

const connectionString = (site: Site, port: number, database: string) => `postgres://${ROLE}:${site.password}@127.0.0.1:${port}/${database}`

function applicationUrl(site: Site, port: number): string {
  const password = createHmac('sha256', site.password).update(APPLICATION_ROLE).digest('base64url')
  return `postgres://${APPLICATION_ROLE}:${password}@127.0.0.1:${port}/${DATABASE}`
}

const executable = (site: Site, name: string) => join(site.binaries, 'bin', process.platform === 'win32' ? `${name}.exe` : name)

/** Made beside its final place and moved there, so that an interrupted start never leaves half a cluster. */
async function initialise(site: Site): Promise<void> {
  site.say(`PostgreSQL: creating the database in ${site.cluster}`)
  const draft = join(site.home, 'cluster.new')
  rmSync(draft, { recursive: true, force: true })
  // macOS and Windows know no C.UTF-8; PostgreSQL's own provider gives the same order there.
  const locale =
    process.platform === 'linux' ? ['--locale=C.UTF-8'] : ['--locale=C', '--locale-provider=builtin', '--builtin-locale=C.UTF-8']
  const access = ['--auth=scram-sha-256', `--username=${ROLE}`, `--pwfile=${join(site.home, 'password')}`]
  const sync = site.testing ? ['--no-sync'] : []
  await run(executable(site, 'initdb'), ['-D', draft, '--encoding=UTF8', ...locale, ...access, ...sync], runAs(site.user))
  renameSync(draft, site.cluster)
}

interface ServerFacts {
  pid: number
  port: number
  status: string
}

/** `postmaster.pid`: line 1 the pid, 4 the port, 8 the status, padded with blanks. */
function serverFacts(site: Site): ServerFacts | undefined {
  const file = join(site.cluster, 'postmaster.pid')
  if (!existsSync(file)) return undefined
  const lines = readFileSync(file, 'utf8').split('\n')
  return { pid: Number(lines[0]), port: Number(lines[3]), status: lines[7]?.trim() ?? '' }
}

function isPostgres(pid: number): boolean {
  const facts = factsOfProcess(pid)
  return facts !== undefined && (facts.name === '' || facts.name.startsWith('postgres'))
}

/** A living server of this cluster, once it is ready. A pid file whose process is gone, or is something else by now, is removed. */
async function findRunning(site: Site): Promise<ServerFacts | undefined> {
  for (let facts = serverFacts(site); facts; facts = serverFacts(site)) {
    if (!isPostgres(facts.pid)) {
      rmSync(join(site.cluster, 'postmaster.pid'), { force: true })
      return undefined
    }
    if (facts.status === 'ready') return facts
    await delay(20) // starting or stopping: it ends in one of the two cases above
  }
  return undefined
}

async function launch(site: Site, port: number): Promise<ServerFacts> {
  const logFile = join(site.home, 'server.log')
  if (existsSync(logFile) && statSync(logFile).size > LOG_LIMIT_BYTES) renameSync(logFile, `${logFile}.old`)
  const args = ['-D', site.cluster, ...postgresSettings({ port, socketFolder: socketFolder(site), testing: site.testing })]
  const child = process.platform === 'win32' ? throughPgCtl(site, args, logFile) : detached(site, args, logFile)
  let ended: Error | undefined
  child.once('error', (error) => (ended = error))
  child.once('exit', (code) => {
    if (code !== 0) ended = new Error(`PostgreSQL ended with code ${code}:\n${lastLines(logFile)}`)
  })
  for (;;) {
    if (ended) throw ended
    const facts = serverFacts(site)
    if (facts?.status === 'ready' && isPostgres(facts.pid)) return facts
    await delay(10)
  }
}

/**
 * In a process group of its own, so that Ctrl-C reaches only us and the application can finish before its database goes;
 * writing to a file, so that it outlives a killed parent without a broken pipe.
 */
function detached(site: Site, args: string[], logFile: string): ChildProcess {
  const log = openSync(logFile, 'a', 0o600)
  const child = spawn(executable(site, 'postgres'), args, { ...runAs(site.user), detached: true, stdio: ['ignore', log, log] })
  closeSync(log)
  child.unref()
  return child
}

/** On Windows pg_ctl drops administrator rights, with which PostgreSQL refuses to run. */
function throughPgCtl(site: Site, [, cluster = '', ...settings]: string[], logFile: string): ChildProcess {
  const options = settings.map((setting) => `"${setting}"`).join(' ')
  return spawn(executable(site, 'pg_ctl'), ['start', '-W', '-D', cluster, '-l', logFile, '-o', options], { stdio: 'ignore' })
}

/** Unix limits the path of a socket to about 107 bytes; in a deeper folder the server listens on 127.0.0.1 alone. */
function socketFolder(site: Site): string | undefined {
  const folder = join(site.home, 'socket')
  if (process.platform === 'win32' || folder.length > 85) return undefined
  mkdirSync(folder, { recursive: true, mode: 0o700 })
  if (site.user) chownSync(folder, site.user.uid, site.user.gid)
  return folder
}

const lastLines = (file: string) => (existsSync(file) ? readFileSync(file, 'utf8').split('\n').slice(-12).join('\n') : '')

async function createDatabase(adminUrl: string): Promise<void> {
  const client = new pg.Client({ connectionString: adminUrl, connectionTimeoutMillis: 10_000 })
  await client.connect()
  try {
    const { rowCount } = await client.query('select 1 from pg_database where datname = $1', [DATABASE])
    if (rowCount === 0) await client.query(`create database ${DATABASE}`)
  } finally {
    await client.end()
  }
}

/** SIGINT is PostgreSQL's fast shutdown: open sessions are ended, everything committed is on disk. */
async function stopServer(site: Site, pid: number): Promise<void> {
  if (!isPostgres(pid)) return
  if (process.platform === 'win32') await run(executable(site, 'pg_ctl'), ['stop', '-m', 'fast', '-D', site.cluster])
  else process.kill(pid, 'SIGINT')
  while (isPostgres(pid)) await delay(10)
}
