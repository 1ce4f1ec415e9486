import { afterAll, afterEach, beforeAll, describe, expect, test } from '@jest/globals'
import { signIdentity } from '#adapters/web/identity.ts'
import type { Conversation } from '../../contract/conversation.ts'
import type { Customer } from '../../contract/customer.ts'
import { ApiClient } from '../api-client.ts'
import { newAddress, newKey, type OfficialAccount, type StaffClient, startTestApp, type TestApp, unique, WEB_SECRET } from '../harness.ts'
import { until } from '../until.ts'

let it: TestApp
let admin: StaffClient
let web: { id: string }
let official: OfficialAccount

beforeAll(async () => {
  it = await startTestApp()
  admin = await it.staff('admin')
  web = await it.connectWeb({ identitySecret: WEB_SECRET, allowedOrigins: ['https://shop.example.com'] })
  official = await it.connectOfficial()
}, 60_000)
afterAll(() => it.stop())

// Whoever is online gets what comes: each test begins with an empty house and an empty queue.
afterEach(async () => {
  const { db } = it.process.app
  await db('presences').update({ status: 'offline' })
  const waiting: { id: string }[] = await db('conversations').select('id').where({ status: 'queued' })
  await Promise.all(waiting.map(({ id }) => admin.post(`/conversations/${id}/accept`)))
})

const seconds = (ms = 0) => Math.floor((Date.now() + ms) / 1000)
const claim = (id: string, more: object = {}, accountId = web.id) => {
  const unsigned = { id, expiresAt: seconds(3_600_000), ...more }
  return { identity: { ...unsigned, signature: signIdentity(WEB_SECRET, accountId, unsigned) } }
}
const openWith = (request: object, accountId = web.id, headers: Record<string, string> = {}) =>
  new ApiClient(it.url, { 'x-forwarded-for': newAddress(), ...headers }).ask('POST', `/web/${accountId}/sessions`, request)

async function waitingCustomer(text = '在吗'): Promise<{ id: string; conversationId: string }> {
  const customer = await it.webCustomer(web.id)
  await customer.say(text)
  const { conversation } = await customer.history()
  return { id: customer.token, conversationId: conversation?.id ?? '' }
}

const assigneeOf = async (id: string) => (await admin.conversation(id)).assignee?.id ?? null
const untilHeldBy = (id: string, staff: StaffClient) => until(async () => expect(await assigneeOf(id)).toBe(staff.me.id))

