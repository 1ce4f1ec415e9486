import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import type { Me } from '../../contract/identity.ts'
import type { LoginSession, Security } from '../../contract/login.ts'
import { inTransaction, SYSTEM } from '../../core/context.ts'
import { createStaff } from '../../modules/identity/index.ts'
import { type Answer, ApiClient } from '../api-client.ts'
import { newAddress, PASSWORD, StaffClient, startTestApp, type TestApp, unique } from '../harness.ts'
import { PUBLIC_URL } from '../installation.ts'
import { codeSentTo, messagesTo, newPhone, otherThan } from '../text-messages.ts'
import { until } from '../until.ts'

let it: TestApp

beforeAll(async () => {
  it = await startTestApp()
})
afterAll(() => it.stop())

const STRONG = 'seven quiet mountains'
const from = (more: Record<string, string> = {}) => new ApiClient(it.url, { 'x-forwarded-for': newAddress(), origin: PUBLIC_URL, ...more })
const logIn = (username: string, password: string, client = from()): Promise<Answer> =>
  client.ask('POST', '/auth/login', { username, password })
const said = ({ status, body }: Answer) => ({ status, code: body.error?.code })
const signedIn = (answer: Answer): StaffClient =>
  new StaffClient(
    it.url,
    { 'x-forwarded-for': newAddress(), origin: PUBLIC_URL, cookie: answer.headers.get('set-cookie')?.split(';')[0] ?? '' },
    answer.body.data,
  )
const change = (client: ApiClient, password: string, current = PASSWORD) => client.ask('PUT', '/me/password', { current, password })
const actionsOn = async (accountId: string): Promise<string[]> =>
  (await it.process.app.db('audit_entries').where({ object_id: accountId }).orderBy('id')).map(({ action }) => action)

async function newcomer(): Promise<StaffClient> {
  const username = unique('newcomer')
  await inTransaction(it.process.app, SYSTEM, (ctx) =>
    createStaff(ctx, { username, password: PASSWORD, name: '新来的', role: 'admin', mustChangePassword: true }),
  )
  return signedIn(await logIn(username, PASSWORD))
}

describe('BP-002.5 the first login', () => {
  test('BP-002.5 every route but a few is closed until the initial password is changed, whatever the role', async () => {
    const staff = await newcomer()
    expect(staff.me.mustChangePassword).toBe(true)
    for (const [method, path] of [
      ['GET', '/staff'],
      ['GET', '/conversations'],
      ['GET', '/me/security'],
      ['GET', '/me/sessions'],
      ['PATCH', '/me'],
      ['POST', '/realtime/tickets'],
      ['GET', '/settings/login'],
      ['POST', '/me/phone/codes'],
    ] as const)
      await staff.expectError(method, path, undefined, 403, 'password_change_required')
    expect((await staff.get<Me>('/me')).mustChangePassword).toBe(true)
    expect((await staff.ask('POST', '/auth/logout')).status).toBe(200)
  })

  test('BP-002.5 the change opens everything under a new session id; the initial password is no new one', async () => {
    const staff = await newcomer()
    expect(said(await change(staff, PASSWORD))).toEqual({ status: 400, code: 'password_reused' })
    const answer = await change(staff, STRONG)
    expect({ status: answer.status, must: answer.body.data.mustChangePassword }).toEqual({ status: 200, must: false })
    await staff.expectError('GET', '/me', undefined, 401, 'unauthenticated')
    const after = signedIn(answer)
    expect((await after.ask('GET', '/staff')).status).toBe(200)
    expect((await logIn(staff.me.username, PASSWORD)).status).toBe(401)
  })
})

