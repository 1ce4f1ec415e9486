/** PostgreSQL and Redis of one run, durable as for real use, and a platform that answers the little the product asks it. */
import { chmodSync, mkdirSync, mkdtempSync, rmSync } from 'node:fs'
import { createServer } from 'node:http'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { startPostgres } from '../../embedded/postgres.ts'
import { startRedis } from '../../embedded/redis.ts'
import { databaseOn, withConnection } from '../services.ts'

export interface Services {
  redisUrl: string
  platformUrl: string
  folder: string
  createDatabase(name: string): Promise<string>
  stop(): Promise<void>
}

export async function startServices(): Promise<Services> {
  const root = mkdtempSync(join(tmpdir(), 'lianke-bench-'))
  // PostgreSQL may have to run as another user.
  chmodSync(root, 0o711)
  const folder = join(root, 'data')
  mkdirSync(folder)
  const log = () => undefined
  const postgres = await startPostgres({ dataDir: folder, log })
  const redis = await startRedis({ dataDir: folder, production: false, log })
  const platform = await startPlatform()
  return {
    redisUrl: redis.url,
    platformUrl: platform.url,
    folder,
    async createDatabase(name) {
      await withConnection(postgres.url, (client) => client.query(`create database bench_${name} encoding 'UTF8' template template0`))
      return databaseOn(postgres.url, `bench_${name}`)
    },
    async stop() {
      platform.stop()
      await redis.stop()
      await postgres.stop()
      rmSync(root, { recursive: true, force: true })
    },
  }
}

/** One answer serves all: a token, and somebody who follows the account. */
async function startPlatform(): Promise<{ url: string; stop(): void }> {
  const answer = JSON.stringify({ errcode: 0, access_token: 'bench', expires_in: 7200, subscribe: 1 })
  const server = createServer((_request, response) => response.setHeader('content-type', 'application/json').end(answer))
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const address = server.address()
  const port = typeof address === 'object' && address ? address.port : 0
  return {
    url: `http://127.0.0.1:${port}`,
    stop() {
      server.close()
      server.closeAllConnections()
    },
  }
}