describe('BP-003.1 CH-05 from our own page', () => {
  test('BP-003.1 CH-05 somebody unknown writes and waits in the queue, with the page he came from', async () => {
    const customer = await it.webCustomer(web.id, { pageUrl: 'https://shop.example.com/chairs' })
    expect((await customer.history()).conversation).toBeNull()
    const said = await customer.say('请问有灰色的吗？')
    expect(said).toMatchObject({
      seq: 1,
      direction: 'inbound',
      author: { kind: 'customer' },
      parts: [{ type: 'text', text: '请问有灰色的吗？' }],
    })
    const { conversation } = await customer.history()
    expect(conversation).toMatchObject({ status: 'queued', agent: null, queueAhead: 0 })
    const seen = await admin.conversation(conversation?.id ?? '')
    expect(seen).toMatchObject({ status: 'queued', unread: 1, source: { kind: 'page', label: 'https://shop.example.com/chairs' } })
    expect(seen.channel).toMatchObject({ accountId: web.id, kind: 'web' })
  })

  test('opening the page alone asks nobody for anything', async () => {
    const before = await admin.get<{ queued: number }>('/conversations/counts')
    await it.webCustomer(web.id)
    expect(await admin.get('/conversations/counts')).toEqual(before)
  })

  test('BP-003.1 with his token he goes on where he was; without it he is somebody else', async () => {
    const first = await it.webCustomer(web.id)
    await first.say('第一句')
    const again = await openWith({}, web.id, { authorization: `Bearer ${first.token}` })
    expect(again.status).toBe(201)
    const continued = new ApiClient(it.url, { authorization: `Bearer ${again.body.data.token}` })
    expect((await continued.get<{ messages: unknown[] }>('/web/history')).messages).toHaveLength(1)
    const stranger = await it.webCustomer(web.id)
    expect((await stranger.history()).messages).toEqual([])
  })

  test('BP-003.1 a visitor that the site vouches for is one customer in all his browsers, by name', async () => {
    const id = unique('member')
    const [laptop, phone] = [
      await it.webCustomer(web.id, claim(id, { name: '赵敏' })),
      await it.webCustomer(web.id, claim(id, { name: '赵敏' })),
    ]
    await laptop.say('电脑上')
    await phone.say('手机上')
    const history = await laptop.history()
    expect(history.messages.filter(({ direction }) => direction === 'inbound')).toHaveLength(2)
    expect((await admin.conversation(history.conversation?.id ?? '')).customer.name).toBe('赵敏')
  })

  test('what he wrote before he signed in stays apart from what the site vouches for', async () => {
    const anonymous = await it.webCustomer(web.id)
    await anonymous.say('还没登录')
    const answer = await openWith(claim(unique('member')), web.id, { authorization: `Bearer ${anonymous.token}` })
    expect(answer.body.data.identified).toBe(true)
    const identified = new ApiClient(it.url, { authorization: `Bearer ${answer.body.data.token}` })
    expect((await identified.get<{ messages: unknown[] }>('/web/history')).messages).toEqual([])
  })

  test.each([
    ['another signature', () => ({ identity: { ...claim('m').identity, signature: '0'.repeat(64) } })],
    ['somebody else’s id', () => ({ identity: { ...claim('m').identity, id: 'n' } })],
    ['a signature for another account', () => claim('m', {}, '01930000-0000-7000-8000-000000000001')],
    ['an expired one', () => claim('m', { expiresAt: seconds(-1000) })],
    ['one that lives too long', () => claim('m', { expiresAt: seconds(3 * 86_400_000) })],
  ])('bad input: %s is refused, never taken for anonymous', async (_what, request) => {
    const answer = await openWith(request())
    expect({ status: answer.status, code: answer.body.error.code }).toEqual({ status: 401, code: 'identity_invalid' })
  })

  test('where identity is required nobody comes in without', async () => {
    const strict = await it.connectWeb({ identitySecret: WEB_SECRET, requireIdentity: true })
    const answer = await openWith({}, strict.id)
    expect({ status: answer.status, code: answer.body.error.code }).toEqual({ status: 403, code: 'identity_required' })
    expect((await openWith(claim('m', {}, strict.id), strict.id)).status).toBe(201)
    // A token of another page opens nothing here.
    const elsewhere = await it.webCustomer(web.id)
    expect((await openWith({}, strict.id, { authorization: `Bearer ${elsewhere.token}` })).status).toBe(403)
  })

  test('a page that is not there, switched off, or of another kind of channel looks the same', async () => {
    const closed = await it.connectWeb()
    await admin.patch(`/channel-accounts/${closed.id}`, { status: 'disabled', version: 1 })
    const answers = await Promise.all(['01930000-0000-7000-8000-0000000000ff', closed.id, official.id].map((id) => openWith({}, id)))
    expect(new Set(answers.map(({ status, body }) => `${status} ${body.error.code}`))).toEqual(new Set(['404 not_found']))
    for (const id of ['01930000-0000-7000-8000-0000000000ff', official.id])
      expect((await it.anonymous().ask('GET', `//chat/${id}`)).status).toBe(404)
  })

  test('BP-003.1 the same message sent twice at once is one message in one conversation', async () => {
    const customer = await it.webCustomer(web.id)
    const clientKey = newKey()
    const answers = await Promise.all(Array.from({ length: 5 }, () => customer.say('只说一次', clientKey)))
    expect(new Set(answers.map(({ id }) => id)).size).toBe(1)
    expect((await customer.history()).messages.filter(({ direction }) => direction === 'inbound')).toHaveLength(1)
  })

  test('bad input: empty, blank, NUL, a lone surrogate, too many parts, foreign files and unknown keys are refused', async () => {
    const customer = await it.webCustomer(web.id)
    const text = (words: string) => ({ type: 'text', text: words })
    const bad = [
      [],
      [text('')],
      [text('  \n ')],
      [text('a\u0000b')],
      [text('\ud800')],
      Array.from({ length: 10 }, () => text('x')),
      [{ ...text('x'), html: '<b>' }],
    ]
    for (const parts of bad) await customer.expectError('POST', '/web/messages', { clientKey: newKey(), parts }, 400, 'invalid_request')
    await customer.expectError(
      'POST',
      '/web/messages',
      { clientKey: newKey(), parts: [text('x')], direction: 'outbound' },
      400,
      'invalid_request',
    )
    expect((await customer.history()).messages).toEqual([])
  })
})

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

  test('BP-003.1 fifty new customers with three messages each at one instant are fifty conversations and one hundred and fifty rows', async () => {
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
    }, 30_000)
    const conversations = await db('conversations').whereIn('identity_id', identities().select('id'))
    expect(conversations).toHaveLength(50)
    expect(new Set(conversations.map((row) => row.customer_id)).size).toBe(50)
    expect(conversations.every((row) => row.last_seq === 3 && row.unread === 3 && row.status === 'queued')).toBe(true)
  }, 60_000)
})

describe('who gets it', () => {
  test('with nobody online it waits, oldest first, and goes out in that order when somebody comes', async () => {
    const waiting = [await waitingCustomer('一'), await waitingCustomer('二'), await waitingCustomer('三')]
    const queue = await admin.ask('GET', '/conversations?status=queued&sort=waiting')
    expect(queue.body.data.map((row: Conversation) => row.id)).toEqual(waiting.map(({ conversationId }) => conversationId))
    const agent = await it.staff('agent', '林晓')
    await it.process.app.db('presences').insert({ account_id: agent.me.id, capacity: 2 })
    await it.process.app.db.raw(`alter table presences alter column capacity set default 2`)
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

  test('an agent sees the queue and his own, a supervisor sees all, and a conversation of others is not there', async () => {
    const [mine, theirs] = [await waitingCustomer(), await waitingCustomer()]
    const [one, other, supervisor] = [await it.staff('agent'), await it.staff('agent'), await it.staff('supervisor')]
    await one.post(`/conversations/${mine.conversationId}/accept`)
    await other.post(`/conversations/${theirs.conversationId}/accept`)
    await one.expectError('GET', `/conversations/${theirs.conversationId}`, undefined, 404, 'not_found')
    expect((await supervisor.conversation(theirs.conversationId)).permissions).toMatchObject({ reply: false, accept: false, close: true })
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
