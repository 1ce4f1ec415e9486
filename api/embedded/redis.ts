/** Redis for a start that needs no installation: the machine's own server, else a bundled one that lives in memory. */
import { type ChildProcess, fork } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { z } from 'zod'
import { ConfigurationError } from '#api/core/config.ts'
import { transpiled } from '#api/core/places.ts'
import type { Kept } from './keeper.ts'
import { endServer, installedServer, launchServer, leftRunning, lives, redisUrl, type RunningRedis } from './redis-server.ts'
import type { Say } from './say.ts'

export interface EmbeddedRedis extends Kept {
  url: string
  kind: 'redis-server' | 'valkey-server' | 'bundled'
  /** True when a server left behind by a killed start was still running and is used on. */
  reused: boolean
  stop(): Promise<void>
}

/** @throws when `production` is set and no Redis is installed: the bundled one forgets everything when it ends */
export async function startRedis(options: { dataDir: string; production: boolean; log: Say }): Promise<EmbeddedRedis> {
  const folder = join(options.dataDir, 'redis')
  const running = await leftRunning(folder)
  const installed = installedServer()
  if (running || installed) {
    const server = running ?? (installed && (await launchServer(folder, installed)))
    if (server) return installedRedis(folder, server, server === running)
  }
  if (options.production) {
    throw new ConfigurationError(
      'no Redis: set REDIS_URL, or install one (apt install redis-server). The bundled one keeps nothing and is refused in production',
    )
  }
  options.log('内置 Redis 只在内存中，重启即清空，不可用于生产 · bundled Redis: memory only, not for production: apt install redis-server')
  return startBundled()
}

function installedRedis(folder: string, first: RunningRedis, reused: boolean): EmbeddedRedis {
  let server = first
  return {
    url: redisUrl(first),
    kind: first.kind,
    reused,
    name: first.kind,
    alive: () => lives(server),
    async restart() {
      const installed = installedServer()
      if (!installed) throw new Error('it is no longer installed')
      server = await launchServer(folder, installed, first)
    },
    stop: () => endServer(folder, server),
  }
}

async function startBundled(): Promise<EmbeddedRedis> {
  let { child, port } = await forkBundled(0)
  return {
    url: `redis://127.0.0.1:${port}/0`,
    kind: 'bundled',
    reused: false,
    name: 'Redis',
    alive: () => !hasEnded(child),
    async restart() {
      ;({ child, port } = await forkBundled(port))
    },
    stop: () => endChild(child),
  }
}

/** @param wanted 0: any */
async function forkBundled(wanted: number): Promise<{ child: ChildProcess; port: number }> {
  const file = fileURLToPath(new URL(transpiled ? './bundled-redis.js' : './bundled-redis.ts', import.meta.url))
  const execArgv = transpiled ? [] : ['--import', import.meta.resolve('tsx')]
  const child = fork(file, [String(wanted)], { execArgv, detached: true, stdio: ['ignore', 'ignore', 'inherit', 'ipc'] })
  const port = await new Promise<number>((resolve, reject) => {
    child.once('message', (message) => resolve(z.object({ port: z.int() }).parse(message).port))
    child.once('error', reject)
    child.once('exit', (code) => reject(new Error(`the bundled Redis ended with code ${code} before it was ready`)))
  })
  return { child, port }
}

const hasEnded = (child: ChildProcess) => child.exitCode !== null || child.signalCode !== null

async function endChild(child: ChildProcess): Promise<void> {
  if (hasEnded(child)) return
  const gone = once(child, 'exit')
  child.kill('SIGTERM')
  await gone
}
