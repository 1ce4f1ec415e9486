import { afterAll, beforeAll, describe, expect, jest, test } from '@jest/globals'
import { botRoutes } from '#bot/bot.ts'
import { ApiClient } from '../api-client.ts'
import { PERMISSIONS, type Permission } from '../../contract/identity.ts'
import type { StaffRole } from '../../contract/roles.ts'
import type { Route } from '../../core/http/route.ts'
import { discoverModules } from '../../core/modules.ts'
import { permissionsOf } from '../../modules/identity/index.ts'
import { newAddress, startTestApp, type TestApp } from '../harness.ts'

// A test here asks every route there is.
jest.setTimeout(180_000)

const modules = await discoverModules()
const routes: Route[] = [...modules.flatMap((definition) => definition.routes ?? []), ...botRoutes]
const nameOf = (route: Route) => `${route.method} ${route.path}`

const ROLES = ['anonymous', 'customer', 'agent', 'supervisor', 'admin', 'custom role'] as const
type Caller = (typeof ROLES)[number]
const MISSING = '01930000-0000-7000-8000-0000000000ff'

let it: TestApp
const callers = new Map<Caller, ApiClient>()
/** A role that somebody made: reads people and channels, keeps dictionaries, answers nobody (MOD-01). */
const CUSTOM: readonly Permission[] = ['staff.read', 'channels.read', 'dictionaries.manage', 'audit.read']
const grantsOf = (caller: Exclude<Caller, 'anonymous' | 'customer'>): ReadonlySet<Permission> =>
  caller === 'custom role' ? new Set(CUSTOM) : permissionsOf(caller)

beforeAll(async () => {
  it = await startTestApp()
  const web = await it.connectWeb()
  callers.set('anonymous', it.anonymous())
  callers.set('customer', await it.webCustomer(web.id))
  for (const role of ['agent', 'supervisor', 'admin'] as const) callers.set(role, await it.staff(role))
  callers.set('custom role', await withCustomRole())
})
afterAll(() => it.stop())

async function withCustomRole(): Promise<ApiClient> {
  const admin = callerOf('admin')
  const role = await admin.post<StaffRole>('/roles', { name: 'Keeper of lists', permissions: CUSTOM, dataScope: 'all' })
  const person = await it.staff('agent')
  await admin.patch(`/staff-members/${person.me.id}`, { roleId: role.id, version: 1 })
  return person
}

const pathOf = (route: Route) =>
  `/${route.path
    .replace('{variant}', 'original')
    .replace('{seq}', '1')
    .replace('{dictionary}', 'skill')
    .replace('{week}', '2026-11-23')
    .replace(/\{\w+\}/g, MISSING)}`
const callerOf = (name: Caller) => callers.get(name) as ApiClient
/** Each call from an address of its own: this test is about rights, not limits. */
const ask = (caller: Caller, route: Route, body?: unknown, query = '') =>
  callerOf(caller).ask(route.method, pathOf(route) + query, body, { 'x-forwarded-for': newAddress() })
const call = (caller: Caller, route: Route) =>
  route.upload
    ? callerOf(caller).upload(pathOf(route).slice('//api/v1'.length), { name: 'a.png', data: 'x' })
    : ask(caller, route, route.body ? {} : undefined)

function verdict(caller: Caller, { auth }: Route): 'in' | 401 | 403 {
  if (auth === 'public') return 'in'
  if (auth === 'customer') return caller === 'customer' ? 'in' : 401
  if (caller === 'anonymous' || caller === 'customer') return 401
  return auth === 'staff' || grantsOf(caller).has(auth.permission) ? 'in' : 403
}

/** Everything that is stored, but for what reading itself moves, and the trail, which every refusal leaves a line in. */
async function stateOfTheWorld(): Promise<string> {
  const { db } = it.process.app
  const { rows } = await db.raw(
    // How far the search for doubles has come is its own business.
    `select table_name from information_schema.tables where table_schema = 'public' and table_name not like 'knex%'
       and table_name not like 'audit%' and table_name <> 'merge_scans' order by 1`,
  )
  const sums = await Promise.all(
    rows.map(async ({ table_name: table }: { table_name: string }) => {
      // The bot looks for the profiles of new people by itself; every process says that it serves.
      const moving: Record<string, string[]> = {
        sessions: ['last_seen_at'],
        customer_tokens: ['last_seen_at'],
        customer_identities: ['profile_fetched_at'],
        presence_settings: ['served_at', 'serving_since'],
      }
      const sum = await db.raw(
        `select md5(coalesce(string_agg((to_jsonb(t) - ?::text[])::text, ',' order by t::text), '')) as sum from ${table} t`,
        [moving[table] ?? []],
      )
      return `${table} ${sum.rows[0].sum}`
    }),
  )
  return sums.join('\n')
}

