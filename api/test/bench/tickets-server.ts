/** The product over the tickets of some years: an administrator, who sees all, supervisors of teams, and agents; with its clocks on wish. */
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
import { fillTickets } from './data/many-tickets.ts'
import { watchTimers } from './late-timers.ts'
import { officialAccount } from './settings.ts'

const PASSWORD = 'a password of the benchmark'
const READERS = 10
const TEAMS = 20
const AGENTS = 200
/** Of each role one is real; the others are copies, since making a password takes time on purpose. Agent n is in team n modulo twenty. */
const STAFF = `
  insert into accounts (id, kind, username, password_hash, name, role_id)
    select gen_random_uuid(), kind, left(username, -1) || g, password_hash, left(username, -1) || g, role_id
    from accounts join generate_series(1, ${AGENTS - 1}) g on g < ${READERS} or username = 'agent0' where username in ('boss0', 'lead0', 'agent0');
  insert into calendars (id, name, time_zone, weekly) values (gen_random_uuid(), 'bench', 'Asia/Shanghai',
    (select jsonb_agg(case when d < 6 then '[{"from": "09:00", "to": "12:00"}, {"from": "13:30", "to": "18:00"}]'::jsonb else '[]' end order by d)
     from generate_series(1, 7) d));
  insert into teams (id, name, calendar_id) select gen_random_uuid(), 'team ' || g, (select id from calendars where name = 'bench') from generate_series(0, ${TEAMS - 1}) g;
  insert into team_members (team_id, account_id, role)
    select t.id, a.id, case when a.username like 'lead%' then 'supervisor' else 'agent' end from accounts a
    join teams t on t.name = 'team ' || substring(a.username from '[0-9]+$')::int % ${TEAMS} where a.username ~ '^(lead|agent)[0-9]+$';`
const PROMISE = `
  update sla_policies set targets = (select jsonb_object_agg(priority, jsonb_build_object('first_response', $1::int, 'next_response', $1::int, 'resolution', $1::int))
    from unnest(array['urgent', 'high', 'normal', 'low']) priority)`
const env = z
  .object({
    DESK_TICKETS: z.coerce.number(),
    DESK_OPEN: z.coerce.number(),
    DESK_DAYS: z.coerce.number(),
    DESK_CUSTOMERS: z.coerce.number(),
    /** Minutes until everything is due; else what the product promises at first. */
    DESK_PROMISE: z.coerce.number().optional(),
    BENCH_FILLED: z.string().optional(),
  })
  .parse(process.env)
const config = readConfig({ LOG_LEVEL: 'warn', PORT: '0', ...process.env })

await migrateToLatest(config.databaseUrl)
if (env.BENCH_FILLED === undefined) await makeHouse()
const running = await startApp({ config, roles: ['api', 'jobs'], log: createLogger(config.logLevel) })
const cookies = { admin: await logInAll('boss'), supervisor: await logInAll('lead'), agent: await logInAll('agent') }

/** Several of each, since one alone would ask more often than one person may. */
async function logInAll(name: string): Promise<string[]> {
  const found: string[] = []
  for (let number = 0; number < READERS; number++) found.push(await logIn(`${name}${number}`))
  return found
}

async function makeHouse(): Promise<void> {
  // Without its clocks: they would look at what is only half there.
  const { app, stop } = await startApp({ config, roles: ['api'], log: createLogger(config.logLevel) })
  const channels = await inTransaction(app, SYSTEM, async (ctx) => {
    for (const [name, role] of [
      ['boss', 'admin'],
      ['lead', 'supervisor'],
      ['agent', 'agent'],
    ] as const)
      await createStaff(ctx, { username: `${name}0`, password: PASSWORD, name: `${name}0`, role })
    return {
      official: (await createAccount(ctx, { kind: 'wechat-official', name: 'bench', config: { ...officialAccount, mode: 'safe' } })).id,
      web: (await createAccount(ctx, { kind: 'web', name: 'bench web', config: { title: 'bench' } })).id,
    }
  })
  await stop()
  const client = new Client({ connectionString: config.databaseUrl })
  await client.connect()
  try {
    await client.query(STAFF)
    if (env.DESK_PROMISE !== undefined) await client.query(PROMISE, [env.DESK_PROMISE])
    const agentIds = await idsOf(client, `select id from accounts where username like 'agent%' order by substr(username, 6)::int`)
    const teamIds = await idsOf(client, 'select id from teams order by substr(name, 6)::int')
    await fill(client, { customers: env.DESK_CUSTOMERS, agentIds, channels })
    const { DESK_TICKETS: tickets, DESK_OPEN: open, DESK_DAYS: days, DESK_CUSTOMERS: customers } = env
    await fillTickets(client, { tickets, open, days, customers, agentIds, teamIds, channels })
  } finally {
    await client.end()
  }
}

async function idsOf(client: Client, sql: string): Promise<string[]> {
  const { rows } = await client.query(sql)
  return z
    .array(z.object({ id: z.string() }))
    .parse(rows)
    .map(({ id }) => id)
}

async function logIn(username: string): Promise<string> {
  const answer = await running.server.inject({
    method: 'POST',
    url: '/api/v1/auth/login',
    // An address of his own: logging in is limited by it.
    headers: { origin: config.publicUrl },
    remoteAddress: `10.8.${username.length}.${Number(/\d+$/.exec(username)?.[0] ?? 0)}`,
    payload: { username, password: PASSWORD },
  })
  if (answer.statusCode !== 200) throw new Error(`login: ${answer.payload}`)
  return String(answer.headers['set-cookie']).split(';')[0] ?? ''
}

const questionSchema = z.union([z.enum(['doors', 'late', 'standing']), z.object({ timers: z.int() })])
const timers = watchTimers(running.app)

serveQuestions(
  (question) => {
    const asked = questionSchema.parse(question)
    if (asked === 'doors') return { url: running.url, origin: config.publicUrl, cookies }
    if (asked === 'standing') return timers.standing()
    return asked === 'late' ? timers.late() : timers.set(asked.timers)
  },
  () => running.stop(),
)
