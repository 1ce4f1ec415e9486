import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import type { WebDevice, WebLogin } from '../../contract/registration.ts'
import { newPhone, PageVisitor } from '../customer-login.ts'
import { startTestApp, type TestApp, type WebCustomer } from '../harness.ts'

let it: TestApp
let web: { id: string }

beforeAll(async () => {
  it = await startTestApp()
  web = await it.connectWeb()
})
afterAll(() => it.stop())

const visit = () => new PageVisitor(it, web.id)
const PASSWORD = '出差记得带上雨伞和充电器'
const setPassword = (client: WebCustomer, password = PASSWORD, current?: string) =>
  client.ask('PUT', '/web/me/password', { password, ...(current === undefined ? {} : { current }) })
const codeOf = (answer: { status: number; body: { error?: { code: string } } }) =>
  `${answer.status} ${answer.body.error?.code ?? ''}`.trim()

describe('BP-002.1 customers with a password', () => {
  test('BP-002.1 a customer sets one after his code and signs in with it', async () => {
    const phone = newPhone()
    const { client } = await visit().register(phone)
    expect((await setPassword(client)).status).toBe(200)
    await client.say('你好')
    const answer = await visit().tryLogin({ method: 'password', phone, password: PASSWORD })
    expect(answer.status).toBe(201)
    const again = visit().as((answer.body.data as WebLogin).token)
    expect((await again.history()).messages).toHaveLength(1)
  })

  test('BP-002.1 a wrong password, a number without one and a number nobody has get the same answer', async () => {
    const [phone, without] = [newPhone(), newPhone()]
    const { client } = await visit().register(phone)
    await setPassword(client)
    await visit().register(without)
    const tries = [
      await visit().tryLogin({ method: 'password', phone, password: 'not this one at all' }),
      await visit().tryLogin({ method: 'password', phone: without, password: PASSWORD }),
      await visit().tryLogin({ method: 'password', phone: newPhone(), password: PASSWORD }),
    ]
    expect(new Set(tries.map((answer) => JSON.stringify([answer.status, answer.body])))).toHaveProperty('size', 1)
    expect(tries.map(codeOf)[0]).toBe('401 invalid_credentials')
  })

  test('after five wrong ones from one place even the right one waits', async () => {
    const phone = newPhone()
    const { client } = await visit().register(phone)
    await setPassword(client)
    const desk = visit()
    for (let tries = 0; tries < 5; tries++) await desk.tryLogin({ method: 'password', phone, password: 'not this one at all' })
    expect(codeOf(await desk.tryLogin({ method: 'password', phone, password: PASSWORD }))).toBe('429 account_locked')
    expect((await visit().tryLogin({ method: 'password', phone, password: PASSWORD })).status).toBe(201)
  })

  test('BP-002.1 the policy of staff holds: short, common and recent ones are refused', async () => {
    const { client } = await visit().register(newPhone())
    expect(codeOf(await setPassword(client, '12345678'))).toBe('400 password_weak')
    expect(codeOf(await setPassword(client, 'password123'))).toBe('400 password_weak')
    expect((await setPassword(client)).status).toBe(200)
    expect(codeOf(await setPassword(client))).toBe('400 password_reused')
    const phone = newPhone()
    expect(codeOf(await setPassword((await visit().register(phone)).client, `${phone} mine`))).toBe('400 password_weak')
  })

  test('without a fresh code the old one is needed', async () => {
    const { client } = await visit().register(newPhone())
    await setPassword(client)
    await it.travel(11 * 60_000)
    expect(codeOf(await setPassword(client, '另外一个足够长的新密码'))).toBe('400 password_wrong')
    expect(codeOf(await setPassword(client, '另外一个足够长的新密码', 'wrong old one'))).toBe('400 password_wrong')
    expect((await setPassword(client, '另外一个足够长的新密码', PASSWORD)).status).toBe(200)
  })

  test('BP-002.4 a forgotten one is set anew by a code; a refused one leaves the code good, and all other devices are out', async () => {
    const phone = newPhone()
    const { client } = await visit().register(phone)
    await setPassword(client)
    await it.travel(61_000)
    const visitor = visit()
    const code = await visitor.code(phone)
    const { privacyVersion } = await visitor.page()
    const reset = (password: string) => visitor.ask('POST', `/web/${web.id}/password-resets`, { phone, code, password, privacyVersion })
    expect(codeOf(await reset('123'))).toBe('400 password_weak')
    const done = await reset('另外一个足够长的新密码')
    expect(done.status).toBe(201)
    expect(codeOf(await reset('再换一个足够长的新密码'))).toBe('400 code_invalid')
    await client.expectError('GET', '/web/me', undefined, 401, 'unauthenticated')
    expect((await visit().as(done.body.data.token).get<{ profile: unknown }>('/web/me')).profile).toMatchObject({ hasPassword: true })
    expect(codeOf(await visit().tryLogin({ method: 'password', phone, password: PASSWORD }))).toBe('401 invalid_credentials')
  })
})

