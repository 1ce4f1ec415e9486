/** The product with its pages, and one agent who has five hundred open conversations, one of them with ten thousand messages. */
import { createLogger } from '#api/core/logger.ts'
import { readConfig } from '#api/core/config.ts'
import { inTransaction, SYSTEM } from '#api/core/context.ts'
import { migrateToLatest } from '#api/core/migrate.ts'
import { createAccount } from '#api/modules/channels/index.ts'
import { createStaff } from '#api/modules/identity/index.ts'
import { startApp } from '#api/server.ts'
import type { Desk } from './cases/workbench.ts'
import { serveQuestions } from './child.ts'
import { oneDesk } from './data/one-desk.ts'
import { officialAccount } from './settings.ts'

const config = readConfig({ LOG_LEVEL: 'warn', PORT: '0', ...process.env })
const desk = { username: 'agent', password: 'a password of the benchmark' }

await migrateToLatest(config.databaseUrl)
const { app, server, stop } = await startApp({ config, roles: ['api', 'bot', 'jobs'], log: createLogger(config.logLevel) })
const channel = await inTransaction(app, SYSTEM, async (ctx) => {
  await createStaff(ctx, { ...desk, name: '小北', role: 'agent' })
  return createAccount(ctx, { kind: 'wechat-official', name: 'bench', config: { ...officialAccount, mode: 'safe' } })
})
await app.db.raw(oneDesk({ username: desk.username, channelAccountId: channel.id, channelKind: 'wechat-official' }))
// They wrote within the window, so that the composer is what opens.
await app.db.raw(
  `insert into reply_allowances (identity_id, action, expires_at, granted) select id, 'message', now() + interval '2 days', 5 from customer_identities`,
)
await app.db.raw('analyze')

serveQuestions((): Desk => ({ url: `http://127.0.0.1:${server.info.port}`, ...desk }), stop)
