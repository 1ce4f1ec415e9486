import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import type { Me } from '../../contract/identity.ts'
import { newAddress, PASSWORD, type StaffClient, startTestApp, type TestApp, unique } from '../harness.ts'
import { ApiClient, type Answer } from '../api-client.ts'
import { PUBLIC_URL } from '../installation.ts'

let it: TestApp
let admin: StaffClient

beforeAll(async () => {
  it = await startTestApp()
  admin = await it.staff('admin')
})
afterAll(() => it.stop())

/** By default from an address that nobody else has. */
const logIn = (username: string, password: string, headers: Record<string, string> = {}, address = newAddress()): Promise<Answer> =>
  new ApiClient(it.url, { 'x-forwarded-for': address, origin: PUBLIC_URL }).ask('POST', '/auth/login', { username, password }, headers)

const sessionsOf = (username: string) =>
  it.process.app.db('sessions as s').join('accounts as a', 'a.id', 's.account_id').where('a.username', username).orderBy('s.created_at')

describe('BP-002.1 signing in', () => {
  test.each(['agent', 'supervisor', 'admin'] as const)(
    'BP-002.1 %s signs in with user name and password and is told what he may',
    async (role) => {
      const somebody = await it.staff(role, '林晓')
      expect(somebody.me).toMatchObject({ username: somebody.me.username, name: '林晓', role, presence: { status: 'offline' } })
      expect(somebody.me.permissions.includes('channels.manage')).toBe(role === 'admin')
      expect(await somebody.get<Me>('/me')).toEqual(somebody.me)
    },
  )

  test('BP-002.1 user names have no case and no spaces around them', async () => {
    const agent = await it.staff('agent')
    expect((await logIn(` ${agent.me.username.toUpperCase()} `, PASSWORD)).status).toBe(200)
  })

  test('BP-002.1 a wrong password and an unknown name get the same answer and leave no session', async () => {
    const agent = await it.staff('agent')
    const [wrong, unknown] = [await logIn(agent.me.username, 'not this one'), await logIn('nobody-at-all', 'not this one')]
    expect(wrong.status).toBe(401)
    expect(wrong.body.error.code).toBe('invalid_credentials')
    expect({ status: unknown.status, body: unknown.body }).toEqual({ status: wrong.status, body: wrong.body })
    expect(wrong.headers.get('set-cookie')).toBeNull()
    expect(await sessionsOf(agent.me.username)).toHaveLength(1)
  })

  test('a disabled account is told so only when the password is right', async () => {
    const agent = await it.staff('agent')
    await it.process.app.db('accounts').where({ id: agent.me.id }).update({ status: 'disabled' })
    expect((await logIn(agent.me.username, 'not this one')).body.error.code).toBe('invalid_credentials')
    const right = await logIn(agent.me.username, PASSWORD)
    expect({ status: right.status, code: right.body.error.code }).toEqual({ status: 403, code: 'account_disabled' })
    // His open session ended with the account.
    await agent.expectError('GET', '/me', undefined, 401, 'unauthenticated')
  })

  test.each([
    ['a missing password', { username: 'x' }],
    ['a key nobody knows', { username: 'x', password: 'y', role: 'admin' }],
    ['an object for a name', { username: { $ne: '' }, password: 'y' }],
    ['a NUL in the name', { username: 'a\u0000b', password: 'y' }],
    ['a password of a megabyte', { username: 'x', password: 'y'.repeat(200_000) }],
  ])('bad input: %s is refused with 400', async (_what, body) => {
    await it.anonymous().expectError('POST', '/auth/login', body, 400, 'invalid_request')
  })

  test('bad input: JSON that is none, a form and a body past the limit are refused', async () => {
    const client = it.anonymous()
    expect((await client.ask('POST', '/auth/login', '{"username":')).status).toBe(400)
    const form = await client.ask('POST', '/auth/login', 'username=a&password=b', { 'content-type': 'application/x-www-form-urlencoded' })
    expect(form.status).toBe(415)
    await client.expectError('POST', '/auth/login', { username: 'x', password: 'y'.repeat(300_000) }, 413, 'payload_too_large')
  })
})

