/** Redis for a start that needs no installation: the machine's own server, else a bundled one that lives in memory. */
import { type ChildProcess, fork } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { z } from 'zod'
import { ConfigurationError } from '#api/core/config.ts'
import { transpiled } from '#api/core/places.ts'
import { endServer, installedServer, launchServer, leftRunning, redisUrl } from './redis-server.ts'
import type { Say } from './say.ts'

export interface EmbeddedRedis {
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
    if (server) return { url: redisUrl(server), kind: server.kind, reused: server === running, stop: () => endServer(folder, server) }
  }
  if (options.production) {
    throw new ConfigurationError(
      'no Redis: set REDIS_URL, or install one (apt install redis-server). The bundled one keeps nothing and is refused in production',
    )
  }
  options.log('内置 Redis 只在内存中，重启即清空，不可用于生产 · bundled Redis: memory only, not for production: apt install redis-server')
  return startBundled()
}

async function startBundled(): Promise<EmbeddedRedis> {
  const file = fileURLToPath(new URL(transpiled ? './bundled-redis.js' : './bundled-redis.ts', import.meta.url))
  const execArgv = transpiled ? [] : ['--import', import.meta.resolve('tsx')]
  const child = fork(file, { execArgv, detached: true, stdio: ['ignore', 'ignore', 'inherit', 'ipc'] })
  const port = await new Promise<number>((resolve, reject) => {
    child.once('message', (message) => resolve(z.object({ port: z.int() }).parse(message).port))
    child.once('error', reject)
    child.once('exit', (code) => reject(new Error(`the bundled Redis ended with code ${code} before it was ready`)))
  })
  return { url: `redis://127.0.0.1:${port}/0`, kind: 'bundled', reused: false, stop: () => endChild(child) }
}

async function endChild(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return
  const gone = once(child, 'exit')
  child.kill('SIGTERM')
  await gone
}
