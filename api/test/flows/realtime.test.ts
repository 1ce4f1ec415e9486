import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import { type StaffClient, startTestApp, type TestApp, type WebCustomer } from '../harness.ts'
import { PUBLIC_URL } from '../installation.ts'
import { openSocket } from '../socket-client.ts'
import { until } from '../until.ts'
import { supervisorOf } from '../supervisor-of.ts'

let it: TestApp
let admin: StaffClient
let agent: StaffClient
let web: { id: string }

beforeAll(async () => {
  it = await startTestApp()
  admin = await it.staff('admin')
  agent = await it.staff('agent', '林晓')
  web = await it.connectWeb()
})
afterAll(() => it.stop())

async function serving(by = agent): Promise<{ customer: WebCustomer; id: string }> {
  const customer = await it.webCustomer(web.id)
  await customer.say('在吗')
  const id = (await customer.history()).conversation?.id ?? ''
  await by.post(`/conversations/${id}/accept`)
  return { customer, id }
}
const ticketOf = async (client: StaffClient | WebCustomer, path = '/realtime/tickets') =>
  (await client.post<{ ticket: string }>(path)).ticket

describe('who may open a socket', () => {
  test('a ticket opens one socket, once, also when two come with it at once', async () => {
    const ticket = await ticketOf(agent)
    const tries = await Promise.allSettled([1, 2, 3].map(() => openSocket(it.url, { namespace: '/', ticket })))
    expect(tries.filter(({ status }) => status === 'fulfilled')).toHaveLength(1)
    await expect(openSocket(it.url, { namespace: '/', ticket })).rejects.toThrow('unauthenticated')
  })

  test('S3 a foreign origin, no ticket, a guessed one, a customer’s ticket and an expired one are refused', async () => {
    const { customer } = await serving()
    await expect(openSocket(it.url, { namespace: '/', ticket: await ticketOf(agent), origin: 'https://evil.example' })).rejects.toThrow()
    await expect(openSocket(it.url, { namespace: '/', ticket: '' })).rejects.toThrow()
    await expect(openSocket(it.url, { namespace: '/', ticket: 'x'.repeat(43) })).rejects.toThrow('unauthenticated')
    const customers = await ticketOf(customer, '/web/realtime-tickets')
    await expect(openSocket(it.url, { namespace: '/', ticket: customers })).rejects.toThrow('unauthenticated')
    await expect(openSocket(it.url, { namespace: '/customer', ticket: await ticketOf(agent) })).rejects.toThrow('unauthenticated')
    const expired = await ticketOf(agent)
    await it.process.app.redis.del(await it.process.app.redis.keys(`${it.redisPrefix}:ticket:*`))
    await expect(openSocket(it.url, { namespace: '/', ticket: expired })).rejects.toThrow('unauthenticated')
  })

  test('a ticket is worth nothing when its session has ended meanwhile', async () => {
    const other = await it.logIn(agent.me.username)
    const ticket = await ticketOf(other)
    await other.post('/auth/logout')
    await expect(openSocket(it.url, { namespace: '/', ticket })).rejects.toThrow('unauthenticated')
  })
})

describe('S2 who hears what', () => {
  test('rooms come from the session: asking to join hears nothing, and others’ conversations stay silent', async () => {
    const { customer, id } = await serving()
    const stranger = await it.staff('agent')
    const [spy, desk] = [await stranger.socket(), await agent.socket()]
    for (const command of ['join', 'subscribe', 'room']) spy.socket.emit(command, `conversation:${id}`)
    spy.socket.emit('join', { room: `staff:${agent.me.id}` })
    expect(await spy.say('watch', { conversationId: id })).toEqual({ error: { code: 'not_found' } })
    const said = await customer.say('只给林晓')
    await desk.waitFor('message.created', (event) => event.seq === said.seq && event.id === id)
    expect(spy.events.filter((event) => 'id' in event && event.id === id)).toEqual([])
  })

  test('a customer hears his own alone', async () => {
    const [one, other] = [await serving(), await serving()]
    const [mine, theirs] = [await one.customer.socket(), await other.customer.socket()]
    const sent = await agent.reply(one.id, '给您的')
    await mine.waitFor('message.created', (event) => event.seq === sent.seq)
    expect(theirs.events.filter((event) => 'id' in event && event.id === one.id)).toEqual([])
    expect(await theirs.say('typing', { conversationId: one.id, typing: true })).toEqual({ error: { code: 'not_found' } })
    expect(JSON.stringify(mine.events)).not.toContain(agent.me.id)
  })

  test('who watches hears, sees who else is there, and is gone when he leaves', async () => {
    const { customer, id } = await serving()
    const supervisor = await supervisorOf(it, [agent], '周岚')
    const [looking, desk] = [await supervisor.socket(), await agent.socket()]
    expect(await desk.say('watch', { conversationId: id })).toEqual({ ok: true })
    expect(await looking.say('watch', { conversationId: id })).toEqual({ ok: true })
    await desk.waitFor('conversation.viewers', (event) => event.patch.viewers.length === 2)
    const said = await customer.say('两位好')
    await looking.waitFor('message.created', (event) => event.seq === said.seq)
    looking.close()
    await until(() => expect(desk.of('conversation.viewers').at(-1)?.patch.viewers).toEqual([{ id: agent.me.id, name: '林晓' }]))
    expect(await desk.say('unwatch', { conversationId: id })).toEqual({ ok: true })
  })

  test('both sides see the other type', async () => {
    const { customer, id } = await serving()
    const [desk, page] = [await agent.socket(), await customer.socket()]
    expect(await page.say('typing', { conversationId: id, typing: true })).toEqual({ ok: true })
    await desk.waitFor('conversation.typing', (event) => event.id === id && event.patch.from === 'customer' && event.patch.typing)
    expect(await desk.say('typing', { conversationId: id, typing: true })).toEqual({ ok: true })
    expect((await page.waitFor('conversation.typing', (event) => event.id === id)).patch).toEqual({ from: 'agent', typing: true })
  })

  test('the queue is everybody’s: a new conversation appears for all and leaves all but its agent', async () => {
    const [one, two] = [await it.staff('agent'), await it.staff('agent')]
    const [first, second] = [await one.socket(), await two.socket()]
    const customer = await it.webCustomer(web.id)
    await customer.say('有人吗')
    const id = (await customer.history()).conversation?.id ?? ''
    await Promise.all([first, second].map((socket) => socket.waitFor('conversation.updated', (event) => event.id === id)))
    await one.post(`/conversations/${id}/accept`)
    await second.waitFor('conversation.removed', (event) => event.id === id)
    await first.waitFor('conversation.updated', (event) => event.id === id && event.patch.conversation.status === 'open')
    expect(first.of('conversation.removed')).toEqual([])
  })
})