describe('BP-002.1 changing the password', () => {
  test('S10 S19 every other session ends at once with its sockets', async () => {
    const here = await it.staff('agent')
    const there = await it.logIn(here.me.username)
    const socket = await there.socket()
    expect((await change(here, STRONG)).status).toBe(200)
    await socket.cut
    await there.expectError('GET', '/me', undefined, 401, 'unauthenticated')
    expect(await actionsOn(here.me.id)).toContain('password.changed')
  })

  test.each([
    ['too short', 'nine char', 'too_short'],
    ['of one character', 'aaaaaaaaaaaaaa', 'too_uniform'],
    ['a staircase', '1234567890', 'too_uniform'],
    ['a common one', 'Password123', 'too_common'],
    ['a common one in disguise', 'P@ssw0rd123', 'too_common'],
    ['a common one with a year', 'qwertyuiop2026', 'too_common'],
    ['a Chinese favourite', 'woaini1314', 'too_common'],
  ])('BP-002.1 a password that is %s is refused with its reason', async (_what, password, rule) => {
    const staff = await it.staff('agent')
    const answer = await change(staff, password)
    expect({ ...said(answer), rule: answer.body.error.context.rule }).toEqual({ status: 400, code: 'password_weak', rule })
  })

  test('BP-002.1 one’s own names do not belong into it', async () => {
    const staff = await it.staff('agent', '欧阳修远')
    for (const password of [`${staff.me.username}-2026!`, '欧阳修远的密码真的很长'])
      expect((await change(staff, password)).body.error.context.rule).toBe('contains_name')
  })

  test('BP-002.1 none of the last five is taken again, the sixth is', async () => {
    let staff = await it.staff('agent')
    const words = ['first', 'second', 'third', 'fourth', 'fifth'].map((word) => `${word} quiet mountain`)
    let current = PASSWORD
    for (const word of words) {
      staff = signedIn(await change(staff, word, current))
      current = word
    }
    for (const word of words) expect(said(await change(staff, word, current)).code).toBe('password_reused')
    expect((await change(staff, PASSWORD, current)).status).toBe(200)
  })

  test('a wrong current password is refused and counted: from the sixth try on, nobody guesses it through a stolen session', async () => {
    const staff = await it.staff('agent')
    const answers: Answer[] = []
    for (let tries = 0; tries < 7; tries++) answers.push(await change(staff, STRONG, 'not this one'))
    expect(answers.map((answer) => said(answer).code)).toEqual([
      ...Array<string>(5).fill('password_wrong'),
      'account_locked',
      'account_locked',
    ])
  })

  test('S10 who signs in with the old password while it changes does not get in', async () => {
    const staff = await it.staff('agent')
    const { db } = it.process.app
    const waiting = async () => {
      const { rows } = await db.raw(`select 1 from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'`)
      expect(rows).toHaveLength(1)
    }
    const late = await db.transaction(async (trx) => {
      await trx('accounts').where({ id: staff.me.id }).forNoKeyUpdate().first()
      const answer = it.anonymous().ask('POST', '/auth/login', { username: staff.me.username, password: PASSWORD })
      await until(waiting)
      await trx('accounts').where({ id: staff.me.id }).update({ password_hash: 'another one' })
      return { answer }
    })
    const { status, body } = await late.answer
    expect({ status, code: body.error?.code }).toEqual({ status: 401, code: 'invalid_credentials' })
  })

  test('of two changes at once one succeeds, and one session remains', async () => {
    const staff = await it.staff('agent')
    const answers = await Promise.all([change(staff, 'one quiet mountain'), change(staff, 'two quiet mountains')])
    expect(answers.filter(({ status }) => status === 200).length).toBeGreaterThanOrEqual(1)
    const open = await it.process.app.db('sessions').where({ account_id: staff.me.id, revoked_at: null })
    expect(open).toHaveLength(1)
  })
})

describe('S19 my sessions', () => {
  test('are listed with device and address, and can be ended one by one or all others', async () => {
    const here = await it.staff('agent')
    const [phone, desk] = await Promise.all(
      ['Mozilla/5.0 (iPhone)', 'Mozilla/5.0 (Windows NT 10.0)'].map(async (agent) =>
        signedIn(await logIn(here.me.username, PASSWORD, from({ 'user-agent': agent }))),
      ),
    )
    const list = await here.get<LoginSession[]>('/me/sessions')
    expect(list).toHaveLength(3)
    expect(list.filter(({ current }) => current)).toHaveLength(1)
    const ofPhone = list.find(({ userAgent }) => userAgent?.includes('iPhone'))
    expect(ofPhone).toMatchObject({ method: 'password', current: false, ip: expect.stringMatching(/^10\./) })
    expect((await here.ask('DELETE', `/me/sessions/${ofPhone?.id}`)).status).toBe(200)
    await phone?.expectError('GET', '/me', undefined, 401, 'unauthenticated')
    await here.expectError('DELETE', `/me/sessions/${ofPhone?.id}`, undefined, 404, 'not_found')
    expect(await here.post<LoginSession[]>('/me/sessions/revoke-others')).toHaveLength(1)
    await desk?.expectError('GET', '/me', undefined, 401, 'unauthenticated')
    expect((await here.ask('GET', '/me')).status).toBe(200)
  })

  test('somebody else’s session is not found', async () => {
    const [one, other] = [await it.staff('agent'), await it.staff('admin')]
    const [session] = await one.get<LoginSession[]>('/me/sessions')
    await other.expectError('DELETE', `/me/sessions/${session?.id}`, undefined, 404, 'not_found')
    expect((await one.ask('GET', '/me')).status).toBe(200)
  })
})

