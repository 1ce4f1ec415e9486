import { afterAll, beforeAll, expect, test } from '@jest/globals'
import { Redis } from 'ioredis'
import knex, { type Knex } from 'knex'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { z } from 'zod'
import { messageSchema } from '../../contract/message.ts'
import { freePort } from '../../embedded/free-port.ts'
import { cloneDatabase, redisPrefix, type TestDatabase, testRedisUrl } from '../database.ts'
import { AgentPage } from './agent.ts'
import { deliver, type FakePlatform, startPlatform } from './platform.ts'
import { firstAdministrator } from './first-administrator.ts'
import { startVictim, type Victim } from './victim.ts'

const keys = { appId: 'wx00000000000faul1', token: 'faultTestToken', encodingAesKey: 'abcdefghijklmnopqrstuvwxyz0123456789ABCDEFG' }
const credentials = { username: 'boss', password: 'a-long-enough-password' }
const CUSTOMERS = 24
const MESSAGES_EACH = 30

let database: TestDatabase
let sql: Knex
let platform: FakePlatform
let victim: Victim
let agent: AgentPage
let redis: Redis
let callbackUrl: string
const dataDir = mkdtempSync(path.join(tmpdir(), 'lianke-faults-'))
const prefix = redisPrefix()

beforeAll(async () => {
  database = await cloneDatabase()
  sql = knex({ client: 'pg', connection: database.url })
  redis = new Redis(await testRedisUrl())
  platform = await startPlatform()
  const env = {
    NODE_ENV: 'test',
    PORT: String(await freePort()),
    DATA_DIR: dataDir,
    DATABASE_URL: database.url,
    REDIS_URL: await testRedisUrl(),
    REDIS_PREFIX: prefix,
    LOG_LEVEL: 'silent',
    WX_API_BASE: platform.base,
  }
  await firstAdministrator(env, credentials)
  victim = await startVictim(env)
  agent = new AgentPage(victim.url, credentials)
  await agent.signIn()
  const config = {
    appId: keys.appId,
    appSecret: 'secret-of-the-fault-test',
    token: keys.token,
    encodingAesKey: keys.encodingAesKey,
    mode: 'safe',
  }
  const { data } = await agent.call(z.object({ id: z.string() }), 'POST', '/api/v1/channel-accounts', {
    kind: 'wechat-official',
    name: 'Faults',
    config,
  })
  callbackUrl = `${victim.url}/channels/wechat-official/${data.id}`
})

afterAll(async () => {
  agent.close()
  await victim.stop()
  await platform.stop()
  redis.disconnect()
  await sql.destroy()
  await database.drop()
  rmSync(dataDir, { recursive: true, force: true })
})

interface History {
  acknowledged: Set<string>
  done: number
}

/** Each customer sends the next message when the one before was acknowledged; a lost answer means the same message again. */
async function write(customer: number, history: History): Promise<void> {
  for (let number = 1; number <= MESSAGES_EACH; number++) {
    const content = `${customer}:${number}`
    const message = {
      openId: `oFault${customer}`,
      content,
      createTime: Math.floor(Date.now() / 1000),
      msgId: `9007199254${String(customer).padStart(4, '0')}${String(number).padStart(5, '0')}`,
    }
    while (!(await deliver(callbackUrl, keys, message))) await turn()
    history.acknowledged.add(content)
    history.done++
  }
}

const turn = () => new Promise((resolve) => setTimeout(resolve, 20))

async function until(condition: () => boolean | Promise<boolean>, what: string, ms = 60_000): Promise<void> {
  const end = Date.now() + ms
  while (!(await condition())) {
    if (Date.now() > end) throw new Error(`still waiting: ${what}`)
    await turn()
  }
}

