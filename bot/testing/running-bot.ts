/** The product with the fake channel as its only one, over a database and a Redis that the test provides. */
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import type { Server } from '@hapi/hapi'
import type { MessagePartInput } from '#api/contract/message.ts'
import { createApp, type App } from '#api/core/app.ts'
import { readConfig } from '#api/core/config.ts'
import { inTransaction, SYSTEM } from '#api/core/context.ts'
import { createHttpServer } from '#api/core/http/server.ts'
import { createAccount } from '#api/modules/channels/index.ts'
import { createStaff } from '#api/modules/identity/index.ts'
import { botRoutes, startBot, type Bot } from '../bot.ts'
import { createCatalogue } from '../catalogue.ts'
import type { Adapters } from '../discover.ts'
import { fakeAdapter } from './fake-adapter.ts'

const PASSWORD = 'a long password'
export const SECRET = 'secret of the account'

export interface RunningBot {
  app: App
  server: Server
  bot: Bot
  cookie: string
  stop(): Promise<void>
}

export async function runBot(services: { databaseUrl: string; redisUrl: string; redisPrefix: string }): Promise<RunningBot> {
  const dataDir = mkdtempSync(path.join(tmpdir(), 'lianke-bot-'))
  const config = readConfig({
    NODE_ENV: 'test',
    DATABASE_URL: services.databaseUrl,
    REDIS_URL: services.redisUrl,
    REDIS_PREFIX: services.redisPrefix,
    DATA_DIR: dataDir,
    LOG_LEVEL: process.env['LOG_LEVEL'] ?? 'silent',
  })
  const adapters: Adapters = new Map([['fake', fakeAdapter]])
  const app = await createApp({ config, catalogue: createCatalogue(adapters) })
  const routes = [...app.modules.flatMap((definition) => definition.routes ?? []), ...botRoutes]
  const server = await createHttpServer({ app, port: 0, host: '127.0.0.1', roles: new Set(['api', 'bot']), routes })
  const bot = startBot(app, { adapters, server })
  await server.initialize()
  await inTransaction(app, SYSTEM, (ctx) => createStaff(ctx, { username: 'boss', password: PASSWORD, name: 'Boss', role: 'admin' }))
  const login = await server.inject({
    method: 'POST',
    url: '/api/v1/auth/login',
    headers: { origin: config.publicUrl },
    payload: { username: 'boss', password: PASSWORD },
  })
  const cookie = String(login.headers['set-cookie']).split(';')[0] ?? ''
  return {
    app,
    server,
    bot,
    cookie,
    async stop() {
      await server.stop()
      await bot.stop()
      await app.close()
      rmSync(dataDir, { recursive: true, force: true })
    },
  }
}

export const connectAccount = ({ app }: RunningBot, name: string, base: string) =>
  inTransaction(app, SYSTEM, (ctx) => createAccount(ctx, { kind: 'fake', name, config: { base, secret: SECRET } }))

export const callback = ({ server }: RunningBot, accountId: string, events: unknown, headers: Record<string, string> = {}) =>
  server.inject({
    method: 'POST',
    url: `/channels/fake/${accountId}`,
    headers: { 'content-type': 'text/xml', 'x-secret': SECRET, ...headers },
    payload: typeof events === 'string' ? events : JSON.stringify(events),
  })

let counter = 0
/** A text that this person sends. */
export const textFrom = (externalId: string, text: string, externalKey = `key-${++counter}`) => ({
  kind: 'message',
  externalKey,
  occurredAt: new Date().toISOString(),
  from: { externalId },
  parts: [{ type: 'text', text }],
})

/** As staff: the API as the workbench uses it. */
export async function api(running: RunningBot, method: string, url: string, payload?: object) {
  const { server, cookie, app } = running
  const answer = await server.inject({
    method,
    url: `/api/v1${url}`,
    headers: { cookie, origin: app.config.publicUrl },
    ...(payload === undefined ? {} : { payload }),
  })
  return { status: answer.statusCode, body: JSON.parse(answer.payload) }
}

export const reply = (running: RunningBot, conversationId: string, parts: MessagePartInput[]) =>
  api(running, 'POST', `/conversations/${conversationId}/messages`, { clientKey: `client-key-${++counter}`, parts })

/** Waits until `state` shows, looked at again and again: what is awaited is a state, never a time. */
export async function until<T>(look: () => Promise<T> | T, good: (value: T) => boolean): Promise<T> {
  for (const deadline = Date.now() + 15_000; ;) {
    const value = await look()
    if (good(value)) return value
    if (Date.now() > deadline) throw new Error(`it never came: ${JSON.stringify(value)}`)
    await new Promise((resolve) => setTimeout(resolve, 15))
  }
}