describe('S11 codes', () => {
  test('S11 five wrong tries, then the right one is refused too; parallel tries count', async () => {
    const phone = newPhone()
    const code = await visit().code(phone)
    const wrong = code === '000000' ? '000001' : '000000'
    const answers = await Promise.all(Array.from({ length: 12 }, () => visit().tryLogin({ method: 'code', phone, code: wrong })))
    expect(answers.filter(({ status }) => status === 201)).toEqual([])
    expect(answers.filter((answer) => codeOf(answer) === '400 code_invalid')).toHaveLength(5)
    expect(codeOf(await visit().tryLogin({ method: 'code', phone, code }))).toBe('429 too_many_tries')
  })

  test('S11 a code is good once, for its number alone, for five minutes', async () => {
    const [phone, other] = [newPhone(), newPhone()]
    const code = await visit().code(phone)
    expect(codeOf(await visit().tryLogin({ method: 'code', phone: other, code }))).toBe('400 code_invalid')
    expect((await visit().tryLogin({ method: 'code', phone, code })).status).toBe(201)
    expect(codeOf(await visit().tryLogin({ method: 'code', phone, code }))).toBe('400 code_invalid')
    const late = await visit().code(other)
    await it.travel(5 * 60_000 + 1000)
    expect(codeOf(await visit().tryLogin({ method: 'code', phone: other, code: late }))).toBe('400 code_expired')
  })

  test('S21 neither the number nor the code stands in any log', async () => {
    const phone = newPhone()
    const code = await visit().code(phone)
    await visit().tryLogin({ method: 'code', phone, code })
    expect(it.log.filter((line) => line.includes(phone) || line.includes(`"${code}"`))).toEqual([])
  })
})

describe('BP-002 devices of a customer', () => {
  test('he sees where he is signed in and ends one: its token and its socket are cut', async () => {
    const phone = newPhone()
    const first = await visit().register(phone)
    await first.client.say('你好')
    await it.travel(61_000)
    const second = await visit().register(phone)
    const devices = await second.client.get<WebDevice[]>('/web/me/devices')
    expect(devices).toMatchObject([
      { current: true, method: 'code' },
      { current: false, method: 'code' },
    ])
    const socket = await first.client.socket()
    const other = devices.find(({ current }) => !current)
    expect((await second.client.ask('DELETE', `/web/me/devices/${other?.id}`)).status).toBe(200)
    await first.client.expectError('GET', '/web/history', undefined, 401, 'unauthenticated')
    await socket.cut
    expect(await second.client.get('/web/me/devices')).toHaveLength(1)
  })

  test('also where the message to cut his socket is lost', async () => {
    const { client } = await visit().register(newPhone())
    const socket = await client.socket()
    const [device] = await client.get<WebDevice[]>('/web/me/devices')
    await it.process.app.db('customer_tokens').where({ id: device?.id }).update({ revoked_at: new Date() })
    await socket.cut
  })

  test('who signs in where somebody was signed in ends that one’s session here, and none of his others', async () => {
    const phone = newPhone()
    const shared = await visit().register(phone)
    await it.travel(61_000)
    const own = await visit().register(phone)
    const next = await visit().register(newPhone(), { token: shared.token })
    await shared.client.expectError('GET', '/web/me', undefined, 401, 'unauthenticated')
    expect((await own.client.ask('GET', '/web/me')).status).toBe(200)
    expect((await next.client.ask('GET', '/web/me')).status).toBe(200)
  })

  test('signing out ends this one alone; the next visitor on the device is somebody new', async () => {
    const phone = newPhone()
    const { client, token } = await visit().register(phone)
    await client.say('只有我能看到')
    await it.travel(61_000)
    const elsewhere = await visit().register(phone)
    expect((await client.ask('POST', '/web/logout')).status).toBe(200)
    await client.expectError('GET', '/web/me', undefined, 401, 'unauthenticated')
    expect((await elsewhere.client.history()).messages).toHaveLength(1)
    const next = await it.anonymous().ask('POST', `/web/${web.id}/sessions`, {}, { authorization: `Bearer ${token}` })
    expect(next.status).toBe(201)
    expect((await visit().as(next.body.data.token).history()).messages).toEqual([])
  })

  test('a page that is opened again goes on with the same session', async () => {
    const { token } = await visit().register(newPhone())
    const again = await it.anonymous().ask('POST', `/web/${web.id}/sessions`, {}, { authorization: `Bearer ${token}` })
    expect(again.body.data).toMatchObject({ token, identified: true })
  })

  test('S1 another customer’s device is not there', async () => {
    const [mine, his] = [await visit().register(newPhone()), await visit().register(newPhone())]
    const [device] = await his.client.get<WebDevice[]>('/web/me/devices')
    await mine.client.expectError('DELETE', `/web/me/devices/${device?.id}`, undefined, 404, 'not_found')
    expect(await his.client.get('/web/me/devices')).toHaveLength(1)
  })
})