describe('BP-002.2 my phone', () => {
  const bind = async (staff: StaffClient, phone: string, nth = 1) => {
    await staff.post('/me/phone/codes', { phone })
    return staff.ask('PUT', '/me/phone', { phone, code: await codeSentTo(it, phone, nth), password: PASSWORD })
  }

  test('BP-002.2 is bound by a code, shown masked, replaced and unbound', async () => {
    const staff = await it.staff('agent')
    const phone = newPhone()
    expect((await bind(staff, phone)).body.data).toMatchObject({ phone: `+86 138****${phone.slice(-4)}` })
    const next = newPhone()
    expect((await bind(staff, next)).status).toBe(200)
    const after = await staff.ask('DELETE', '/me/phone')
    expect((after.body.data as Security).phone).toBeNull()
    expect(await actionsOn(staff.me.id)).toEqual(expect.arrayContaining(['phone.bound', 'phone.unbound']))
  })

  test('a number that another account has is told only to who holds the phone; of two at once one gets it', async () => {
    const [one, other] = [await it.staff('agent'), await it.staff('agent')]
    const phone = newPhone()
    await bind(one, phone)
    await it.travel(61_000)
    const answer = await other.ask('POST', '/me/phone/codes', { phone })
    expect(answer.status).toBe(201)
    const code = await codeSentTo(it, phone, 2)
    expect(said(await other.ask('PUT', '/me/phone', { phone, code: otherThan(code), password: PASSWORD })).code).toBe('code_invalid')
    expect(said(await other.ask('PUT', '/me/phone', { phone, code, password: PASSWORD }))).toEqual({ status: 409, code: 'phone_taken' })
    const fresh = newPhone()
    await one.post('/me/phone/codes', { phone: fresh })
    const shared = await codeSentTo(it, fresh)
    const both = await Promise.all(
      [one, other].map((staff) => staff.ask('PUT', '/me/phone', { phone: fresh, code: shared, password: PASSWORD })),
    )
    expect(both.map(({ status }) => status).sort()).toEqual([200, 400])
  })

  test('BP-002.2 an open desk is not enough: without the password no number is bound, and the code stays good', async () => {
    const staff = await it.staff('agent')
    const phone = newPhone()
    await staff.post('/me/phone/codes', { phone })
    const code = await codeSentTo(it, phone)
    for (const password of [undefined, 'a guess'])
      expect(said(await staff.ask('PUT', '/me/phone', { phone, code, password }))).toEqual({ status: 400, code: 'password_wrong' })
    expect((await staff.get<Security>('/me/security')).phone).toBeNull()
    expect((await staff.ask('PUT', '/me/phone', { phone, code, password: PASSWORD })).status).toBe(200)
  })

  test('the last way in stays', async () => {
    const staff = await it.staff('agent')
    await bind(staff, newPhone())
    // Somebody who came without a password, as from a directory.
    await it.process.app.db('accounts').where({ id: staff.me.id }).update({ password_hash: null })
    await staff.expectError('DELETE', '/me/phone', undefined, 409, 'last_way_in')
    expect((await staff.get<Security>('/me/security')).phone).not.toBeNull()
  })

  test('a code for binding signs nobody in', async () => {
    const staff = await it.staff('agent')
    const phone = newPhone()
    await staff.post('/me/phone/codes', { phone })
    const code = await codeSentTo(it, phone)
    expect((await from().ask('POST', '/auth/code-login', { phone, code })).status).toBe(400)
    expect(await messagesTo(it, phone)).toHaveLength(1)
  })
})

describe('S10 S15 tokens', () => {
  test.each([
    ['of alg none', 'eyJhbGciOiJub25lIn0.eyJyb2xlIjoiYWRtaW4ifQ.'],
    ['of another length', 'x'.repeat(4000)],
    ['empty', ''],
    ['with a quote', "' or 1=1 --"],
  ])('S10 a token %s is nobody’s', async (_what, token) => {
    const client = new ApiClient(it.url, { cookie: `lianke_session=${encodeURIComponent(token)}` })
    await client.expectError('GET', '/me', undefined, 401, 'unauthenticated')
  })
})