describe('BP-002.1 locking out', () => {
  test('BP-002.1 after five wrong tries even the right password waits, and gets in when the window is over', async () => {
    const agent = await it.staff('agent')
    const desk = newAddress()
    const here = (password: string) => logIn(agent.me.username, password, {}, desk)
    for (let tries = 0; tries < 5; tries++) expect((await here('wrong')).status).toBe(401)
    const locked = await here(PASSWORD)
    expect({ status: locked.status, code: locked.body.error.code }).toEqual({ status: 429, code: 'account_locked' })
    expect(Number(locked.headers.get('retry-after'))).toBeGreaterThan(800)
    await it.travel(15 * 60_000 + 1000)
    expect((await here(PASSWORD)).status).toBe(200)
    // The count began anew.
    expect((await here('wrong')).status).toBe(401)
  })

  test('nobody locks a colleague out from somewhere else', async () => {
    const agent = await it.staff('agent')
    const stranger = newAddress()
    for (let tries = 0; tries < 6; tries++) await logIn(agent.me.username, 'wrong', {}, stranger)
    expect((await logIn(agent.me.username, PASSWORD, {}, stranger)).status).toBe(429)
    expect((await logIn(agent.me.username, PASSWORD)).status).toBe(200)
  })

  test('BP-002.1 of twenty parallel wrong tries from one address five are looked at', async () => {
    const agent = await it.staff('agent')
    const address = newAddress()
    const answers = await Promise.all(Array.from({ length: 20 }, () => logIn(agent.me.username, 'wrong', {}, address)))
    expect(answers.filter(({ status }) => status === 401)).toHaveLength(5)
    expect(answers.filter(({ status }) => status === 429)).toHaveLength(15)
  })

  test('many addresses together get fifty tries at one name', async () => {
    const name = unique('ghost')
    const answers = await Promise.all(Array.from({ length: 53 }, () => logIn(name, 'wrong')))
    expect(answers.filter(({ status }) => status === 429)).toHaveLength(3)
  })

  test('a name that does not exist locks just the same, and other names stay open', async () => {
    const name = unique('ghost')
    const address = newAddress()
    const answers = await Promise.all(Array.from({ length: 7 }, () => logIn(name, 'wrong', {}, address)))
    expect(answers.filter(({ status }) => status === 429)).toHaveLength(2)
    const agent = await it.staff('agent')
    expect((await logIn(agent.me.username, PASSWORD, {}, address)).status).toBe(200)
  })

  test('one address gets thirty tries a minute, whatever the names, and is told when to come back', async () => {
    const headers = { 'x-forwarded-for': newAddress(), origin: PUBLIC_URL }
    const one = new ApiClient(it.url, headers)
    const statuses = await Promise.all(
      Array.from({ length: 62 }, async (_each, index) => one.ask('POST', '/auth/login', { username: `n${index}`, password: '' })),
    )
    // Refused for its bad input or for the limit: the window may turn once while the test runs.
    const limited = statuses.filter(({ status }) => status === 429)
    expect(limited.length).toBeGreaterThanOrEqual(2)
    expect(limited[0]?.body.error.code).toBe('rate_limited')
    expect(Number(limited[0]?.headers.get('retry-after'))).toBeGreaterThanOrEqual(1)
  })

  test('an address that a stranger wrote into X-Forwarded-For is not believed past the trusted proxy', async () => {
    const proxied = newAddress()
    const one = (spoofed: string) =>
      new ApiClient(it.url, { 'x-forwarded-for': `${spoofed}, ${proxied}` }).ask('POST', '/auth/login', { username: 'n', password: '' })
    const answers = await Promise.all(Array.from({ length: 62 }, (_each, index) => one(`203.0.113.${index}`)))
    expect(answers.filter(({ status }) => status === 429).length).toBeGreaterThanOrEqual(2)
  })
})

