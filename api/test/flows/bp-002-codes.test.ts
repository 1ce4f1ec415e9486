import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import type { Answer } from '../api-client.ts'
import { ApiClient } from '../api-client.ts'
import { newAddress, PASSWORD, type StaffClient, startTestApp, type TestApp } from '../harness.ts'
import { PUBLIC_URL } from '../installation.ts'
import { codeSentTo, messagesTo, newPhone, otherThan } from '../text-messages.ts'

let it: TestApp

beforeAll(async () => {
  it = await startTestApp()
})
afterAll(() => it.stop())

const from = (address = newAddress()) => new ApiClient(it.url, { 'x-forwarded-for': address, origin: PUBLIC_URL })
const askCode = (phone: string, client = from(), purpose = 'staff_login', more: object = {}): Promise<Answer> =>
  client.ask('POST', '/auth/codes', { phone, purpose, ...more })
const enter = (phone: string, code: string, client = from()): Promise<Answer> => client.ask('POST', '/auth/code-login', { phone, code })
const said = ({ status, body }: Answer) => ({ status, code: body.error?.code })

/** Somebody with this number, bound the way it is bound. */
async function withPhone(phone = newPhone()): Promise<{ staff: StaffClient; phone: string }> {
  const staff = await it.staff('agent')
  await staff.post('/me/phone/codes', { phone })
  await staff.put('/me/phone', { phone, code: await codeSentTo(it, phone), password: PASSWORD })
  await it.travel(61 * 60_000)
  return { staff, phone }
}
const codesTo = async (phone: string) => (await messagesTo(it, phone)).length
const auditOf = (accountId: string, action: string) => it.process.app.db('audit_entries').where({ object_id: accountId, action })

describe('BP-002.2 signing in with a code by SMS', () => {
  test('BP-002.2 a code of six digits, good for five minutes, signs its owner in and is spent by it', async () => {
    const { staff, phone } = await withPhone()
    const asked = await askCode(phone)
    expect(asked.status).toBe(201)
    expect(new Date(asked.body.data.expiresAt).getTime() - it.now()).toBeGreaterThan(280_000)
    const code = await codeSentTo(it, phone, 2)
    expect(code).toMatch(/^\d{6}$/)
    const entered = await enter(`+86 ${phone}`, code)
    expect({ status: entered.status, id: entered.body.data.id }).toEqual({ status: 200, id: staff.me.id })
    expect(entered.headers.get('set-cookie')).toMatch(/^lianke_session=[\w-]{43};.*HttpOnly/)
    // Replay.
    expect(said(await enter(phone, code))).toEqual({ status: 400, code: 'code_invalid' })
    expect((await auditOf(staff.me.id, 'login.succeeded')).map(({ context }) => context.method)).toContain('code')
    expect(await auditOf(staff.me.id, 'login.failed')).not.toHaveLength(0)
  })

  test('BP-002.2 of two who bring the same code at once one gets in', async () => {
    const { phone } = await withPhone()
    await askCode(phone)
    const code = await codeSentTo(it, phone, 2)
    const answers = await Promise.all(Array.from({ length: 8 }, () => enter(phone, code)))
    expect(answers.filter(({ status }) => status === 200)).toHaveLength(1)
  })

  test('S11 five wrong tries end a code, also for the right one, and parallel tries are counted each', async () => {
    const { phone } = await withPhone()
    await askCode(phone)
    const code = await codeSentTo(it, phone, 2)
    const tries = await Promise.all(Array.from({ length: 20 }, () => enter(phone, otherThan(code))))
    expect(tries.filter((answer) => said(answer).code === 'code_invalid')).toHaveLength(5)
    expect(tries.filter((answer) => said(answer).code === 'too_many_tries')).toHaveLength(15)
    const right = await enter(phone, code)
    expect(said(right)).toEqual({ status: 429, code: 'too_many_tries' })
    expect(Number(right.headers.get('retry-after'))).toBeGreaterThan(0)
    // A new one is good again.
    await it.travel(61_000)
    await askCode(phone)
    expect((await enter(phone, await codeSentTo(it, phone, 3))).status).toBe(200)
  })

  test('a code is over after five minutes, and a new one ends the one before', async () => {
    const { phone } = await withPhone()
    await askCode(phone)
    const first = await codeSentTo(it, phone, 2)
    await it.travel(61_000)
    await askCode(phone)
    const second = await codeSentTo(it, phone, 3)
    if (first !== second) expect(said(await enter(phone, first))).toEqual({ status: 400, code: 'code_invalid' })
    await it.travel(301_000)
    expect(said(await enter(phone, second))).toEqual({ status: 400, code: 'code_expired' })
  })

  test('S11 a code is good for its own phone and purpose alone', async () => {
    const [one, other] = [await withPhone(), await withPhone()]
    await askCode(one.phone)
    const code = await codeSentTo(it, one.phone, 2)
    expect((await enter(other.phone, code)).status).toBe(400)
    const reset = { phone: one.phone, code, password: 'seven quiet mountains' }
    expect(said(await from().ask('POST', '/auth/password-resets', reset))).toEqual({ status: 400, code: 'code_invalid' })
    expect((await enter(one.phone, code)).status).toBe(200)
  })

  test('S11 numbers of nobody get the same answers as numbers of staff, and no message', async () => {
    const { phone } = await withPhone()
    const nobody = newPhone()
    const [known, unknown] = [await askCode(phone), await askCode(nobody)]
    const shape = ({ status, body }: Answer) => ({ status, keys: Object.keys(body.data) })
    expect(shape(unknown)).toEqual(shape(known))
    expect(said(await askCode(nobody))).toEqual(said(await askCode(phone)))
    const delivery = async (answer: Answer) => (await from().ask('GET', `/auth/codes/${answer.body.data.id}`)).body
    expect(await delivery(unknown)).toEqual(await delivery(known))
    const code = await codeSentTo(it, phone, 2)
    const wrong = otherThan(code)
    for (let tries = 0; tries < 6; tries++) expect(said(await enter(nobody, wrong))).toEqual(said(await enter(phone, wrong)))
    expect(await codesTo(nobody)).toBe(0)
  })

  test('a disabled account is told so only when the code is right', async () => {
    const { staff, phone } = await withPhone()
    await askCode(phone)
    const code = await codeSentTo(it, phone, 2)
    await it.process.app.db('accounts').where({ id: staff.me.id }).update({ status: 'disabled' })
    expect(said(await enter(phone, otherThan(code)))).toEqual({ status: 400, code: 'code_invalid' })
    expect(said(await enter(phone, code))).toEqual({ status: 403, code: 'account_disabled' })
    // From now on it is a number of nobody.
    await it.travel(61_000)
    await askCode(phone)
    expect(await codesTo(phone)).toBe(2)
  })

  test.each([
    ['a landline', '010 62345678'],
    ['a number of elsewhere', '+12025550123'],
    ['words', 'phone of mine'],
  ])('bad input: %s is refused', async (_what, phone) => {
    expect(said(await askCode(phone))).toEqual({ status: 400, code: 'phone_invalid' })
    expect(said(await enter(phone, '123456'))).toEqual({ status: 400, code: 'phone_invalid' })
  })

  test.each([
    ['a purpose of customers', { phone: '13800138000', purpose: 'customer_login' }],
    ['a key nobody knows', { phone: '13800138000', purpose: 'staff_login', deliver: true }],
    ['no number', { purpose: 'staff_login' }],
  ])('bad input: %s is refused', async (_what, body) => {
    await from().expectError('POST', '/auth/codes', body, 400, 'invalid_request')
  })
})

