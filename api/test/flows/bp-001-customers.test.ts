import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import type { WebProfile } from '../../contract/registration.ts'
import { makeLink, newPhone, PageVisitor } from '../customer-login.ts'
import { type StaffClient, startTestApp, type TestApp, unique } from '../harness.ts'
import { until } from '../until.ts'

let it: TestApp
let admin: StaffClient
let web: { id: string }

beforeAll(async () => {
  it = await startTestApp()
  admin = await it.staff('admin')
  web = await it.connectWeb()
})
afterAll(() => it.stop())

const visit = () => new PageVisitor(it, web.id)
const profileOf = (client: { get<T>(path: string): Promise<T> }) => client.get<{ profile: WebProfile | null }>('/web/me')
const customerOf = async (phone: string) =>
  it.process.app
    .db('customer_identities')
    .where({ kind: 'phone', value: `+86${phone}` })
    .first('customer_id', 'verified_at')
const rows = (table: string, where: object) => it.process.app.db(table).where(where)

describe('BP-001.2 BP-001.3 registering by phone', () => {
  test('BP-001.3 a temporary customer is there at once, and talks at once', async () => {
    const phone = newPhone()
    const { client, registered, profile } = await visit().register(phone)
    expect(registered).toBe(true)
    expect(profile).toMatchObject({ status: 'temporary', name: null, phone: `+86 139****${phone.slice(-4)}`, hasPassword: false })
    await client.say('你好，我刚注册')
    const { conversation } = await client.history()
    expect(await admin.conversation(conversation?.id ?? '')).toMatchObject({
      status: 'queued',
      customer: { id: (await customerOf(phone)).customer_id },
    })
  })

  test.each([
    ['a mainland number with spaces and +86', '+86 137 0013 8001', true],
    ['a Hong Kong number', '+852 6123 4567', true],
    ['a Macau number', '+853 6612 3456', true],
    ['a Taiwan number', '+886 912 345 678', true],
    ['an American number', '+1 415 555 2671', false],
    ['a land line', '010-12345678', false],
    ['no number', 'not a number', false],
  ])('BP-001.2 %s: %s', async (_what, phone, good) => {
    const answer = await visit().askForCode(phone)
    if (good) expect(answer.status).toBe(201)
    else expect({ status: answer.status, code: answer.body.error.code }).toEqual({ status: 400, code: 'phone_invalid' })
  })

  test('BP-001.2 the answer is the same for a number we know and one we do not', async () => {
    const known = newPhone()
    await visit().register(known)
    await it.travel(61_000)
    const [one, other] = [await visit().askForCode(known), await visit().askForCode(newPhone())]
    expect(one.status).toBe(other.status)
    expect(Object.keys(one.body.data).sort()).toEqual(Object.keys(other.body.data).sort())
  })

  test('BP-001.2 a number that is taken signs in to its customer, on any device, with all he wrote', async () => {
    const phone = newPhone()
    const first = await visit().register(phone)
    await first.client.say('在电脑上写的')
    await it.travel(61_000)
    const second = await visit().register(phone)
    expect(second.registered).toBe(false)
    expect((await second.client.history()).messages).toHaveLength((await first.client.history()).messages.length)
    await second.client.say('在手机上写的')
    expect((await first.client.history()).messages.map(({ parts }) => JSON.stringify(parts)).join()).toContain('在手机上写的')
  })

  test('race: two devices that register one number at once are one customer', async () => {
    const phone = newPhone()
    const code = await visit().code(phone)
    const answers = await Promise.all(Array.from({ length: 4 }, () => visit().tryLogin({ method: 'code', phone, code })))
    // The code is good once, and it makes one customer.
    expect(answers.filter(({ status }) => status === 201)).toHaveLength(1)
    expect(await rows('customer_identities', { kind: 'phone', value: `+86${phone}` })).toHaveLength(1)
  })

  test('BP-001.2 consent: version, time and address are kept, and nobody comes in by an older text', async () => {
    const [phone, visitor] = [newPhone(), visit()]
    const { privacyVersion } = await visitor.page()
    const code = await visitor.code(phone)
    const stale = await visitor.tryLogin({ method: 'code', phone, code, privacyVersion: privacyVersion + 1 })
    expect({ status: stale.status, code: stale.body.error.code, context: stale.body.error.context }).toEqual({
      status: 409,
      code: 'privacy_changed',
      context: { version: privacyVersion },
    })
    // Refused before the code was spent.
    expect((await visitor.tryLogin({ method: 'code', phone, code })).status).toBe(201)
    const { customer_id } = await customerOf(phone)
    const [consent] = await rows('customer_consents', { customer_id })
    expect(consent).toMatchObject({ privacy_version: privacyVersion, method: 'code', ip: visitor.headers['x-forwarded-for'] })
    await expect(it.process.app.db('customer_consents').where({ customer_id }).update({ privacy_version: 9 })).rejects.toThrow()
  })

  test('the page says who runs it before anybody is known, and shows the privacy text', async () => {
    expect(await visit().page()).toMatchObject({ accountId: web.id, methods: expect.arrayContaining(['code', 'password']) })
    const text = await it.anonymous().get<{ version: number; zh: string; companyName: string }>('/web/privacy')
    expect(text.zh.length).toBeGreaterThan(20)
    await it.anonymous().expectError('GET', '/web/privacy?version=999', undefined, 404, 'not_found')
  })

  test.each([
    ['a role', { role: 'admin' }],
    ['an owner', { ownerId: '01930000-0000-7000-8000-000000000001' }],
    ['a status', { status: 'formal' }],
    ['no agreement', { privacyVersion: undefined }],
    ['a code of five digits', { code: '12345' }],
  ])('S12 S17 bad input: %s in the body is refused', async (_what, more) => {
    const { privacyVersion } = await visit().page()
    const body = { method: 'code', phone: newPhone(), code: '123456', privacyVersion, ...more }
    expect((await it.anonymous().ask('POST', `/web/${web.id}/logins`, body)).status).toBe(400)
  })
})

