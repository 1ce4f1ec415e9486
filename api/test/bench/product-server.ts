/** The product in one process with all its roles, an official account in safe mode, and ten members of staff online. */
import { z } from 'zod'
import { createLogger } from '#api/core/logger.ts'
import { readConfig } from '#api/core/config.ts'
import { inTransaction, SYSTEM } from '#api/core/context.ts'
import { rooms } from '#api/core/realtime/realtime.ts'
import { migrateToLatest } from '#api/core/migrate.ts'
import { createAccount } from '#api/modules/channels/index.ts'
import { createStaff } from '#api/modules/identity/index.ts'
import { startApp, type Process } from '#api/server.ts'
import { serveQuestions } from './child.ts'
import { cpuSeconds, publishAll } from './event.ts'
import type { Target } from './messages.ts'
import { AGENTS, officialAccount } from './settings.ts'

const PASSWORD = 'a password of the benchmark'
const ticketAnswer = z.object({ data: z.object({ ticket: z.string() }) })
const env = z.object({ PLATFORM_URL: z.string() }).parse(process.env)
const config = readConfig({ LOG_LEVEL: 'warn', PORT: '0', ...process.env })

await migrateToLatest(config.databaseUrl)
const running = await startApp({ config, roles: ['api', 'bot', 'jobs'], log: createLogger(config.logLevel) })
const account = await inTransaction(running.app, SYSTEM, (ctx) => {
  const base = env.PLATFORM_URL
  const settings = { ...officialAccount, mode: 'safe', apiBase: base, mpBase: base, openBase: base }
  return createAccount(ctx, { kind: 'wechat-official', name: 'bench', config: settings })
})
const cookies: string[] = []
for (let number = 0; number < AGENTS; number++) cookies.push(await hire(running, `agent${number}`))

async function hire({ app }: Process, username: string): Promise<string> {
  await inTransaction(app, SYSTEM, (ctx) => createStaff(ctx, { username, password: PASSWORD, name: username, role: 'admin' }))
  const login = await call('POST', '/api/v1/auth/login', { username, password: PASSWORD })
  const cookie = String(login.headers['set-cookie']).split(';')[0] ?? ''
  await call('PUT', '/api/v1/me/presence', { status: 'online' }, cookie)
  return cookie
}

async function call(method: string, url: string, payload?: object, cookie?: string) {
  const headers = { origin: running.app.config.publicUrl, ...(cookie === undefined ? {} : { cookie }) }
  const answer = await running.server.inject({ method, url, headers, ...(payload === undefined ? {} : { payload }) })
  if (answer.statusCode >= 400) throw new Error(`${method} ${url}: ${answer.payload}`)
  return answer
}

async function target(sockets: number): Promise<Target> {
  const handshakes: { ticket: string }[] = []
  for (let number = 0; number < sockets; number++) {
    const { payload } = await call('POST', '/api/v1/realtime/tickets', undefined, cookies[number % cookies.length])
    handshakes.push({ ticket: ticketAnswer.parse(JSON.parse(payload)).data.ticket })
  }
  return {
    port: Number(running.server.info.port),
    path: `/channels/wechat-official/${account.id}`,
    body: 'sealed',
    agents: { kind: 'socket.io', event: 'message.created', text: ['patch', 'message', 'parts', '0', 'text'], handshakes },
  }
}

const questionSchema = z.union([z.enum(['target', 'idle', 'cpu']), z.object({ sockets: z.int() }), z.object({ publish: z.int() })])

function answer(question: z.infer<typeof questionSchema>) {
  if (question === 'idle') return running.idle()
  if (question === 'cpu') return cpuSeconds()
  if (question === 'target') return target(AGENTS)
  if ('sockets' in question) return target(question.sockets)
  const { realtime } = running.app
  return publishAll(question.publish, (event) => realtime.publish([{ namespace: 'staff', rooms: [rooms.everyone], event }]))
}

serveQuestions(
  (question) => answer(questionSchema.parse(question)),
  () => running.stop(),
)
