/** The demo as a new user has it, on a database and port of its own, with the pages built. */
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { readConfig } from '../../core/config.ts'
import { seedDemo, startApp } from '../../embedded/app.ts'
import { freePort } from '../../embedded/free-port.ts'
import { buildPages } from '../../embedded/pages.ts'
import { cloneDatabase, redisPrefix, testRedisUrl } from '../database.ts'

export interface Demo {
  url: string
  /** Does on the simulated platform what a button of its page does. */
  command(command: Record<string, unknown>): Promise<void>
  stop(): Promise<void>
}

export async function startDemo(): Promise<Demo> {
  await buildPages({ log: () => {} })
  const database = await cloneDatabase()
  const dataDir = mkdtempSync(path.join(tmpdir(), 'lianke-browser-'))
  const config = readConfig({
    NODE_ENV: 'test',
    PORT: String(await freePort()),
    DATA_DIR: dataDir,
    DATABASE_URL: database.url,
    REDIS_URL: await testRedisUrl(),
    REDIS_PREFIX: redisPrefix(),
    LOG_LEVEL: 'silent',
  })
  await seedDemo(config)
  const running = await startApp({ config, roles: ['api', 'bot', 'jobs'], simulator: true })
  const ask = async (route: string, body: unknown): Promise<void> => {
    const answer = await fetch(`${running.url}/simulator/api/wechat-official/${route}`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(body),
    })
    if (!answer.ok) throw new Error(`simulator: ${answer.status} ${await answer.text()}`)
  }
  return {
    url: running.url,
    command: (command) => ask('commands', command),
    async stop() {
      await running.stop()
      await database.drop()
      rmSync(dataDir, { recursive: true, force: true })
    },
  }
}
