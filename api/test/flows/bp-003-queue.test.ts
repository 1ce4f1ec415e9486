/** Waiting: the place, an honest estimate, leaving, and what the product says by itself. */
import { afterAll, afterEach, beforeAll, describe, expect, test } from '@jest/globals'
import type { ConsultationSettings } from '../../contract/consultation.ts'
import type { Message } from '../../contract/message.ts'
import type { Team } from '../../contract/team.ts'
import type { WebConversation } from '../../contract/web.ts'
import { type OfficialAccount, type StaffClient, startTestApp, type TestApp, type WebCustomer } from '../harness.ts'
import { until } from '../until.ts'

let it: TestApp
let admin: StaffClient
let agent: StaffClient
let team: Team
let web: { id: string }
let official: OfficialAccount

beforeAll(async () => {
  it = await startTestApp()
  admin = await it.staff('admin')
  agent = await it.staff('agent', '林晓')
  team = await admin.post<Team>('/teams', { name: '售前组', memberMaxConversations: 1 })
  await admin.put(`/teams/${team.id}/members/${agent.me.id}`, { role: 'agent' })
  web = await it.connectWeb()
  official = await it.connectOfficial()
  for (const account of [web, official]) await settle(account, { teamId: team.id })
})
afterAll(() => it.stop())
afterEach(async () => {
  const { db } = it.process.app
  await db('presences').update({ status: 'offline' })
  const waiting: { id: string }[] = await db('conversations').select('id').where({ status: 'queued' })
  await Promise.all(waiting.map(({ id }) => admin.post(`/conversations/${id}/accept`)))
  const open: { id: string }[] = await db('conversations').select('id').where({ status: 'open' })
  await Promise.all(open.map(({ id }) => admin.post(`/conversations/${id}/close`, { reason: 'resolved', silent: true })))
})

const own = ({ id }: { id: string }) => admin.get<ConsultationSettings>(`/consultation/settings/${id}`)
async function settle(account: { id: string }, rules: object, texts: object = {}) {
  const { rules: before, version } = await own(account)
  return admin.put<ConsultationSettings>(`/consultation/settings/${account.id}`, { rules: { ...before, ...rules }, texts, version })
}
const conversationOf = async (customer: WebCustomer): Promise<WebConversation> =>
  (await customer.ask('GET', '/web/history')).body.data.conversation
async function waiting(account = web): Promise<{ customer: WebCustomer; id: string }> {
  const customer = await it.webCustomer(account.id)
  await customer.say('在吗')
  return { customer, id: (await conversationOf(customer)).id }
}
const placeOf = async ({ customer }: { customer: WebCustomer }) => (await conversationOf(customer)).queue?.position ?? null
const textsOf = (messages: readonly Message[]) =>
  messages.filter(({ author }) => author.kind === 'bot').map(({ parts: [part] }) => (part?.type === 'text' ? part.text : part?.type))
const abandonments = (id: string) =>
  it.process.app.db('queue_abandonments').where({ conversation_id: id }).select('reason', 'waited_seconds', 'position', 'team_id')

