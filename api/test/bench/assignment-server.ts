/** The product with five hundred agents online in twenty teams and five thousand open conversations, handing out what arrives. */
import { type z } from 'zod'
import { createLogger } from '#api/core/logger.ts'
import { readConfig } from '#api/core/config.ts'
import { inTransaction, SYSTEM } from '#api/core/context.ts'
import { newId } from '#api/core/ids.ts'
import { migrateToLatest } from '#api/core/migrate.ts'
import { createAccount } from '#api/modules/channels/index.ts'
import { lockQueued, settle } from '#api/modules/conversations/assign-conversation.ts'
import { createStaff } from '#api/modules/identity/index.ts'
import { openRound } from '#api/modules/routing/index.ts'
import { startApp } from '#api/server.ts'
import { serveQuestions } from './child.ts'
import { askedSchema, type Timed } from './cases/assignment.ts'
import { officialAccount } from './settings.ts'

const AGENTS = 500
const OPEN = 5000
const TEAMS = 20
const EVERY_MS = 25
/** From the look at the queue to the assignments written. */
const STATEMENTS = 8
const config = readConfig({ LOG_LEVEL: 'warn', PORT: '0', ...process.env })

await migrateToLatest(config.databaseUrl)
const { app, stop } = await startApp({ config, roles: ['api'], log: createLogger(config.logLevel) })
const channel = await fill()

async function fill(): Promise<string> {
  const { id } = await inTransaction(app, SYSTEM, async (ctx) => {
    // One real one; the others are copies, since making a password takes time on purpose.
    await createStaff(ctx, { username: 'agent0', password: 'a password of the benchmark', name: 'agent0', role: 'agent' })
    return createAccount(ctx, { kind: 'wechat-official', name: 'bench', config: { ...officialAccount, mode: 'safe' } })
  })
  await app.db.raw(
    `insert into accounts (id, kind, username, password_hash, name, role_id)
       select gen_random_uuid(), kind, 'agent' || g, password_hash, 'agent' || g, role_id from accounts, generate_series(1, ${AGENTS - 1}) g where username = 'agent0';
     insert into presences (account_id, status) select id, 'online' from accounts on conflict (account_id) do update set status = 'online';
     insert into teams (id, name, member_max_conversations, max_conversations)
       select gen_random_uuid(), 'team ' || g, 400, case when g % 4 = 0 then 10000 end from generate_series(1, ${TEAMS}) g;
     insert into team_members (team_id, account_id, role)
       select t.id, a.id, 'agent' from (select id, row_number() over (order by id) as n from teams) t
       join (select id, row_number() over (order by id) as n from accounts) a on a.n % ${TEAMS} = t.n - 1 or a.n % 7 = t.n;
     insert into assignment_policies (id, work_kind, name, strategy, position) values
       (gen_random_uuid(), 'conversation', 'weighted', 'weighted', 1);`,
  )
  await arrive(id, OPEN, true)
  await app.db.raw('analyze assignments; analyze conversations; analyze queue_entries; analyze presences; analyze team_members')
  return id
}

/** People who write for the first time; `held`: each is somebody's already. */
async function arrive(channelId: string, count: number, held: boolean): Promise<void> {
  const people = JSON.stringify(Array.from({ length: count }, () => ({ customer: newId(), identity: newId(), conversation: newId() })))
  await app.db.transaction(async (trx) => {
    const from = `from json_to_recordset(?::json) as t(customer uuid, identity uuid, conversation uuid)`
    const agents = `(select id, row_number() over (order by id) as n from accounts) a`
    const numbered = `(select *, row_number() over () as n ${from}) t`
    await trx.raw(`insert into customers (id, name) select customer, 'somebody' ${from}`, [people])
    await trx.raw(
      `insert into customer_identities (id, customer_id, channel_account_id, kind, value)
       select identity, customer, ?, 'wechat-official', identity::text ${from}`,
      [channelId, people],
    )
    await trx.raw(
      `insert into conversations (id, status, customer_id, identity_id, channel_account_id, assignee_id, queued_at, opened_at)
       select t.conversation, ${held ? `'open'` : `'queued'`}, t.customer, t.identity, ?, ${held ? 'a.id' : 'null'}, now(), now()
       from ${numbered} ${held ? `join ${agents} on a.n = t.n % ${AGENTS} + 1` : ''}`,
      [channelId, people],
    )
    if (held)
      await trx.raw(
        `insert into assignments (id, work_kind, work_id, account_id, reason)
         select gen_random_uuid(), 'conversation', t.conversation, a.id, '{"code":"least_open","params":{}}' from ${numbered} join ${agents} on a.n = t.n % ${AGENTS} + 1`,
        [people],
      )
    else
      await trx.raw(
        `insert into queue_entries (id, work_kind, work_id, team_id, waiting_since, entered_at, rank_at, reason)
         select gen_random_uuid(), 'conversation', t.conversation, x.id, clock_timestamp(), clock_timestamp(), clock_timestamp(), '{"code":"arrived","params":{}}'
         from ${numbered} left join (select id, row_number() over (order by id) as n from teams) x on x.n = t.n % (2 * ${TEAMS})`,
        [people],
      )
  })
}

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
      await arrive(channel, Math.round((perSecond * EVERY_MS) / 1000), false)
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