describe('S11 limits', () => {
  test('BP-002.2 a number is written to once a minute, for two at once too', async () => {
    const { phone } = await withPhone()
    const answers = await Promise.all([askCode(phone), askCode(phone), askCode(phone)])
    expect(answers.map(({ status }) => status).sort()).toEqual([201, 429, 429])
    const refused = answers.find(({ status }) => status === 429)
    expect(Number(refused?.headers.get('retry-after'))).toBeLessThanOrEqual(60)
    await codeSentTo(it, phone, 2)
    expect(await codesTo(phone)).toBe(2)
  })

  test('after three requests for a number a picture must be read, wherever they come from; it counts once', async () => {
    const phone = newPhone()
    for (let asked = 0; asked < 3; asked++) {
      expect((await askCode(phone)).status).toBe(201)
      await it.travel(61_000)
    }
    expect(said(await askCode(phone))).toEqual({ status: 400, code: 'captcha_required' })
    const captcha = await readPicture()
    expect((await askCode(phone, from(), 'staff_login', { captcha })).status).toBe(201)
    await it.travel(61_000)
    expect(said(await askCode(phone, from(), 'staff_login', { captcha }))).toEqual({ status: 400, code: 'captcha_invalid' })
    const wrong = { ...(await readPicture()), text: '####' }
    expect(said(await askCode(phone, from(), 'staff_login', { captcha: wrong }))).toEqual({ status: 400, code: 'captcha_invalid' })
  })

  test('after three numbers from one address a picture must be read; of ten at once three go', async () => {
    const client = from()
    const answers = await Promise.all(Array.from({ length: 10 }, () => askCode(newPhone(), client)))
    expect(answers.filter(({ status }) => status === 201)).toHaveLength(3)
    expect(answers.filter((answer) => said(answer).code === 'captcha_required')).toHaveLength(7)
  })

  test('a picture is over after five minutes, and good for one of two who answer at once', async () => {
    const client = from()
    for (let asked = 0; asked < 3; asked++) await askCode(newPhone(), client)
    const late = await readPicture()
    await it.travel(301_000)
    expect(said(await askCode(newPhone(), client, 'staff_login', { captcha: late })).code).toBe('captcha_invalid')
    const captcha = await readPicture()
    const two = await Promise.all([1, 2].map(() => askCode(newPhone(), client, 'staff_login', { captcha })))
    expect(two.map(({ status }) => status).sort()).toEqual([201, 400])
  })

  test('a number gets six messages an hour, whatever pictures are read', async () => {
    const phone = newPhone()
    const statuses: number[] = []
    for (let asked = 0; asked < 7; asked++) {
      statuses.push((await askCode(phone, from(), 'staff_login', { captcha: await readPicture() })).status)
      await it.travel(61_000)
    }
    expect(statuses).toEqual([201, 201, 201, 201, 201, 201, 429])
  })
})

