/**
 * Composition root of `npm start`: database, Redis and pages where they are missing, then api, bot and jobs in this one process.
 * Ctrl-C or SIGTERM ends everything that was started; a second one does not wait.
 */
import { migrateToLatest } from '#api/core/migrate.ts'
import { ConfigurationError } from '#api/core/config.ts'
import { banner } from './banner.ts'
import { Cleanup } from './cleanup.ts'
import { errorCode } from './error-code.ts'
import { claimable } from './free-port.ts'
import { AlreadyRunning, lockDataFolder } from './instance-lock.ts'
import { keep, type Kept } from './keeper.ts'
import { buildPages } from './pages.ts'
import { startPostgres } from './postgres.ts'
import { startRedis } from './redis.ts'
import type { Say } from './say.ts'
import { help, readSettings, type Settings } from './settings.ts'

const say: Say = (line) => void process.stdout.write(`${line}\n`)

interface Startup {
  settings: Settings
  cleanup: Cleanup
  signal: AbortSignal
  /** Ends the product with this reason. */
  giveUp(error: Error): void
}

async function bringUp(startup: Startup): Promise<void> {
  const { settings, cleanup, signal } = startup
  const { config } = settings
  const lock = lockDataFolder(config.dataDir, `http://${config.host}:${config.port}`)
  cleanup.add(() => lock.release())
  await claimPort(config.port, config.host)
  const [database, redis, program] = await inParallel([
    provideDatabase(startup),
    provideRedis(startup),
    import('./app.ts'),
    buildPages({ log: say, signal, only: settings.pages }),
  ])
  signal.throwIfAborted()
  await migrateToLatest(database.ownerUrl, database.url)
  signal.throwIfAborted()
  const complete = { ...config, databaseUrl: database.url, redisUrl: redis.url }
  if (settings.demo) await program.seedDemo(complete)
  else await program.createFirstAdministrator(complete)
  const app = await program.startApp({ config: complete, roles: ['api', 'bot', 'jobs'], simulator: !config.production })
  cleanup.add(() => app.stop())
  signal.throwIfAborted()
  cleanup.add(
    keep(
      [database.kept, redis.kept].filter((kept) => kept !== undefined),
      say,
      startup.giveUp,
    ),
  )
  lock.announce(app.url)
  say(banner({ ...summary(settings), url: app.url, database: database.kind, redis: redis.kind, seconds: process.uptime() }))
}

async function claimPort(port: number, host: string): Promise<void> {
  try {
    await claimable(port, host)
  } catch (error) {
    if (errorCode(error) !== 'EADDRINUSE') throw error
    throw new ConfigurationError(`端口 ${port} 已被占用 · port ${port} is in use: PORT=${port + 1} npm start`)
  }
}

const summary = ({ config, demo }: Settings) => ({
  demo,
  firstAdministrator: demo ? undefined : config.firstAdministrator?.username,
  simulator: !config.production,
  dataDir: config.dataDir,
})

/** Waits for all before the first failure is thrown, so that whatever did start is known to the clean-up. */
async function inParallel<const Tasks extends readonly Promise<unknown>[]>(
  tasks: Tasks,
): Promise<{ -readonly [Key in keyof Tasks]: Awaited<Tasks[Key]> }> {
  await Promise.allSettled(tasks)
  return Promise.all(tasks)
}

interface Provided {
  url: string
  kind: string
  /** Ours to keep alive. */
  kept?: Kept
}

async function provideDatabase({ settings, cleanup }: Startup): Promise<Provided & { ownerUrl: string }> {
  const { databaseUrl: url, databaseOwnerUrl } = settings
  if (url) return { url, ownerUrl: databaseOwnerUrl ?? url, kind: `PostgreSQL (DATABASE_URL, ${new URL(url).host})` }
  const postgres = await startPostgres({ dataDir: settings.config.dataDir, log: say })
  cleanup.add(() => postgres.stop())
  return { url: postgres.applicationUrl, ownerUrl: postgres.url, kind: `内置 PostgreSQL embedded · ${postgres.home}`, kept: postgres }
}

async function provideRedis({ settings, cleanup }: Startup): Promise<Provided> {
  if (settings.redisUrl) return { url: settings.redisUrl, kind: `REDIS_URL, ${new URL(settings.redisUrl).host}` }
  const redis = await startRedis({ dataDir: settings.config.dataDir, production: settings.config.production, log: say })
  cleanup.add(() => redis.stop())
  return { url: redis.url, kind: redis.kind === 'bundled' ? '内置，仅内存 · bundled, memory only' : redis.kind, kept: redis }
}

function explain(error: unknown): string {
  if (error instanceof AlreadyRunning) {
    const { pid, address } = error.holder
    return `连客已在运行 · Lianke is already running here: ${address} (pid ${pid})`
  }
  if (error instanceof ConfigurationError) return error.message
  if (!(error instanceof Error)) return String(error)
  return error.stack ?? error.message
}

/** Ends what was started, newest first, once the start itself has come to an end. */
function createEnding(cleanup: Cleanup, abort: AbortController) {
  return async (startup: Promise<void>, line: string, code: number) => {
    if (abort.signal.aborted) {
      cleanup.begin()
      process.exit(130)
    }
    say(line)
    abort.abort()
    await startup.catch(() => {}) // told below
    await cleanup.run((error) => say(explain(error)))
    process.exit(code)
  }
}

async function main(): Promise<void> {
  const settings = readSettings(process.argv.slice(2))
  if (settings === 'help') return say(help)
  const cleanup = new Cleanup()
  const abort = new AbortController()
  const end = createEnding(cleanup, abort)
  const startup: Promise<void> = bringUp({
    settings,
    cleanup,
    signal: abort.signal,
    giveUp: (error) => void end(startup, explain(error), 1),
  })
  for (const name of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(name, () => void end(startup, '正在停止 · stopping …', 0))
  try {
    await startup
  } catch (error) {
    if (abort.signal.aborted) return // being ended by the signal that interrupted the start
    say(explain(error))
    await cleanup.run((failure) => say(explain(failure)))
    process.exit(1)
  }
}

try {
  await main()
} catch (error) {
  say(explain(error))
  process.exit(1)
}