describe('nothing stays lost', () => {
  test('what came while a socket was away is fetched by its sequence, without gap or repetition', async () => {
    const { customer, id } = await serving()
    const before = await agent.socket()
    const seen = await customer.say('一')
    await before.waitFor('message.created', (event) => event.seq === seen.seq)
    before.close()
    for (const text of ['二', '三', '四']) await customer.say(text)
    const after = await agent.socket()
    const said = await customer.say('五')
    await after.waitFor('message.created', (event) => event.seq === said.seq)
    const missed = await agent.messages(id, `?afterSeq=${seen.seq}`)
    expect(missed.map(({ seq }) => seq)).toEqual([1, 2, 3, 4].map((step) => seen.seq + step))
  })

  test('I3 what the events made of a conversation is what a fresh look shows', async () => {
    const { customer, id } = await serving()
    const desk = await agent.socket()
    const said = await customer.say('一')
    await agent.reply(id, '二')
    await customer.post('/web/read', { conversationId: id, seq: said.seq + 1 })
    await agent.post(`/conversations/${id}/notes`, { clientKey: 'note-note', text: '记' })
    const fresh = await until(async () => {
      const now = await agent.conversation(id)
      const last = desk
        .of('conversation.updated')
        .filter((event) => event.id === id)
        .at(-1)
      expect(last?.version).toBe(now.version)
      return { now, last }
    })
    expect(fresh.now).toMatchObject(fresh.last?.patch.conversation ?? { id: 'none' })
    await until(async () => {
      const messages = new Map<number, unknown>()
      for (const event of desk.of('message.created')) if (event.id === id) messages.set(event.patch.message.seq, event.patch.message)
      for (const event of desk.of('message.updated')) if (event.id === id) messages.set(event.patch.message.seq, event.patch.message)
      const rows = (await agent.messages(id, `?afterSeq=${said.seq - 1}`)).map((message) => ({
        ...message,
        delivery: message.delivery && { ...message.delivery, state: expect.any(String) },
      }))
      expect([...messages].sort(([a], [b]) => a - b).map(([, message]) => message)).toEqual(rows)
    })
  })

  test('every ten seconds the newest is named, and sockets of sessions that were revoked elsewhere are cut', async () => {
    const { customer, id } = await serving()
    const revoked = await it.staff('agent')
    const [desk, page, gone] = [await agent.socket(), await customer.socket(), await revoked.socket()]
    await it.process.app.db('sessions').where({ account_id: revoked.me.id }).update({ revoked_at: new Date() })
    await until(async () => {
      const { lastSeq, version } = await agent.conversation(id)
      expect(desk.of('beacon').at(-1)?.conversations[id]).toEqual([lastSeq, version])
      expect(page.of('beacon').at(-1)?.conversations).toEqual({ [id]: [lastSeq, version] })
    }, 15_000)
    await gone.cut
  }, 30_000)
})

describe('sockets that misbehave', () => {
  test.each([
    ['nothing', undefined],
    ['a text', 'watch'],
    ['an id that is none', { conversationId: 'x' }],
    ['an unknown key', { conversationId: '01930000-0000-7000-8000-00000000000b', as: 'admin' }],
  ])('%s instead of a command’s input is refused', async (_what, input) => {
    const desk = await agent.socket()
    expect(await desk.say('watch', input)).toEqual({ error: { code: 'invalid_request' } })
  })

  test('a command that does not exist is answered with just that', async () => {
    const desk = await agent.socket()
    expect(await desk.say('join', { room: 'staff' })).toEqual({ error: { code: 'route_not_found' } })
  })

  test('too many commands are refused, too large a frame ends the socket, and the others live on', async () => {
    const [flooding, quiet] = [await agent.socket(), await admin.socket()]
    // 240 a minute; the next minute may begin in the midst of them.
    const answers = await Promise.all(Array.from({ length: 600 }, () => flooding.say('unwatch', { conversationId: 'x' })))
    expect(answers.filter((answer) => 'error' in answer && answer.error.code === 'rate_limited').length).toBeGreaterThanOrEqual(120)
    flooding.socket.emit('watch', 'x'.repeat(2_000_000))
    await flooding.cut
    expect(quiet.socket.connected).toBe(true)
  })

  test('presence is everybody’s news', async () => {
    const desk = await admin.socket()
    await agent.be('busy')
    await desk.waitFor('presence.updated', (event) => event.id === agent.me.id && event.patch.presence.status === 'busy')
    await agent.be('offline')
  })

  test('our own pages may open one under the public address', async () => {
    const socket = await openSocket(it.url, { namespace: '/', ticket: await ticketOf(agent), origin: PUBLIC_URL })
    expect(socket.socket.connected).toBe(true)
  })
})
