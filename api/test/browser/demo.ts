/** The demo as a new user has it, on a database and port of its own, with the pages built. */
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { z } from 'zod'
import { officialAccount } from '../../../migrations/seeds/demo.ts'
import { readConfig } from '../../core/config.ts'
import { seedDemo, startApp } from '../../embedded/app.ts'
import { freePort } from '../../embedded/free-port.ts'
import { buildPages } from '../../embedded/pages.ts'
import { cloneDatabase, redisPrefix, testRedisUrl } from '../database.ts'

const stateSchema = z.object({
  data: z.array(
    z.object({ accounts: z.array(z.object({ appId: z.string(), tickets: z.array(z.object({ ticket: z.string() })) })).optional() }),
  ),
})

async function newestTicket(url: string, appId: string): Promise<string> {
  const { data } = stateSchema.parse(await (await fetch(`${url}/simulator/api/state`)).json())
  const account = data.flatMap(({ accounts = [] }) => accounts).find((each) => each.appId === appId)
  const ticket = account?.tickets.at(-1)?.ticket
  if (ticket === undefined) throw new Error('the account has made no code')
  return ticket
}

export interface Demo {
  url: string
  /** As the role that migrates: for amounts that nobody would make by hand. */
  databaseUrl: string
  /** Does on the simulated platform what a button of its page does. */
  command(command: Record<string, unknown>): Promise<void>
  /** Does what a follower does on his phone. */
  act(appId: string, openId: string, action: Record<string, unknown>): Promise<void>
  /** Scans the newest code that the demo's official account has made, as this follower. */
  scanNewestCode(openId: string): Promise<void>
  stop(): Promise<void>
}

export async function startDemo(): Promise<Demo> {
  await buildPages({ log: () => {} })
  const database = await cloneDatabase()
  const dataDir = mkdtempSync(path.join(tmpdir(), 'lianke-browser-'))
  const settings = {
    NODE_ENV: 'test',
    DATA_DIR: dataDir,
    DATABASE_URL: database.url,
    REDIS_URL: await testRedisUrl(),
    REDIS_PREFIX: redisPrefix(),
    LOG_LEVEL: 'silent',
  }
  await seedDemo(readConfig({ ...settings, PORT: '0' }))
  // Asked for last: what is free now may be somebody else's seconds later.
  const config = readConfig({ ...settings, PORT: String(await freePort()) })
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
    databaseUrl: database.ownerUrl,
    command: (command) => ask('commands', command),
    act: (appId, openId, action) => ask('actions', { appId, openId, action }),
    async scanNewestCode(openId) {
      const { appId } = officialAccount.settings
      const ticket = await newestTicket(running.url, appId)
      await ask('actions', { appId, openId, action: { type: 'scan', ticket } })
    },
    async stop() {
      await running.stop()
      await database.drop()
      rmSync(dataDir, { recursive: true, force: true })
    },
  }
}