/** What anybody may call: files by signed link, and the ways in. */
const OPEN = [
  'GET /api/v1/auth/codes/{id}',
  'GET /api/v1/auth/methods',
  'GET /api/v1/auth/session',
  'GET /api/v1/auth/wechat/callback',
  'GET /api/v1/auth/wechat/scans/{id}',
  'GET /api/v1/my-tickets/{token}',
  'GET /api/v1/my-tickets/{token}/{id}',
  'GET /api/v1/rating-links/{token}',
  'GET /api/v1/web/contact/{token}',
  'GET /api/v1/web/privacy',
  'GET /api/v1/web/{accountId}/page',
  'GET /files/{id}/{variant}',
  'POST /api/v1/auth/captchas',
  'POST /api/v1/auth/code-login',
  'POST /api/v1/auth/codes',
  'POST /api/v1/auth/login',
  'POST /api/v1/auth/password-resets',
  'POST /api/v1/auth/second-factor',
  'POST /api/v1/auth/wechat/scans',
  'POST /api/v1/auth/wechat/scans/{id}/finish',
  'POST /api/v1/my-tickets/{token}',
  'POST /api/v1/my-tickets/{token}/attachments',
  'POST /api/v1/my-tickets/{token}/{id}/confirmation',
  'POST /api/v1/my-tickets/{token}/{id}/follow-ups',
  'POST /api/v1/my-tickets/{token}/{id}/rating',
  'POST /api/v1/my-tickets/{token}/{id}/rejection',
  'POST /api/v1/my-tickets/{token}/{id}/reopening',
  'POST /api/v1/my-tickets/{token}/{id}/urges',
  'POST /api/v1/rating-links/{token}',
  'POST /api/v1/web/contact/{token}',
  'POST /api/v1/web/registration-links/open',
  'POST /api/v1/web/scans/{id}/state',
  'POST /api/v1/web/{accountId}/codes',
  'POST /api/v1/web/{accountId}/logins',
  'POST /api/v1/web/{accountId}/password-resets',
  'POST /api/v1/web/{accountId}/scans',
  'POST /api/v1/web/{accountId}/sessions',
]

test('every route says who may call it and answers in a declared shape', () => {
  expect(routes.length).toBeGreaterThan(40)
  for (const route of routes) {
    expect([nameOf(route), route.auth]).toEqual([nameOf(route), expect.anything()])
    if (typeof route.auth === 'object') expect(PERMISSIONS).toContain(route.auth.permission)
    expect(route.response === 'binary' || typeof route.response.parse === 'function').toBe(true)
  }
  expect(new Set(routes.map(nameOf)).size).toBe(routes.length)
  expect(
    routes
      .filter(({ auth }) => auth === 'public')
      .map(nameOf)
      .sort(),
  ).toEqual(OPEN)
})

describe('S22 each route × each caller', () => {
  test.each(ROLES)('%s gets in where he may, is refused elsewhere, and what he was refused changed nothing', async (caller) => {
    const closed = routes.filter((route) => verdict(caller, route) !== 'in')
    const before = await stateOfTheWorld()
    for (const route of closed) {
      const answer = await call(caller, route)
      const code = verdict(caller, route) === 401 ? 'unauthenticated' : 'forbidden'
      expect([nameOf(route), answer.status, answer.body.error?.code]).toEqual([nameOf(route), verdict(caller, route), code])
      expect(Object.keys(answer.body)).toEqual(['error'])
    }
    expect(await stateOfTheWorld()).toBe(before)
    for (const route of routes.filter((each) => verdict(caller, each) === 'in' && !endsSessions(each))) {
      const { status } = await call(caller, route)
      expect([nameOf(route), status === 401 || status === 403]).toEqual([nameOf(route), false])
      expect([nameOf(route), status < 500]).toEqual([nameOf(route), true])
    }
  })

  test('a route that is not there is 404 for everybody, and says nothing more', async () => {
    for (const caller of ROLES) {
      const answer = await callerOf(caller).ask('GET', '/no/such/route')
      expect([answer.status, answer.body.error.code]).toEqual([404, 'route_not_found'])
    }
  })
})