describe('BP-003.5 BP-003.6 the place in the queue', () => {
  test('BP-003.5 BP-003.6 each sees his own, and hears when it moves, without asking', async () => {
    const [first, second, third] = [await waiting(), await waiting(), await waiting()]
    expect(await Promise.all([first, second, third].map(placeOf))).toEqual([1, 2, 3])
    const socket = await third.customer.socket()
    await agent.be('online')
    await until(() => {
      const moved = socket.events.filter(({ type }) => type === 'queue.updated')
      expect(moved.at(-1)).toMatchObject({ id: third.id, patch: { queue: { position: 2 } } })
    })
    await until(async () => expect((await conversationOf(first.customer)).agent).toMatchObject({ name: '林晓' }))
    expect([await placeOf(first), await placeOf(second), await placeOf(third)]).toEqual([null, 1, 2])
  })

  test('BP-003.6 the wait is not invented: unknown until three were served within the hour, then from what they took', async () => {
    await agent.be('online')
    const served = await waiting()
    await until(async () => expect((await admin.conversation(served.id)).assignee?.id).toBe(agent.me.id))
    const next = await waiting()
    const before = (await conversationOf(next.customer)).queue
    const { db } = it.process.app
    await db('assignments').whereNotNull('ended_at').delete()
    expect((await conversationOf(next.customer)).queue?.estimateSeconds).toBeNull()
    expect(before?.position).toBe(1)
    const rows = [1, 2, 3].map((minutes) => ({
      id: `01930000-0000-7000-8000-00000000000${minutes}`,
      work_kind: 'conversation',
      work_id: `01930000-0000-7000-8000-00000000001${minutes}`,
      account_id: agent.me.id,
      reason: JSON.stringify({ code: 'least_open', params: {} }),
      assigned_at: db.raw(`app_now() - interval '12 minutes'`),
      ended_at: db.raw(`app_now() - interval '2 minutes'`),
      end_reason: 'closed:resolved',
    }))
    await db('assignments').insert(rows)
    expect((await conversationOf(next.customer)).queue).toMatchObject({ position: 1, estimateSeconds: 600 })
  })

  test('race: fifty newcomers at one instant stand in fifty places, one to fifty', async () => {
    const customers = await Promise.all(Array.from({ length: 50 }, () => it.webCustomer(web.id)))
    await Promise.all(customers.map((customer) => customer.say('在吗')))
    const places = await Promise.all(customers.map((customer) => placeOf({ customer })))
    expect(places.sort((a, b) => (a ?? 0) - (b ?? 0))).toEqual(Array.from({ length: 50 }, (_, index) => index + 1))
  })
})

describe('BP-003.5 leaving', () => {
  test('BP-003.5 he leaves, once; whoever stood behind moves up, and the reports learn how long he waited', async () => {
    const [first, second] = [await waiting(), await waiting()]
    await it.travel(90_000)
    await Promise.all([1, 2].map(() => first.customer.post('/web/leave-queue', { conversationId: first.id })))
    expect((await conversationOf(first.customer)).status).toBe('closed')
    expect(await placeOf(second)).toBe(1)
    const rows = await abandonments(first.id)
    expect(rows).toMatchObject([{ reason: 'customer_left', team_id: team.id }])
    expect(rows[0].waited_seconds).toBeGreaterThanOrEqual(90)
    await until(async () => expect(textsOf(await admin.messages(first.id))).toEqual(['已为您取消排队，需要时请随时联系我们。']))
    await agent.be('online')
    await until(async () => expect((await admin.conversation(second.id)).assignee?.id).toBe(agent.me.id))
  })

  test('bad input: leaving a foreign queue, and one in which somebody serves him by now', async () => {
    const mine = await waiting()
    const stranger = await it.webCustomer(web.id)
    await stranger.expectError('POST', '/web/leave-queue', { conversationId: mine.id }, 404, 'not_found')
    await admin.post(`/conversations/${mine.id}/accept`)
    await mine.customer.expectError('POST', '/web/leave-queue', { conversationId: mine.id }, 409, 'already_assigned')
    expect(await abandonments(mine.id)).toEqual([])
  })

  test('race: he leaves while an agent takes him: one of both, never a closed conversation with an owner', async () => {
    for (let round = 0; round < 5; round++) {
      const mine = await waiting()
      const [left, taken] = await Promise.all([
        mine.customer.ask('POST', '/web/leave-queue', { conversationId: mine.id }),
        admin.ask('POST', `/conversations/${mine.id}/accept`),
      ])
      expect([left.status, taken.status].filter((status) => status === 200)).toHaveLength(1)
      const held = await it.process.app.db('assignments').where({ work_id: mine.id }).whereNull('ended_at')
      expect(held).toHaveLength(taken.status === 200 ? 1 : 0)
    }
  })

  test('BP-003.5 who waits longer than the account allows is let go with a word', async () => {
    const patient = await it.connectWeb()
    await settle(patient, { teamId: team.id, queueMinutes: 5 })
    const mine = await waiting(patient)
    await it.travel(6 * 60_000)
    await until(async () => expect((await admin.conversation(mine.id)).closeReason).toBe('timed_out'))
    expect(await abandonments(mine.id)).toMatchObject([{ reason: 'timed_out' }])
    await until(async () => expect(textsOf(await admin.messages(mine.id))).toHaveLength(1))
  })
})