/** The picture and, since a test cannot read it, an answer put in its place. */
async function readPicture(): Promise<{ id: string; text: string }> {
  const { id, svg } = await from().post<{ id: string; svg: string }>('/auth/captchas')
  expect(svg).toMatch(/^<svg[^>]*>.*<path/s)
  expect(svg).not.toMatch(/<script|<text/)
  const { captchaDigest } = await import('../../modules/identity/codes/captcha.ts')
  await it.process.app
    .db('captchas')
    .where({ id })
    .update({ digest: captchaDigest(it.process.app, id, 'k7pq') })
  return { id, text: ' K7PQ' }
}

describe('BP-002.4 a forgotten password', () => {
  const strong = 'seven quiet mountains'

  test('BP-002.4 a code sets a new password, ends every session, and is spent', async () => {
    const { staff, phone } = await withPhone()
    const socket = await staff.socket()
    await askCode(phone, from(), 'password_reset')
    const code = await codeSentTo(it, phone, 2)
    const answer = await from().ask('POST', '/auth/password-resets', { phone, code, password: strong })
    expect({ status: answer.status, cookie: answer.headers.get('set-cookie') }).toEqual({ status: 200, cookie: null })
    await socket.cut
    await staff.expectError('GET', '/me', undefined, 401, 'unauthenticated')
    const { username } = staff.me
    expect((await from().ask('POST', '/auth/login', { username, password: PASSWORD })).status).toBe(401)
    expect((await from().ask('POST', '/auth/login', { username, password: strong })).status).toBe(200)
    const again = await from().ask('POST', '/auth/password-resets', { phone, code, password: 'another quiet hill' })
    expect(said(again)).toEqual({ status: 400, code: 'code_invalid' })
    expect(await auditOf(staff.me.id, 'password.reset')).toHaveLength(1)
  })

  test('a password that the rules refuse leaves the code good', async () => {
    const { staff, phone } = await withPhone()
    await askCode(phone, from(), 'password_reset')
    const code = await codeSentTo(it, phone, 2)
    const reset = (password: string) => from().ask('POST', '/auth/password-resets', { phone, code, password })
    for (const weak of ['short', 'password123', staff.me.username.padEnd(12, '!?x')])
      expect(said(await reset(weak)).code).toBe('password_weak')
    expect(said(await reset(PASSWORD)).code).toBe('password_reused')
    expect((await reset(strong)).status).toBe(200)
  })

  test('a number of nobody gets the answers of a wrong code', async () => {
    const nobody = newPhone()
    expect((await askCode(nobody, from(), 'password_reset')).status).toBe(201)
    const answer = await from().ask('POST', '/auth/password-resets', { phone: nobody, code: '123456', password: strong })
    expect(said(answer)).toEqual({ status: 400, code: 'code_invalid' })
  })
})

test('S21 no number and no code stands in the log, the audit trail, Redis keys, or a table that keeps codes', async () => {
  const { staff, phone } = await withPhone()
  await askCode(phone)
  const code = await codeSentTo(it, phone, 2)
  await enter(phone, otherThan(code))
  await enter(phone, code)
  const { db, redis } = it.process.app
  const everything = {
    log: it.log.join('\n'),
    audit: JSON.stringify(await db('audit_entries').where({ object_id: staff.me.id })),
    // Of this installation: others share the server, and their ids hold digits of their own.
    keys: (await redis.keys(`*${it.redisPrefix}*`)).join('\n'),
    codes: JSON.stringify(await db('login_codes').select('id', db.raw(`encode(digest, 'hex')`))),
    messages: JSON.stringify(await db('sms_messages').where({ state: 'sent' }).whereNotNull('params_sealed')),
    windows: JSON.stringify(await db('code_windows').select('key')),
  }
  expect(everything.messages).toBe('[]')
  for (const text of Object.values(everything)) {
    expect(text).not.toContain(phone)
    expect(text).not.toMatch(new RegExp(`(?<!\\d)${code}(?!\\d)`))
  }
})