/** Called at the end of a test alone: whoever calls it is nobody afterwards. */
const endsSessions = ({ path, method }: Route): boolean => path.endsWith('/logout') || (method !== 'GET' && path.includes('/me/sessions'))

const insider = (route: Route): Caller => (route.auth === 'customer' ? 'customer' : route.auth === 'public' ? 'anonymous' : 'admin')

describe('requests that hold more than was asked for', () => {
  // Somebody else: every route several times over is more than one person may ask for in a minute.
  beforeAll(async () => void callers.set('admin', await it.staff('admin')))

  test('an unknown key is refused by every route that takes a body, and nothing changes', async () => {
    const before = await stateOfTheWorld()
    for (const route of routes.filter(({ body }) => body !== undefined)) {
      const answer = await ask(insider(route), route, { surprise: true })
      expect([nameOf(route), answer.status, answer.body.error?.code]).toEqual([nameOf(route), 400, 'invalid_request'])
      const codes = answer.body.error.context.issues.map((issue: { code: string }) => issue.code)
      // A choice of several shapes is refused before its keys are looked at.
      const refused = codes.includes('unrecognized_keys') || codes.includes('invalid_union')
      expect([nameOf(route), refused]).toEqual([nameOf(route), true])
    }
    expect(await stateOfTheWorld()).toBe(before)
  })

  test('a body is refused by every route that takes none', async () => {
    const before = await stateOfTheWorld()
    for (const route of routes.filter(({ method, body, upload }) => method !== 'GET' && !body && !upload)) {
      const answer = await ask(insider(route), route, { surprise: true })
      expect([nameOf(route), answer.status]).toEqual([nameOf(route), 400])
    }
    expect(await stateOfTheWorld()).toBe(before)
  })

  test('an unknown query parameter is refused by every route', async () => {
    for (const route of routes.filter((each) => !endsSessions(each))) {
      const answer = await ask(insider(route), route, route.body ? {} : undefined, '?surprise=1')
      expect([nameOf(route), answer.status]).toEqual([nameOf(route), route.upload ? answer.status : 400])
    }
  })

  test('ids that are none are refused, never asked of the database', async () => {
    for (const route of routes.filter(({ params }) => params !== undefined)) {
      const path = `/${route.path
        .replace('{variant}', 'original')
        .replace('{seq}', '1')
        .replace(/\{\w+\}/g, '1%20or%201=1')}`
      const one = callerOf(insider(route))
      const answer = route.upload
        ? await one.upload(path.slice('//api/v1'.length), { name: 'a.png', data: 'x' })
        : await one.ask(route.method, path, route.body ? {} : undefined, { 'x-forwarded-for': newAddress() })
      expect([nameOf(route), answer.status]).toEqual([nameOf(route), 400])
    }
  })
})

describe('what depends on nobody', () => {
  test('a cookie opens no customer route, a customer’s token no staff route, and both together neither more', async () => {
    const [staff, customer] = [callerOf('admin'), callerOf('customer')]
    const both = new ApiClient(it.url, { ...customer.headers, ...staff.headers })
    expect((await both.ask('GET', '/me')).status).toBe(200)
    expect((await staff.ask('GET', '/web/history')).status).toBe(401)
    expect((await customer.ask('GET', '/me')).status).toBe(401)
  })

  test('S20 who asks too often is told when to come back, and others are served', async () => {
    const agent = await it.staff('agent')
    const answers = await Promise.all(Array.from({ length: 245 }, () => agent.ask('POST', '/realtime/tickets')))
    const limited = answers.filter(({ status }) => status === 429)
    expect(limited.length).toBeGreaterThan(0)
    expect(Number(limited[0]?.headers.get('retry-after'))).toBeGreaterThanOrEqual(1)
    expect((await callerOf('admin').ask('POST', '/realtime/tickets')).status).toBe(200)
  })

  test('every answer carries the headers that keep browsers from guessing', async () => {
    for (const path of ['//healthz', '/me', '/no/such/route']) {
      const { headers } = await it.anonymous().ask('GET', path)
      expect(headers.get('x-content-type-options')).toBe('nosniff')
      expect(headers.get('content-security-policy')).toContain("frame-ancestors 'none'")
    }
  })
})
