/** The whole product over a large house: five hundred agents with open sockets, five thousand open conversations, and a supervisor. */
import { z } from 'zod'
import { createLogger } from '#api/core/logger.ts'
import { readConfig } from '#api/core/config.ts'
import { inTransaction, SYSTEM } from '#api/core/context.ts'
import { migrateToLatest } from '#api/core/migrate.ts'
import { createStaff } from '#api/modules/identity/index.ts'
import { Account } from '#api/modules/identity/model.ts'
import { openSession } from '#api/modules/identity/open-session.ts'
import { startApp } from '#api/server.ts'
import { serveQuestions } from './child.ts'
import type { House } from './cases/board.ts'
import { fillHouse, HOUSE_AGENTS, PASSWORD } from './data/many-agents.ts'

const env = z.object({ PLATFORM_URL: z.string() }).parse(process.env)
const config = readConfig({ LOG_LEVEL: 'warn', ...process.env })
const ticketAnswer = z.object({ data: z.object({ ticket: z.string() }) })

await migrateToLatest(config.databaseUrl)
const { app, server, stop } = await startApp({ config, roles: ['api', 'bot', 'jobs'], log: createLogger(config.logLevel) })
const base = env.PLATFORM_URL
const channelId = await fillHouse(app, { apiBase: base, mpBase: base, openBase: base })
await inTransaction(app, SYSTEM, (ctx) => createStaff(ctx, { username: 'boss', password: PASSWORD, name: 'boss', role: 'admin' }))

async function call(method: string, url: string, { cookie, payload }: { cookie?: string; payload?: object }) {
  const headers = { origin: config.publicUrl, ...(cookie === undefined ? {} : { cookie }) }
  const answer = await server.inject({ method, url, headers, ...(payload === undefined ? {} : { payload }) })
  if (answer.statusCode >= 400) throw new Error(`${method} ${url}: ${answer.payload}`)
  return answer
}

const ticketOf = async (cookie: string): Promise<string> => {
  const { payload } = await call('POST', '/api/v1/realtime/tickets', { cookie })
  return ticketAnswer.parse(JSON.parse(payload)).data.ticket
}

/** Logging in takes time on purpose: everybody else's session is opened as the login would. */
async function ticketsOfAgents(cookieName: string): Promise<string[]> {
  const agents = await Account.query(app.db).whereLike('username', 'agent%').orderBy('id')
  const tokens = await inTransaction(app, SYSTEM, async (ctx) => {
    const opened: string[] = []
    for (const agent of agents) opened.push(await openSession(ctx, agent, 'password'))
    return opened
  })
  const tickets: string[] = []
  for (const token of tokens) tickets.push(await ticketOf(`${cookieName}=${token}`))
  return tickets
}

async function house(): Promise<House> {
  const login = await call('POST', '/api/v1/auth/login', { payload: { username: 'boss', password: PASSWORD } })
  const cookie = String(login.headers['set-cookie']).split(';')[0] ?? ''
  const handshakes = (await ticketsOfAgents(cookie.split('=')[0] ?? '')).map((ticket) => ({ ticket }))
  if (handshakes.length !== HOUSE_AGENTS) throw new Error('somebody is missing')
  // Two who take nothing by themselves: whatever changes about them is what was asked for.
  const quiet = await Account.query(app.db).whereIn('username', ['agent1', 'agent2']).orderBy('username').select('id')
  const quietIds = quiet.map(({ id }) => id)
  await app.db('presences').whereIn('account_id', quietIds).update({ status: 'busy' })
  return {
    target: {
      port: Number(server.info.port),
      path: `/channels/wechat-official/${channelId}`,
      body: 'sealed',
      agents: { kind: 'socket.io', event: 'message.created', text: ['patch', 'message', 'parts', '0', 'text'], handshakes },
    },
    supervisor: { url: config.publicUrl, cookie, ticket: await ticketOf(cookie) },
    agents: quietIds,
  }
}

serveQuestions(house, stop)
