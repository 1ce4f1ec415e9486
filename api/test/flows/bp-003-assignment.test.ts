import { afterAll, afterEach, beforeAll, describe, expect, test } from '@jest/globals'
import type { Conversation } from '../../contract/conversation.ts'
import type { Customer } from '../../contract/customer.ts'
import { type OfficialAccount, type StaffClient, startTestApp, type TestApp, WEB_SECRET } from '../harness.ts'
import { until } from '../until.ts'
import { supervisorOf } from '../supervisor-of.ts'

let it: TestApp
let admin: StaffClient
let web: { id: string }
let official: OfficialAccount

beforeAll(async () => {
  it = await startTestApp()
  admin = await it.staff('admin')
  web = await it.connectWeb({ identitySecret: WEB_SECRET, allowedOrigins: ['https://shop.example.com'] })
  official = await it.connectOfficial()
})
afterAll(() => it.stop())

// Whoever is online gets what comes: each test begins with an empty house and an empty queue.
afterEach(async () => {
  const { db } = it.process.app
  await db('presences').update({ status: 'offline' })
  const waiting: { id: string }[] = await db('conversations').select('id').where({ status: 'queued' })
  await Promise.all(waiting.map(({ id }) => admin.post(`/conversations/${id}/accept`)))
})

async function waitingCustomer(text = '在吗'): Promise<{ id: string; conversationId: string }> {
  const customer = await it.webCustomer(web.id)
  await customer.say(text)
  const { conversation } = await customer.history()
  return { id: customer.token, conversationId: conversation?.id ?? '' }
}

const assigneeOf = async (id: string) => (await admin.conversation(id)).assignee?.id ?? null
const untilHeldBy = (id: string, staff: StaffClient) => until(async () => expect(await assigneeOf(id)).toBe(staff.me.id))

describe('BP-003.1 from WeChat', () => {
  test('BP-003.1 CH-01 a message on the official account waits in the queue', async () => {
    const customer = it.follower(official)
    const delivery = await customer.text('在吗')
    expect(delivery.attempts[0]).toMatchObject({ status: 200, answer: 'success' })
    const conversation = await it.conversationOf(admin, customer.openId)
    expect(conversation).toMatchObject({
      status: 'queued',
      unread: 1,
      channel: { kind: 'wechat-official' },
      replyWindow: { state: 'open', remaining: 5 },
    })
  })

  test('BP-003.1 CH-01 following and scanning alone queue nobody; the first message does, and keeps where he came from', async () => {
    const customer = it.follower(official)
    await customer.unfollow()
    await customer.follow('desk-7')
    await until(async () => {
      const row = await it.process.app.db('customer_identities').where({ value: customer.openId }).first('pending_source')
      expect(row?.pending_source).toEqual({ kind: 'qr', label: 'desk-7' })
    })
    expect(
      await it.process.app
        .db('conversations as v')
        .join('customer_identities as i', 'i.id', 'v.identity_id')
        .where('i.value', customer.openId),
    ).toEqual([])
    await it.tick()
    await customer.text('我扫了码')
    expect((await it.conversationOf(admin, customer.openId)).source).toEqual({ kind: 'qr', label: 'desk-7' })
  })

  test('a scan in the middle of a conversation is a line in it', async () => {
    const customer = it.follower(official)
    await customer.text('在吗')
    const { id } = await it.conversationOf(admin, customer.openId)
    await it.tick()
    await customer.scan('shelf-3')
    await until(async () =>
      expect((await admin.messages(id)).at(-1)?.parts).toEqual([
        { type: 'notice', code: 'customer_entered', params: { label: 'shelf-3' } },
      ]),
    )
  })

  test('F7 BP-003.1 fifty new customers with three messages each at one instant are fifty conversations and one hundred and fifty rows', async () => {
    const customers = Array.from({ length: 50 }, () => it.follower(official))
    const openIds = customers.map(({ openId }) => openId)
    await Promise.all(customers.flatMap((customer) => ['一', '二', '三'].map((text) => customer.text(text))))
    const { db } = it.process.app
    const identities = () => db('customer_identities').whereIn('value', openIds)
    await until(async () => {
      const rows = await db('messages as m')
        .join('conversations as v', 'v.id', 'm.conversation_id')
        .whereIn('v.identity_id', identities().select('id'))
        .where('m.direction', 'inbound')
      expect(rows).toHaveLength(150)
    })
    const conversations = await db('conversations').whereIn('identity_id', identities().select('id'))
    expect(conversations).toHaveLength(50)
    expect(new Set(conversations.map((row) => row.customer_id)).size).toBe(50)
    // Who waits longer may have been told his place, which is a line of its own.
    expect(conversations.every((row) => row.last_seq >= 3 && row.unread === 3 && row.status === 'queued')).toBe(true)
  })
})