describe('S16 what was written before signing in', () => {
  test('who says that it was him takes his conversation along; it goes on where it was', async () => {
    const stranger = await it.webCustomer(web.id)
    await stranger.say('还没有注册时写的')
    const { client, token } = await visit().register(newPhone(), { token: stranger.token, keepConversation: true })
    expect((await client.history()).messages).toHaveLength(1)
    // A new token for a new right: the visitor's is worthless now.
    expect(token).not.toBe(stranger.token)
    await stranger.expectError('GET', '/web/history', undefined, 401, 'unauthenticated')
  })

  test('on a device that several people use, the last one’s words do not become the next one’s', async () => {
    const stranger = await it.webCustomer(web.id)
    await stranger.say('前一个人写的')
    const { client } = await visit().register(newPhone(), { token: stranger.token })
    expect((await client.history()).messages).toEqual([])
  })

  test('a customer we know takes it along to all his devices: both are one customer for staff', async () => {
    const phone = newPhone()
    const first = await visit().register(phone)
    await first.client.say('以前写的')
    await it.travel(61_000)
    const stranger = await it.webCustomer(web.id)
    await stranger.say('新设备上，登录前写的')
    const before = await stranger.history()
    const { client } = await visit().register(phone, { token: stranger.token, keepConversation: true })
    const { customer_id } = await customerOf(phone)
    expect((await admin.conversation(before.conversation?.id ?? '')).customer.id).toBe(customer_id)
    const newest = await client.history()
    const older = await client.history(`?conversationId=${newest.previousConversationId}`)
    expect(JSON.stringify([newest.messages, older.messages])).toContain('登录前写的')
    expect(JSON.stringify([newest.messages, older.messages])).toContain('以前写的')
  })

  test('a number that colleagues noted wrongly does not open the history of whom it was noted for', async () => {
    const mine = newPhone()
    const [victim, stranger] = [await visit().register(mine), newPhone()]
    await victim.client.say('别人不能看到')
    const { customer_id } = await customerOf(mine)
    await it.process.app.db('customer_identities').insert({
      id: (await it.process.app.db.raw('select gen_random_uuid() as id')).rows[0].id,
      customer_id,
      kind: 'phone',
      value: `+86${stranger}`,
      evidence: JSON.stringify({ source: 'staff' }),
    })
    const other = await visit().register(stranger)
    expect((await other.client.history()).messages).toEqual([])
    expect((await customerOf(stranger)).customer_id).not.toBe(customer_id)
  })

  test('a customer whom colleagues noted with his number, and who never signed in, is found by it', async () => {
    const phone = newPhone()
    const name = unique('陈晨')
    const { id } = await admin.post<{ id: string }>('/customers', { name, phone })
    const { profile } = await visit().register(phone)
    expect(profile.name).toBe(name)
    expect(await customerOf(phone)).toMatchObject({ customer_id: id, verified_at: expect.any(Date) })
  })

  test('a visitor whom his site vouches for keeps his identity to himself', async () => {
    const other = await it.connectWeb()
    const elsewhere = await it.webCustomer(other.id)
    await elsewhere.say('另一个网站')
    const { client } = await visit().register(newPhone(), { token: elsewhere.token, keepConversation: true })
    expect((await client.history()).messages).toEqual([])
  })
})

