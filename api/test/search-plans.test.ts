/** What searching asks of PostgreSQL over a large house: how many statements, how many rows they look at, and none that reads a table through. */
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import type { MessageHitPage } from '../contract/search.ts'
import { keyOf, pairsOf } from '../modules/conversations/search/keys.ts'
import { type StaffClient, startTestApp, type TestApp } from './harness.ts'
import { type Statement, tablesScanned } from './plans.ts'

const DAYS = 200
const PER_DAY = 500
const LARGE = ['messages', 'message_search', 'conversations', 'customers', 'customer_identities']

let running: TestApp
let admin: StaffClient
let agent: StaffClient
let statements: Statement[] = []
const db = () => running.process.app.db

beforeAll(async () => {
  running = await startTestApp({ roles: ['api'] })
  admin = await running.staff('admin')
  agent = await running.staff('agent')
  const web = await running.connectWeb()
  await fill(web.id, admin.me.id, agent.me.id)
  db().on('query', ({ sql, bindings }: Statement) => void statements.push({ sql, bindings }))
}, 180_000)
afterAll(() => running.stop())

const FIRST_DAY = Math.floor(Date.now() / 86_400_000) - DAYS
/** 您好 in every message, 物流 in one of a hundred, 琥珀 in one of the oldest day. */
const textOf = (index: number) => (index === 3 ? '您好，琥珀手串' : index % 100 === 0 ? '您好，物流进度' : '您好，收到')

/** A conversation for every ten messages; every hundredth is the agent's. */
async function fill(accountId: string, adminId: string, agentId: string): Promise<void> {
  await db().raw(
    `create temp table talks on commit drop as
       select g, gen_random_uuid() as customer, gen_random_uuid() as identity, gen_random_uuid() as conversation from generate_series(0, ${(DAYS * PER_DAY) / 10 - 1}) g;
     insert into customers (id, name) select customer, 'person ' || g from talks;
     insert into customer_identities (id, customer_id, channel_account_id, kind, value) select identity, customer, '${accountId}', 'web', 'person-' || g from talks;
     insert into conversations (id, status, customer_id, identity_id, channel_account_id, assignee_id, last_seq, closed_at, created_at)
       select conversation, 'closed', customer, identity, '${accountId}', case when g % 100 = 0 then '${agentId}'::uuid else '${adminId}'::uuid end, 10,
              to_timestamp(0) + (${FIRST_DAY} + g * 10 / ${PER_DAY}) * interval '1 day', to_timestamp(0) + (${FIRST_DAY} + g * 10 / ${PER_DAY}) * interval '1 day' from talks;
     insert into messages (conversation_id, seq, id, direction, author_kind, parts, occurred_at, created_at)
       select conversation, s, gen_random_uuid(), 'inbound', 'customer',
              jsonb_build_array(jsonb_build_object('type', 'text', 'text',
                case when g * 10 + s - 1 = 3 then '您好，琥珀手串' when (g * 10 + s - 1) % 100 = 0 then '您好，物流进度' else '您好，收到' end)),
              now(), to_timestamp(0) + (${FIRST_DAY} + g * 10 / ${PER_DAY}) * interval '1 day' + (g * 10 % ${PER_DAY} + s) * interval '1 minute'
       from talks, generate_series(1, 10) s`,
  )
  const kinds = [3, 0, 1].map((index) => pairsOf(textOf(index)))
  const keys = Array.from({ length: DAYS }, (_each, day) => kinds.map((pairs) => pairs.map((pair) => keyOf(FIRST_DAY + day, pair))))
  await db().raw(
    `insert into message_search (conversation_id, seq, message_id, at, direction, keys)
       select m.conversation_id, m.seq, m.id, m.created_at, m.direction, array(select k::int from json_array_elements_text(
         ?::json -> (floor(extract(epoch from m.created_at) / 86400)::int - ${FIRST_DAY}) ->
           case when m.parts->0->>'text' like '%琥珀%' then 0 when m.parts->0->>'text' like '%物流%' then 1 else 2 end) k)
       from messages m`,
    [JSON.stringify(keys)],
  )
  for (const table of LARGE) await db().raw(`analyze ${table}`)
}

/** Its statements over large tables. */
async function ask(reader: StaffClient, path: string): Promise<{ page: MessageHitPage; sent: Statement[] }> {
  statements = []
  const { status, body } = await reader.ask('GET', path)
  expect(status).toBe(200)
  return {
    page: body,
    sent: statements.filter(({ sql }) => LARGE.some((table) => sql.includes(` ${table} `)) && !/\bsessions\b/.test(sql)),
  }
}
const path = (q: string, more = '') => `/messages/search?q=${encodeURIComponent(q)}${more}`

describe('BP-004.3 search stays quick however much was said', () => {
  test('BP-004.3 a word of every message: the newest day answers, in three statements, without reading a table through', async () => {
    const { page, sent } = await ask(admin, path('您好', '&limit=30'))
    expect(page.data).toHaveLength(30)
    expect(page.nextCursor).not.toBeNull()
    expect(sent.length).toBeLessThanOrEqual(3)
    expect(await tablesScanned(running.process.app.config.databaseUrl, sent, LARGE)).toEqual([])
  })

  test('BP-004.3 a word said once, two hundred days ago, is found in one request', async () => {
    const { page, sent } = await ask(admin, path('琥珀'))
    expect(page.data).toMatchObject([{ excerpt: '您好，琥珀手串' }])
    expect(sent.length).toBeLessThanOrEqual(16)
    expect(await tablesScanned(running.process.app.config.databaseUrl, sent, LARGE)).toEqual([])
  })

  test('BP-004.3 an agent with few of many conversations: each request looks at a bounded number, and the cursor comes to the end', async () => {
    let cursor = ''
    const found: string[] = []
    for (let request = 0; request < 30; request++) {
      const { page, sent } = await ask(agent, path('您好', `&limit=100${cursor}`))
      expect(sent.length).toBeLessThanOrEqual(30)
      found.push(...page.data.map(({ messageId }) => messageId))
      if (page.nextCursor === null) break
      cursor = `&cursor=${page.nextCursor}`
    }
    expect(new Set(found).size).toBe(found.length)
    expect(found).toHaveLength((DAYS * PER_DAY) / 100)
  })

  test('BP-004.3 nothing found touches nothing: the walk through all days takes few statements', async () => {
    const { page, sent } = await ask(admin, path('不存在的词'))
    expect(page).toMatchObject({ data: [], nextCursor: null })
    expect(sent.length).toBeLessThanOrEqual(8)
  })
})
