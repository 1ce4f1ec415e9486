/** What the processes of one installation share, for tests: database, Redis, files, log, and the simulated platform. */
import { mkdtempSync, rmSync } from 'node:fs'
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { createOfficialAccountSimulator, mountSimulator, type OfficialAccountSimulator } from '#adapters/wechat-official/simulator/index.ts'
import { channelsOf } from '#bot/channels.ts'
import { type Config, readConfig } from '../core/config.ts'
import type { Role } from '../core/http/server.ts'
import { createLogger } from '../core/logger.ts'
import { type Process, startApp } from '../server.ts'
import { cloneDatabase, redisPrefix, testRedisUrl } from './database.ts'

/** Where people believe the product to be: links, callbacks and origins carry it. Nobody listens there. */
export const PUBLIC_URL = 'http://lianke.test'

export interface Installation {
  simulator: OfficialAccountSimulator
  /** Address of the simulated platform, for an account's `apiBase`. */
  platformUrl: string
  redisPrefix: string
  /** Every line that any of its processes logged. */
  log: readonly string[]
  start(roles: readonly Role[], environment?: Record<string, string>): Promise<Process>
  /** Milliseconds; the present of the installation, travelled or not. */
  now(): number
  /** Moves the database's clock and the platform's, forwards. */
  travel(ms: number): Promise<void>
  /** Brings the platform's clock, which stands still, to the present; at least a second passes. */
  tick(): Promise<void>
  stop(): Promise<void>
}

export async function createInstallation(): Promise<Installation> {
  const [database, redisUrl] = await Promise.all([cloneDatabase(), testRedisUrl()])
  const dataDir = mkdtempSync(path.join(tmpdir(), 'lianke-flows-'))
  const prefix = redisPrefix()
  const lines: string[] = []
  const running: Process[] = []
  const simulator = createOfficialAccountSimulator({ manualClock: true })
  const platform = await listen(mountSimulator([simulator]))
  let offsetMs = 0
  const configFor = (more: Record<string, string>): Config =>
    readConfig({
      NODE_ENV: 'test',
      PORT: '0',
      PUBLIC_URL,
      TRUSTED_PROXIES: '127.0.0.1',
      DATABASE_URL: database.url,
      DATABASE_OWNER_URL: database.ownerUrl,
      REDIS_URL: redisUrl,
      REDIS_PREFIX: prefix,
      DATA_DIR: dataDir,
      ...more,
    })
  const tick = async () => {
    await simulator.clock.advance(Math.max(1000, Date.now() + offsetMs - simulator.clock.now()))
  }
  return {
    simulator,
    platformUrl: `${platform.url}/simulator/wechat`,
    redisPrefix: prefix,
    log: lines,
    now: () => Date.now() + offsetMs,
    async start(roles, environment = {}) {
      const log = createLogger('debug', { write: (line) => void lines.push(line) })
      const process = await startApp({ config: configFor(environment), roles, log })
      running.push(process)
      return { ...process, stop: () => stopOnce(running, process) }
    },
    async travel(ms) {
      const [first] = running
      if (!first) throw new Error('nothing runs')
      await first.app.db.raw(
        `insert into clock_offsets (offset_by) values (? * interval '1 millisecond')
         on conflict (only_row) do update set offset_by = clock_offsets.offset_by + excluded.offset_by`,
        [ms],
      )
      offsetMs += ms
      await tick()
      // Measured every half minute otherwise.
      for (const { app } of running) await clockOf(app)?.sync(0)
    },
    tick,
    async stop() {
      simulator.stop()
      await Promise.all([...running].map((process) => stopOnce(running, process)))
      platform.server.closeAllConnections()
      platform.server.close()
      await database.drop()
      rmSync(dataDir, { recursive: true, force: true })
    },
  }
}

function clockOf(app: Process['app']) {
  try {
    return channelsOf(app).clock
  } catch {
    return null // a process without the bot role has none
  }
}

async function stopOnce(running: Process[], process: Process): Promise<void> {
  const index = running.indexOf(process)
  if (index < 0) return
  running.splice(index, 1)
  await process.stop()
}

async function listen(listener: Parameters<typeof createServer>[1]): Promise<{ server: Server; url: string }> {
  const server = createServer(listener)
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  return { server, url: `http://127.0.0.1:${(server.address() as AddressInfo).port}` }
}
