/** The product's API over a million customers: an administrator, who sees all of them, and an agent, who sees his own. */
import { Client } from 'pg'
import { z } from 'zod'
import { createLogger } from '#api/core/logger.ts'
import { readConfig } from '#api/core/config.ts'
import { inTransaction, SYSTEM } from '#api/core/context.ts'
import { migrateToLatest } from '#api/core/migrate.ts'
import { createAccount } from '#api/modules/channels/index.ts'
import { createStaff } from '#api/modules/identity/index.ts'
import { startApp } from '#api/server.ts'
import { serveQuestions } from './child.ts'
import { fill } from './data/many-customers.ts'
import { officialAccount } from './settings.ts'

const PASSWORD = 'a password of the benchmark'
const READERS = 10
const HIRED = 50
const CUSTOMERS = 1_000_000
const config = readConfig({ LOG_LEVEL: 'warn', PORT: '0', ...process.env })

await migrateToLatest(config.databaseUrl)
const running = await startApp({ config, roles: ['api'], log: createLogger(config.logLevel) })
if (process.env['BENCH_FILLED'] === undefined) await makeHouse()
const cookies = { admin: await logInAll('boss'), agent: await logInAll('agent') }

/** Several of each, since one alone would ask more often than one person may. */
async function logInAll(name: string): Promise<string[]> {
  const found: string[] = []
  for (let number = 0; number < READERS; number++) found.push(await logIn(`${name}${number}`))
  return found
}

async function makeHouse(): Promise<void> {
  const agents = await inTransaction(running.app, SYSTEM, async (ctx) => {
    for (let number = 0; number < READERS; number++)
      await createStaff(ctx, { username: `boss${number}`, password: PASSWORD, name: `boss${number}`, role: 'admin' })
    const hired: string[] = []
    for (let number = 0; number < HIRED; number++) {
      const { id } = await createStaff(ctx, { username: `agent${number}`, password: PASSWORD, name: `agent${number}`, role: 'agent' })
      hired.push(id)
    }
    return hired
  })
  const channels = await inTransaction(running.app, SYSTEM, async (ctx) => ({
    official: (await createAccount(ctx, { kind: 'wechat-official', name: 'bench', config: { ...officialAccount, mode: 'safe' } })).id,
    web: (await createAccount(ctx, { kind: 'web', name: 'bench web', config: { title: 'bench' } })).id,
  }))
  const client = new Client({ connectionString: config.databaseUrl })
  await client.connect()
  try {
    await fill(client, { customers: CUSTOMERS, agentIds: agents, channels })
  } finally {
    await client.end()
  }
}

async function logIn(username: string): Promise<string> {
  const answer = await running.server.inject({
    method: 'POST',
    url: '/api/v1/auth/login',
    // An address of his own: logging in is limited by it.
    headers: { origin: config.publicUrl },
    remoteAddress: `10.8.0.${username.length + Number(/\d+$/.exec(username)?.[0] ?? 0)}`,
    payload: { username, password: PASSWORD },
  })
  if (answer.statusCode !== 200) throw new Error(`login: ${answer.payload}`)
  return String(answer.headers['set-cookie']).split(';')[0] ?? ''
}

const questionSchema = z.literal('doors')

serveQuestions(
  (question) => {
    questionSchema.parse(question)
    return { url: running.url, origin: config.publicUrl, cookies }
  },
  () => running.stop(),
)
