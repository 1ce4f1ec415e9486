/**
 * Composes a process from its roles: the core, the modules found on disk, the channel runtime and the jobs.
 * Tests, the embedded start and the three production entries all come through here.
 */
import type { Server } from '@hapi/hapi'
import { botListeners, botRoutes, startBot } from '#bot/bot.ts'
import { createCatalogue } from '#bot/catalogue.ts'
import { discoverAdapters } from '#bot/discover.ts'
import { startJobs } from '#jobs/jobs.ts'
import { type App, createApp } from './core/app.ts'
import { mayRewriteAudit } from './core/application-role.ts'
import { type Config, ConfigurationError, readConfig } from './core/config.ts'
import { registerDocs } from './core/http/docs/register-docs.ts'
import { registerPages } from './core/http/pages.ts'
import { createHttpServer, type Role } from './core/http/server.ts'
import type { Logger } from './core/logger.ts'
import { serveSockets } from './core/realtime/sockets.ts'

export interface Process {
  app: App
  server: Server
  url: string
  /** Takes no new work, finishes what it holds, closes sockets and connections. */
  stop(): Promise<void>
  /** Resolves when nothing runs in the background of this process: for tests. */
  idle(): Promise<void>
}

export interface StartOptions {
  config: Config
  roles: readonly Role[]
  log?: Logger
  /** Lets a root mount more (the simulator) before any work begins. */
  extend?: (server: Server, app: App) => void | Promise<void>
}

export async function startApp(options: StartOptions): Promise<Process> {
  const { config } = options
  const roles = new Set(options.roles)
  const adapters = await discoverAdapters()
  const app = await createApp({
    config,
    catalogue: createCatalogue(adapters),
    listeners: botListeners,
    ...(options.log ? { log: options.log } : {}),
  })
  if (config.production) await warnOfOneRole(app)
  const routes = [...app.modules.flatMap((definition) => definition.routes ?? []), ...botRoutes]
  const server = await createHttpServer({ app, port: config.port, host: config.host, roles, routes })
  await options.extend?.(server, app)
  const stops: (() => void | Promise<void>)[] = []
  const bot = roles.has('bot') ? startBot(app, { adapters, server }) : null
  if (bot) stops.push(() => bot.stop())
  if (roles.has('jobs')) stops.push(startJobs(app).stop)
  if (roles.has('api')) {
    registerDocs(server, app, routes)
    registerPages(server, app)
    stops.push(serveSockets(app).stop)
    app.realtime.attach(server.listener)
  }
  await server.start()
  app.log.info({ roles: [...roles], port: server.info.port }, 'process.started')
  return {
    app,
    server,
    url: `http://${config.host}:${server.info.port}`,
    stop: () => stop(app, server, stops),
    idle: () => (bot ? bot.idle() : app.wakeups.idle()),
  }
}

async function warnOfOneRole(app: App): Promise<void> {
  if (!(await mayRewriteAudit(app.db))) return
  app.log.warn(
    { hint: 'set DATABASE_OWNER_URL for migrations and a role of its own in DATABASE_URL, as .env.example says' },
    'audit.rewritable: the database role of this process could change the audit trail',
  )
}

async function stop(app: App, server: Server, stops: readonly (() => void | Promise<void>)[]): Promise<void> {
  // Clients are told to come back elsewhere before their requests would fail.
  app.realtime.io.disconnectSockets(true)
  await server.stop({ timeout: 8000 })
  for (const end of stops) await end()
  await app.close()
  app.log.info('process.stopped')
}

/** A production entry: configuration from the environment, a clean end on SIGTERM. */
export async function runProcess(roles: readonly Role[]): Promise<void> {
  try {
    const running = await startApp({ config: readConfig(process.env), roles })
    const end = () =>
      void running.stop().then(
        () => process.exit(0),
        () => process.exit(1),
      )
    process.once('SIGTERM', end)
    process.once('SIGINT', end)
  } catch (error) {
    process.stderr.write(`${error instanceof ConfigurationError ? error.message : String(error)}\n`)
    process.exit(1)
  }
}