describe('BP-003.6 on WeChat, sparingly', () => {
  const texts = {
    queued: { on: true, zh: '您排在第 {排队位置} 位，预计等待{预计等待}。', en: 'Number {position}' },
    queue_moved: { on: true, zh: '现在第 {position} 位。', en: 'Now {position}' },
    handed_over: { on: true, zh: '客服 {客服} 为您服务', en: '{agent} is here' },
  }

  test('BP-003.6 he is told on entry, when he is next, and who serves him; the last answer of the purse is never spent on it', async () => {
    await settle(official, {}, texts)
    const ahead = await waiting()
    const customer = it.follower(official, '小雨')
    await customer.text('在吗')
    const words = () => JSON.stringify(customer.sent().map(({ content }) => content))
    await until(() => expect(words()).toContain('您排在第 2 位，预计等待时间暂时无法估计'))
    expect(words()).toContain('取消排队')
    await admin.post(`/conversations/${ahead.id}/accept`)
    await until(() => expect(words()).toContain('现在第 1 位'))
    const { id } = await it.conversationOf(admin, customer.openId)
    await agent.be('online')
    await until(() => expect(words()).toContain('客服 林晓 为您服务'))
    expect(customer.sent()).toHaveLength(3)
    expect((await agent.conversation(id)).replyWindow.remaining).toBeGreaterThanOrEqual(2)
  })

  test('BP-003.5 replay and leaving by word: the same callback again says nothing new, “取消排队” lets him go', async () => {
    await settle(official, {}, texts)
    const customer = it.follower(official)
    await customer.text('在吗')
    const { id } = await it.conversationOf(admin, customer.openId)
    await until(() => expect(customer.sent()).toHaveLength(1))
    const { db } = it.process.app
    const events = await db('domain_events').where({ subject_id: id }).select('id')
    await db('event_deliveries').insert(
      events.map((event) => ({ event_id: event.id, listener: 'replies.speak', next_attempt_at: db.fn.now() })),
    )
    await it.process.idle()
    await until(async () => expect(await db('event_deliveries').where({ listener: 'replies.speak' })).toEqual([]))
    expect(customer.sent()).toHaveLength(1)
    await it.tick()
    await customer.text('取消排队')
    await until(async () => expect((await admin.conversation(id)).closeReason).toBe('customer_left'))
    expect(await abandonments(id)).toMatchObject([{ reason: 'customer_left' }])
  })
})

test('BP-003.6 welcome and hand-over in the words of the account, the customer’s language, and never twice', async () => {
  const shop = await it.connectWeb()
  await settle(
    shop,
    { teamId: team.id },
    {
      welcome: { on: true, zh: '欢迎您，{客户}！', en: 'Welcome!' },
      handed_over: { on: true, zh: '客服 {客服} 为您服务', en: '{agent} is with you' },
    },
  )
  const english = await it.webCustomer(shop.id, { locale: 'en', pageUrl: 'https://shop.example.com' })
  await english.say('hello')
  const { id } = await conversationOf(english)
  await until(async () => expect(textsOf(await admin.messages(id))).toEqual(['Welcome!']))
  await agent.be('online')
  await until(async () => expect(textsOf(await admin.messages(id))).toEqual(['Welcome!', '林晓 is with you']))
  await english.say('again')
  await it.process.idle()
  expect(textsOf(await admin.messages(id))).toHaveLength(2)
})