describe('BP-001.4 completing the profile', () => {
  test('BP-001.4 name, 单位 and 职务 come later; the agent sees the new name', async () => {
    const { client, profile } = await visit().register(newPhone())
    const patch = { name: '赵敏', organisation: '远山科技', title: '行政主管', version: profile.version }
    expect(await client.patch<WebProfile>('/web/me', patch)).toMatchObject({ name: '赵敏', organisation: '远山科技', title: '行政主管' })
    await client.say('在吗')
    const { conversation } = await client.history()
    expect((await admin.conversation(conversation?.id ?? '')).customer.name).toBe('赵敏')
    await client.expectError('PATCH', '/web/me', patch, 409, 'version_conflict')
  })

  test('a visitor has no profile, and can make none', async () => {
    const visitor = await it.webCustomer(web.id)
    expect(await profileOf(visitor)).toEqual({ profile: null })
    await visitor.expectError('PATCH', '/web/me', { name: '某人', version: 1 }, 404, 'not_found')
    expect(await visitor.get('/web/me/devices')).toEqual([])
  })

  test('S17 bad input: what a customer may not say of himself is refused', async () => {
    const { client, profile } = await visit().register(newPhone())
    for (const more of [{ status: 'formal' }, { ownerId: admin.me.id }, { note: 'x' }, { fields: {} }, { phone: '13800138000' }])
      await client.expectError('PATCH', '/web/me', { version: profile.version, ...more }, 400, 'invalid_request')
  })
})

describe('BP-001.1 where a link leads', () => {
  test('BP-001.1 who registers by it belongs to its maker and its team, and the maker may see him', async () => {
    const agent = await it.staff('agent', '周静')
    const team = await admin.post<{ id: string; version: number }>('/teams', { name: unique('展会接待') })
    await admin.put(`/teams/${team.id}/members/${agent.me.id}`, { role: 'agent' })
    const { token } = await makeLink(agent, web.id, { teamId: team.id })
    const phone = newPhone()
    await visit().register(phone, { link: token })
    const { customer_id } = await customerOf(phone)
    expect(await agent.get(`/customers/${customer_id}`)).toMatchObject({ owner: { id: agent.me.id } })
    const relation = await until(async () => {
      const [row] = await rows('service_relations', { customer_id })
      if (!row) throw new Error('no relation yet')
      return row
    })
    expect(relation).toMatchObject({ team_id: team.id, rank: 'primary', ended_at: null, created_by: agent.me.id })
  })
})