describe('BP-002.1 sessions', () => {
  test('the cookie is HttpOnly and Lax, and Secure where the address is https', async () => {
    const agent = await it.staff('agent')
    const cookie = (await logIn(agent.me.username, PASSWORD)).headers.get('set-cookie') ?? ''
    expect(cookie).toMatch(/^lianke_session=[\w-]{43};/)
    expect(cookie).toMatch(/HttpOnly/)
    expect(cookie).toMatch(/SameSite=Lax/)
    expect(cookie).toMatch(/Path=\//)
    expect(cookie).not.toMatch(/Secure/)
    const behindTls = await it.start(['api'], { PUBLIC_URL: 'https://lianke.test' })
    const answer = await new ApiClient(behindTls.url, { 'x-forwarded-for': newAddress() }).ask('POST', '/auth/login', {
      username: agent.me.username,
      password: PASSWORD,
    })
    expect(answer.headers.get('set-cookie')).toMatch(/; Secure/)
    await behindTls.stop()
  })

  test('a session that somebody put into the browser before is worth nothing afterwards', async () => {
    const agent = await it.staff('agent')
    const planted = 'x'.repeat(43)
    const answer = await logIn(agent.me.username, PASSWORD, { cookie: `lianke_session=${planted}` })
    expect(answer.headers.get('set-cookie')).not.toContain(planted)
    await new ApiClient(it.url, { cookie: `lianke_session=${planted}` }).expectError('GET', '/me', undefined, 401, 'unauthenticated')
  })

  test('tokens are stored as digests, each login has its own', async () => {
    const agent = await it.staff('agent')
    const again = await it.logIn(agent.me.username)
    expect(again.headers.cookie).not.toBe(agent.headers.cookie)
    const rows = await sessionsOf(agent.me.username)
    expect(rows).toHaveLength(2)
    expect(JSON.stringify(rows)).not.toContain(agent.headers.cookie?.split('=')[1])
  })

  test('BP-002.1 signing out ends this session at once, cuts its socket, and leaves the other device alone', async () => {
    const here = await it.staff('agent')
    const there = await it.logIn(here.me.username)
    const [socket, other] = [await here.socket(), await there.socket()]
    const answer = await here.ask('POST', '/auth/logout')
    expect({ status: answer.status, body: answer.body }).toEqual({ status: 200, body: { data: null } })
    expect(answer.headers.get('set-cookie')).toMatch(/^lianke_session=; Max-Age=0/)
    await socket.cut
    await here.expectError('GET', '/me', undefined, 401, 'unauthenticated')
    // Replay: signing out once more is refused like any call without a session.
    await here.expectError('POST', '/auth/logout', undefined, 401, 'unauthenticated')
    expect((await there.get<Me>('/me')).id).toBe(here.me.id)
    expect(other.socket.connected).toBe(true)
  })

  test('a session that nobody used for twelve hours is over; one in use lives on, seven days at most', async () => {
    const [idle, busy] = [await it.staff('agent'), await it.staff('agent')]
    await it.travel(11 * 3_600_000)
    await busy.get('/me')
    await it.travel(2 * 3_600_000)
    await idle.expectError('GET', '/me', undefined, 401, 'unauthenticated')
    await busy.get('/me')
    for (let half = 0; half < 14; half++) {
      await it.travel(11 * 3_600_000)
      if (half < 13) await busy.get('/me')
    }
    await it.travel(11 * 3_600_000)
    await busy.expectError('GET', '/me', undefined, 401, 'unauthenticated')
    admin = await it.logIn(admin.me.username)
  })
})

describe('requests from foreign pages', () => {
  const attempts: [string, Record<string, string>][] = [
    ['a foreign origin', { origin: 'https://evil.example' }],
    ['an origin that begins like ours', { origin: `${PUBLIC_URL}.evil.example` }],
    ['the null origin of a sandboxed frame', { origin: 'null' }],
    ['a browser that says cross-site', { 'sec-fetch-site': 'cross-site' }],
  ]

  test.each(attempts)('%s changes nothing', async (_what, headers) => {
    const refused = await admin.ask('PATCH', '/me', { locale: 'en' }, headers)
    expect({ status: refused.status, code: refused.body.error.code }).toEqual({ status: 403, code: 'origin_not_allowed' })
    expect((await admin.get<Me>('/me')).locale).toBe('zh-CN')
    expect((await admin.ask('POST', '/auth/logout', undefined, headers)).status).toBe(403)
    expect((await admin.ask('GET', '/me')).status).toBe(200)
  })

  test('nobody is signed in from a foreign page either', async () => {
    const answer = await logIn(admin.me.username, PASSWORD, { origin: 'https://evil.example' })
    expect(answer.status).toBe(403)
    expect(answer.headers.get('set-cookie')).toBeNull()
  })

  test('no answer lets a foreign page read it', async () => {
    const answer = await admin.ask('GET', '/me', undefined, { origin: 'https://evil.example' })
    expect(answer.headers.get('access-control-allow-origin')).toBeNull()
  })
})

test('two changes of preferences at once both count, and unknown ones are refused', async () => {
  const agent = await it.staff('agent')
  await Promise.all([agent.patch('/me', { preferences: { theme: 'dark' } }), agent.patch('/me', { preferences: { sound: false } })])
  expect((await agent.get<Me>('/me')).preferences).toMatchObject({ theme: 'dark', sound: false })
  await agent.expectError('PATCH', '/me', { preferences: { shoeSize: 43 } }, 400, 'invalid_request')
  await agent.expectError('PATCH', '/me', { role: 'admin' }, 400, 'invalid_request')
})