test('CH-01 nothing acknowledged is lost, doubled or out of order when the process is killed twice and Redis is emptied', async () => {
  const history: History = { acknowledged: new Set(), done: 0 }
  const total = CUSTOMERS * MESSAGES_EACH
  const load = Promise.all(Array.from({ length: CUSTOMERS }, (_, customer) => write(customer, history)))
  await until(() => history.done > total * 0.25, 'a quarter of the load')
  await victim.killAndRestart()
  await agent.reconnect()
  await until(() => history.done > total * 0.5, 'half of the load')
  await redis.del(...(await redis.keys(`*${prefix}*`)))
  await until(() => history.done > total * 0.7, 'most of the load')
  await victim.killAndRestart()
  await agent.reconnect()
  await load

  await until(
    async () => Number((await sql('messages').where({ direction: 'inbound' }).count({ n: '*' }))[0]?.n) === total,
    'every message stored',
  )
  const rows: { value: string; text: string; seq: number }[] = await sql('messages as m')
    .join('conversations as v', 'v.id', 'm.conversation_id')
    .join('customer_identities as i', 'i.id', 'v.identity_id')
    .where('m.direction', 'inbound')
    .select('i.value', 'm.seq', sql.raw(`m.parts->0->>'text' as text`))
    .orderBy(['m.conversation_id', 'm.seq'])
  expect(rows).toHaveLength(total)
  expect(new Set(rows.map((row) => row.text))).toEqual(history.acknowledged)
  for (let customer = 0; customer < CUSTOMERS; customer++) {
    const own = rows.filter((row) => row.value === `oFault${customer}`).map((row) => row.text)
    expect(own).toEqual(Array.from({ length: MESSAGES_EACH }, (_, index) => `${customer}:${index + 1}`))
  }
  expect(Number((await sql('conversations').count({ n: '*' }))[0]?.n)).toBe(CUSTOMERS)

  await until(
    async () => Number((await sql('conversations').where({ status: 'open' }).count({ n: '*' }))[0]?.n) === CUSTOMERS,
    'every conversation assigned',
  )
  await agent.resume()
  const shown = [...agent.screen.values()].flatMap((messages) =>
    [...messages.values()].filter((message) => message.direction === 'inbound'),
  )
  expect(shown).toHaveLength(total)
}, 180_000)

test('CH-05 every reply reaches the platform once or is shown as unknown when the process is killed while it sends', async () => {
  const { data: conversations } = await agent.call(
    z.array(z.object({ id: z.string() })),
    'GET',
    '/api/v1/conversations?assignee=me&status=open&limit=100',
  )
  const replies = conversations.flatMap(({ id }, index) =>
    [1, 2, 3].map((number) => ({ id, clientKey: `fault-${index}-${number}`, content: `answer ${index}.${number}` })),
  )
  const post = async (reply: (typeof replies)[number]) => {
    await until(async () => {
      const body = { clientKey: reply.clientKey, parts: [{ type: 'text', text: reply.content }] }
      const answer = await agent.call(messageSchema, 'POST', `/api/v1/conversations/${reply.id}/messages`, body).catch(() => null)
      return answer?.status === 201
    }, reply.content)
  }
  const posting = (async () => {
    for (const reply of replies) await post(reply)
  })()
  await until(() => platform.sent.length > replies.length * 0.3, 'some replies sent')
  await victim.killAndRestart()
  await until(() => platform.sent.length > replies.length * 0.6, 'more replies sent')
  await victim.killAndRestart()
  await posting
  // A call that was under way when its worker died is decided when its lease is over.
  await sql('clock_offsets').insert({ only_row: true, offset_by: '2 minutes' })
  await until(async () => (await sql('deliveries').whereIn('state', ['queued', 'sending'])).length === 0, 'every delivery decided')

  const rows: { content: string; delivery_state: string }[] = await sql('messages')
    .where({ direction: 'outbound' })
    .select('delivery_state', sql.raw(`parts->0->>'text' as content`))
  expect(rows).toHaveLength(replies.length)
  for (const { content, delivery_state: state } of rows) {
    const arrived = platform.sent.filter((message) => message.content === content).length
    expect({ content, arrived: state === 'unknown' ? arrived <= 1 : arrived, state }).toEqual({
      content,
      arrived: state === 'unknown' ? true : 1,
      state: state === 'unknown' ? 'unknown' : 'sent',
    })
  }
  for (const { id } of conversations) {
    const order = platform.sent
      .map((message) => message.content)
      .filter((content) => replies.some((reply) => reply.id === id && reply.content === content))
    expect(order).toEqual([...order].sort())
  }
}, 180_000)
