/** The product with five hundred agents online in twenty teams and five thousand open conversations, handing out what arrives. */
import { type z } from 'zod'
import { createLogger } from '#api/core/logger.ts'
import { readConfig } from '#api/core/config.ts'
import { inTransaction, SYSTEM } from '#api/core/context.ts'
import { migrateToLatest } from '#api/core/migrate.ts'
import { lockQueued, settle } from '#api/modules/conversations/assign-conversation.ts'
import { openRound } from '#api/modules/routing/index.ts'
import { startApp } from '#api/server.ts'
import { serveQuestions } from './child.ts'
import { askedSchema, type Timed } from './cases/assignment.ts'
import { arrive, fillHouse } from './data/many-agents.ts'

const EVERY_MS = 25
/** From the look at the queue to the assignments written. */
const STATEMENTS = 10
const config = readConfig({ LOG_LEVEL: 'warn', PORT: '0', ...process.env })

await migrateToLatest(config.databaseUrl)
const { app, stop } = await startApp({ config, roles: ['api'], log: createLogger(config.logLevel) })
const channel = await fillHouse(app)

/** As `handOut` does it, with a look at the clock where it is decided and written who has it; what follows tells everybody. */
async function assignOnce(): Promise<Timed> {
  const began = performance.now()
  let decided = 0
  await inTransaction(app, SYSTEM, async (ctx) => {
    const round = await openRound(ctx, 'conversation', { limit: 100, after: null })
    if (!round) return
    const rows = await lockQueued(ctx, round.workIds)
    const agents = await round.claim(new Set(rows.keys()))
    decided = performance.now() - began
    await settle(
      ctx,
      round.workIds.flatMap((id) => {
        const [row, assigned] = [rows.get(id), agents.get(id)]
        return row && assigned ? [{ row, assigned }] : []
      }),
    )
  })
  return { decided, told: performance.now() - began, bare: await bare() }
}

/** What the deciding part would take if its statements did nothing: this machine, at this moment. */
async function bare(): Promise<number> {
  const began = performance.now()
  await app.db.transaction(async (trx) => {
    for (let statement = 0; statement < STATEMENTS; statement++) await trx.raw('select 1')
  })
  return performance.now() - began
}

/** So many a second for so long, handed out as the bot does: those who wait together. */
async function steady({ perSecond, seconds }: z.infer<typeof askedSchema>): Promise<Timed[]> {
  const times: Timed[] = []
  const until = performance.now() + seconds * 1000
  let waiting = 0
  const arriving = (async () => {
    for (let due = performance.now(); due < until; due += EVERY_MS) {
      await new Promise((resolve) => setTimeout(resolve, Math.max(0, due - performance.now())))
      await arrive(app, { channelId: channel, count: Math.round((perSecond * EVERY_MS) / 1000), held: false })
      waiting++
    }
  })()
  while (performance.now() < until) {
    if (waiting === 0) {
      await new Promise((resolve) => setTimeout(resolve, 1))
      continue
    }
    waiting = 0
    times.push(await assignOnce())
  }
  await arriving
  return times
}

serveQuestions((question) => steady(askedSchema.parse(question)), stop)
