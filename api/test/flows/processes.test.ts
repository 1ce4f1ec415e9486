import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import type { OfficialAccount, StaffClient, TestApp } from '../harness.ts'
import { startTestApp } from '../harness.ts'
import type { Process } from '../../server.ts'
import { until } from '../until.ts'

let it: TestApp
let bot: Process
let jobs: Process
let admin: StaffClient
let official: OfficialAccount

beforeAll(async () => {
  it = await startTestApp({ roles: ['api'] })
  bot = await it.start(['bot'])
  jobs = await it.start(['jobs'])
  admin = await it.staff('admin')
  official = await it.connectOfficial({ url: bot.url })
})
afterAll(() => it.stop())

async function conversing() {
  const customer = it.follower(official)
  await customer.text('在吗')
  const { id } = await it.conversationOf(admin, customer.openId)
  return { customer, id }
}

/** Whoever waits longer is also told his place in the queue, which nobody answered. */
const answersTo = (customer: ReturnType<TestApp['follower']>) =>
  customer.sent().filter(({ content }) => !JSON.stringify(content).includes('您排在'))

describe('api, bot and jobs as processes of their own', () => {
  test('each serves what is its own and is ready', async () => {
    for (const { url } of [it.process, bot, jobs]) {
      const ready = await fetch(`${url}/readyz`)
      expect([ready.status, await ready.json()]).toMatchObject([200, { data: { ready: true } }])
    }
    expect((await fetch(`${bot.url}/api/v1/me`)).status).toBe(404)
    expect((await fetch(`${it.url}/channels/wechat-official/${official.id}`)).status).toBe(404)
    expect((await fetch(`${jobs.url}/api/v1/me`)).status).toBe(404)
  })

  test('what a customer says at bot is on an agent’s socket at api', async () => {
    const { customer, id } = await conversing()
    const desk = await admin.socket()
    await desk.say('watch', { conversationId: id })
    await it.tick()
    await customer.text('听得到吗')
    const heard = await desk.waitFor('message.created', (event) => event.id === id)
    expect(heard.patch.message.parts).toEqual([{ type: 'text', text: '听得到吗' }])
  })

  test('what an agent says at api is delivered by bot, and its mark comes back to his socket', async () => {
    const { customer, id } = await conversing()
    const desk = await admin.socket()
    await desk.say('watch', { conversationId: id })
    const sent = await admin.reply(id, '您好')
    await desk.waitFor('message.updated', (event) => event.seq === sent.seq && event.patch.message.delivery?.state === 'sent')
    expect(answersTo(customer)).toHaveLength(1)
  })

  test('whoever comes online at api gets what waits, by the word of jobs', async () => {
    const agent = await it.staff('agent')
    const { id } = await conversing()
    await agent.be('online')
    await until(async () => expect((await admin.conversation(id)).assignee?.id).toBe(agent.me.id))
    await agent.be('offline')
  })

  test('typing of an agent reaches the platform through bot', async () => {
    const { id } = await conversing()
    await admin.reply(id, '稍等')
    const desk = await admin.socket()
    await desk.say('typing', { conversationId: id, typing: true })
    await until(() => expect(it.simulator.calls({ path: '/cgi-bin/message/custom/typing' }).length).toBeGreaterThan(0))
  })
})

describe('parts that go away', () => {
  test('I8 a call whose worker died stays unknown, not stuck, and is not repeated', async () => {
    const { customer, id } = await conversing()
    const sent = await admin.delivered(await admin.reply(id, '您好'), 'sent')
    // The message first: the sweep that finds the delivery writes both.
    await it.process.app.db('messages').where({ id: sent.id }).update({ delivery_state: 'pending' })
    await it.process.app
      .db('deliveries')
      .where({ message_id: sent.id })
      .update({ state: 'sending', lease_until: it.process.app.db.raw(`app_now() - interval '1 second'`) })
    await admin.delivered(sent, 'unknown')
    expect(answersTo(customer)).toHaveLength(1)
  })

  test('F4 a Redis that lost everything loses no message and no answer, and nobody is signed out', async () => {
    const { customer, id } = await conversing()
    const { redis } = it.process.app
    const keys = await redis.keys(`*${it.redisPrefix}*`)
    expect(keys.length).toBeGreaterThan(0)
    await redis.del(keys)
    const sent = await admin.reply(id, '还在')
    await it.tick()
    await customer.text('我也在')
    await admin.delivered(sent, 'sent')
    await until(async () => expect((await admin.messages(id)).at(-1)?.parts).toEqual([{ type: 'text', text: '我也在' }]))
    expect(answersTo(customer)).toHaveLength(1)
  })

  test('what was said while bot was away goes out when it is back, once', async () => {
    const { customer, id } = await conversing()
    await bot.stop()
    const sent = await admin.reply(id, '等您回来')
    expect((await admin.messages(id)).at(-1)?.delivery?.state).toBe('pending')
    bot = await it.start(['bot'])
    await admin.delivered(sent, 'sent')
    expect(answersTo(customer)).toHaveLength(1)
    // It listens elsewhere now, as after a restart behind the proxy.
    it.simulator.updateAccount(official.appId, { callbackUrl: `${bot.url}/channels/wechat-official/${official.id}` })
  })

  test('two processes of each kind share the work without doing it twice', async () => {
    const second = { api: await it.start(['api']), bot: await it.start(['bot']), jobs: await it.start(['jobs']) }
    const people = await Promise.all(Array.from({ length: 10 }, () => conversing()))
    const elsewhere = await it.logIn(admin.me.username, second.api.url)
    const sent = await Promise.all(people.map(({ id }, index) => (index % 2 === 0 ? admin : elsewhere).reply(id, '您好')))
    await Promise.all(sent.map((message) => admin.delivered(message, 'sent')))
    expect(people.map(({ customer }) => answersTo(customer).length)).toEqual(people.map(() => 1))
    await Promise.all(Object.values(second).map((process) => process.stop()))
  })
})
