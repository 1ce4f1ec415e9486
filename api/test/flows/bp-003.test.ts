import { afterAll, afterEach, beforeAll, describe, expect, test } from '@jest/globals'
import { signIdentity } from '#adapters/web/identity.ts'
import { ApiClient } from '../api-client.ts'
import { newAddress, newKey, type OfficialAccount, type StaffClient, startTestApp, type TestApp, unique, WEB_SECRET } from '../harness.ts'

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

const seconds = (ms = 0) => Math.floor((Date.now() + ms) / 1000)
const claim = (id: string, more: object = {}, accountId = web.id) => {
  const unsigned = { id, expiresAt: seconds(3_600_000), ...more }
  return { identity: { ...unsigned, signature: signIdentity(WEB_SECRET, accountId, unsigned) } }
}
const openWith = (request: object, accountId = web.id, headers: Record<string, string> = {}) =>
  new ApiClient(it.url, { 'x-forwarded-for': newAddress(), ...headers }).ask('POST', `/web/${accountId}/sessions`, request)

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