describe('who gets it', () => {
  test('with nobody online it waits, oldest first, and goes out in that order when somebody comes', async () => {
    const waiting = [await waitingCustomer('一'), await waitingCustomer('二'), await waitingCustomer('三')]
    const queue = await admin.ask('GET', '/conversations?status=queued&sort=waiting')
    expect(queue.body.data.map((row: Conversation) => row.id)).toEqual(waiting.map(({ conversationId }) => conversationId))
    const agent = await it.staff('agent', '林晓')
    await it.process.app.db('presences').insert({ account_id: agent.me.id, capacity: 2 })
    await it.process.app.db('presences').where({ account_id: agent.me.id }).update({ capacity: 2 })
    await agent.be('online')
    const [first, second, third] = waiting.map(({ conversationId }) => conversationId)
    await untilHeldBy(first!, agent)
    await untilHeldBy(second!, agent)
    // No room for the third until one is closed.
    expect(await assigneeOf(third!)).toBeNull()
    await agent.post(`/conversations/${first}/close`, { reason: 'resolved' })
    await untilHeldBy(third!, agent)
  })

  test('BP-003.4 who goes on writing keeps nobody else waiting: while his row is held others find their agent, and he as soon as it is free', async () => {
    const [busy, next] = [await waitingCustomer('我还在打字'), await waitingCustomer('请问')]
    const agent = await it.staff('agent')
    const { db } = it.process.app
    const trx = await db.transaction()
    try {
      await trx('conversations').where({ id: busy.conversationId }).forNoKeyUpdate().first('id')
      await agent.be('online')
      await untilHeldBy(next.conversationId, agent)
      await untilHeldBy((await waitingCustomer('还有一位')).conversationId, agent)
      expect(await assigneeOf(busy.conversationId)).toBeNull()
    } finally {
      await trx.rollback()
    }
    await untilHeldBy(busy.conversationId, agent)
  })

  test('the agent with the fewest open conversations gets the next; of equals, who has waited longest', async () => {
    const [one, two] = [await it.staff('agent'), await it.staff('agent')]
    await one.be('online')
    const first = await waitingCustomer()
    await untilHeldBy(first.conversationId, one)
    await two.be('online')
    const second = await waitingCustomer()
    await untilHeldBy(second.conversationId, two)
    // Equal loads: the one whose last assignment is longer ago.
    const third = await waitingCustomer()
    await untilHeldBy(third.conversationId, one)
    const notice = (await admin.messages(third.conversationId)).at(-1)
    expect(notice?.parts).toMatchObject([{ type: 'notice', code: 'conversation_assigned', params: { reason: 'least_open', open: 1 } }])
  })

  test.each(['busy', 'break', 'offline'] as const)('who is %s gets nothing', async (status) => {
    const agent = await it.staff('agent')
    await agent.be('online')
    await agent.be(status)
    const { conversationId } = await waitingCustomer()
    await it.process.idle()
    expect(await assigneeOf(conversationId)).toBeNull()
  })

  test('two agents take one at once: one has it, the other is told who', async () => {
    const { conversationId } = await waitingCustomer()
    const agents = [await it.staff('agent', '林晓'), await it.staff('agent', '王可')]
    const answers = await Promise.all(agents.map((agent) => agent.ask('POST', `/conversations/${conversationId}/accept`)))
    expect(answers.map(({ status }) => status).sort()).toEqual([200, 409])
    const winner = agents[answers.findIndex(({ status }) => status === 200)]
    const refusal = answers.find(({ status }) => status === 409)
    expect(refusal?.body.error).toMatchObject({
      code: 'already_assigned',
      context: { assignee: { id: winner?.me.id, name: winner?.me.name } },
    })
    expect(await assigneeOf(conversationId)).toBe(winner?.me.id)
    // Replay: taking it once more changes nothing.
    await winner?.expectError('POST', `/conversations/${conversationId}/accept`, undefined, 409, 'already_assigned')
    expect(await it.process.app.db('assignments').where({ work_id: conversationId })).toHaveLength(1)
  })

  test('an agent who is full cannot take more by hand', async () => {
    const [held, wanted] = [await waitingCustomer(), await waitingCustomer()]
    const agent = await it.staff('agent')
    await it.process.app.db('presences').insert({ account_id: agent.me.id, capacity: 1 })
    await agent.post(`/conversations/${held.conversationId}/accept`)
    await agent.expectError('POST', `/conversations/${wanted.conversationId}/accept`, undefined, 409, 'at_capacity')
  })

  test('an agent sees the queue and his own, a supervisor those of his people, and a conversation of others is not there', async () => {
    const [mine, theirs] = [await waitingCustomer(), await waitingCustomer()]
    const [one, other] = [await it.staff('agent'), await it.staff('agent')]
    const [supervisor, foreign] = [await supervisorOf(it, [other]), await supervisorOf(it, [one])]
    await one.post(`/conversations/${mine.conversationId}/accept`)
    await other.post(`/conversations/${theirs.conversationId}/accept`)
    await one.expectError('GET', `/conversations/${theirs.conversationId}`, undefined, 404, 'not_found')
    expect((await supervisor.conversation(theirs.conversationId)).permissions).toMatchObject({ reply: false, accept: false, close: true })
    await foreign.expectError('GET', `/conversations/${theirs.conversationId}`, undefined, 404, 'not_found')
    const list = await one.ask('GET', '/conversations?status=open')
    expect(list.body.data.map((row: Conversation) => row.id)).toEqual([mine.conversationId])
    await one.expectError('GET', `/conversations?assignee=${other.me.id}`, undefined, 403, 'forbidden')
  })

  test('a customer is known to whom he concerns, and gets the name that staff know him by', async () => {
    const { conversationId } = await waitingCustomer()
    const [agent, other] = [await it.staff('agent'), await it.staff('agent')]
    await agent.post(`/conversations/${conversationId}/accept`)
    const { customer } = await agent.conversation(conversationId)
    await other.expectError('GET', `/customers/${customer.id}`, undefined, 404, 'not_found')
    const renamed = await agent.patch<Customer>(`/customers/${customer.id}`, { remarkName: '赵敏（行政）', version: 1 })
    expect(renamed).toMatchObject({ remarkName: '赵敏（行政）', version: 2 })
    await agent.expectError('PATCH', `/customers/${customer.id}`, { remarkName: 'x', version: 1 }, 409, 'version_conflict')
    expect((await agent.conversation(conversationId)).customer.name).toBe('赵敏（行政）')
  })
})
