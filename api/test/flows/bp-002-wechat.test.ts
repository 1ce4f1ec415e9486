import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import type { SimulatedCustomer } from '#adapters/wechat-official/simulator/index.ts'
import type { LoginSettings, Scan, Security } from '../../contract/login.ts'
import { type Answer, ApiClient } from '../api-client.ts'
import { newAddress, PASSWORD, type OfficialAccount, type StaffClient, startTestApp, type TestApp, unique } from '../harness.ts'
import { PUBLIC_URL } from '../installation.ts'
import { until } from '../until.ts'
import { answerLogin, loginQuestion } from '../wechat-phone.ts'

let it: TestApp
let admin: StaffClient
let account: OfficialAccount

const WEBSITE = { appId: 'wxwebsite00000001', appSecret: 'the secret of the website application' }

beforeAll(async () => {
  it = await startTestApp()
  admin = await it.staff('admin')
  account = await it.connectOfficial()
  it.simulator.addWebsite({ ...WEBSITE, name: '连客', redirectDomain: new URL(PUBLIC_URL).host })
  const { version } = await admin.get<LoginSettings>('/settings/login')
  const wechat = { website: { ...WEBSITE, base: it.platformUrl }, officialAccountId: account.id }
  await admin.patch('/settings/login', { version, wechat })
})
afterAll(() => it.stop())

const cookieOf = ({ headers }: Answer): string =>
  headers
    .getSetCookie()
    .map((cookie) => cookie.split(';')[0] ?? '')
    .join('; ')
const browser = (headers: Record<string, string> = {}) =>
  new ApiClient(it.url, { 'x-forwarded-for': newAddress(), origin: PUBLIC_URL, ...headers })
const said = ({ status, body }: Answer) => ({ status, code: body.error?.code })

/** A browser that has begun; its cookies are in `client`. */
async function begin(via: Scan['via'], staff?: StaffClient): Promise<{ scan: Scan; client: ApiClient; cookies: Answer }> {
  const answer = await (staff ?? browser()).ask('POST', staff ? '/me/wechat/scans' : '/auth/wechat/scans', {
    via,
    ...(staff && { password: PASSWORD }),
  })
  expect(answer.status).toBe(201)
  const cookie = [staff?.headers['cookie'], cookieOf(answer)].filter(Boolean).join('; ')
  return { scan: answer.body.data, client: browser({ cookie }), cookies: answer }
}

/** What the person's phone and the page of WeChat do: agree, and send the browser back. */
async function agree(scan: Scan, person: SimulatedCustomer): Promise<string> {
  const page = new URL(scan.authorizeUrl ?? '')
  page.searchParams.set('simulator_openid', person.openId)
  page.searchParams.set('simulator_answer', 'agree')
  const answer = await fetch(page, { redirect: 'manual' })
  const back = new URL(answer.headers.get('location') ?? '')
  expect(back.origin).toBe(PUBLIC_URL)
  return `/${back.pathname}${back.search}`
}

const sceneOf = async (scan: Scan): Promise<string> => {
  const calls = it.simulator.calls({ path: '/cgi-bin/qrcode/create' })
  const scenes = calls.map(({ request }) => /login-[\w-]{43}/.exec(JSON.stringify(request))?.[0] ?? '')
  expect(scan.qrText).not.toBeNull()
  return scenes.at(-1) ?? ''
}
const person = (name = unique('Person')) => it.simulator.addCustomer({ appId: account.appId, nickname: name, unionId: unique('union') })

async function bound(who = person()): Promise<{ staff: StaffClient; who: SimulatedCustomer }> {
  const staff = await it.staff('agent')
  const { scan, client } = await begin('website', staff)
  const back = await client.ask('GET', await agree(scan, who))
  expect(back.headers.get('location')).toBe(`/account?scan=${scan.id}`)
  expect((await client.ask('POST', `/me/wechat/scans/${scan.id}/finish`)).status).toBe(200)
  return { staff, who }
}
const conversations = async () => Number((await it.process.app.db('conversations').count('* as n'))[0]?.['n'])

describe('BP-002.3 the open platform’s page', () => {
  test('BP-002.3 who has bound his WeChat signs in by it, and is told so in his sessions', async () => {
    const { staff, who } = await bound()
    const { scan, client } = await begin('website')
    expect(new URL(scan.authorizeUrl ?? '').searchParams.get('scope')).toBe('snsapi_login')
    const back = await client.ask('GET', await agree(scan, who))
    expect({ status: back.status, to: back.headers.get('location') }).toEqual({ status: 302, to: '/' })
    const me = await browser({ cookie: cookieOf(back) }).ask('GET', '/me')
    expect(me.body.data.id).toBe(staff.me.id)
    expect((await staff.get<Security>('/me/security')).wechat).toMatchObject({ nickname: expect.stringContaining('Person') })
    const sessions = await it.process.app.db('sessions').where({ account_id: staff.me.id }).orderBy('created_at')
    expect(sessions.map(({ method }) => method)).toEqual(['password', 'wechat'])
  })

  test('S19 the address that WeChat sent back to is good once, in the browser that began, and for its own state', async () => {
    const { who } = await bound()
    const { scan, client } = await begin('website')
    const address = await agree(scan, who)
    const outside = await browser().ask('GET', address)
    expect(outside.headers.get('location')).toBe('/login?problem=scan_expired')
    const foreign = await begin('website')
    expect((await foreign.client.ask('GET', address)).headers.get('location')).toBe('/login?problem=scan_expired')
    const both = await Promise.all([client.ask('GET', address), client.ask('GET', address)])
    expect(both.map(({ headers }) => headers.get('location') === '/').sort()).toEqual([false, true])
    const replay = await client.ask('GET', address)
    expect({ to: replay.headers.get('location'), session: cookieOf(replay) }).toEqual({ to: '/login?problem=scan_expired', session: '' })
  })

  test('a WeChat that is bound to nobody, a refusal and a made-up code lead back to the login page with their reason', async () => {
    const unknown = await begin('website')
    const to = async ({ client }: { client: ApiClient }, address: string) => (await client.ask('GET', address)).headers.get('location')
    expect(await to(unknown, await agree(unknown.scan, person()))).toBe('/login?problem=wechat_not_bound')
    const refused = await begin('website')
    const state = new URL(refused.scan.authorizeUrl ?? '').searchParams.get('state')
    expect(await to(refused, `/auth/wechat/callback?state=${state}`)).toBe('/login?problem=platform_refused')
    const forged = await begin('website')
    const own = new URL(forged.scan.authorizeUrl ?? '').searchParams.get('state')
    expect(await to(forged, `/auth/wechat/callback?code=made-up&state=${own}`)).toBe('/login?problem=platform_refused')
  })

  test('five minutes later it is over', async () => {
    const { who } = await bound()
    const { scan, client } = await begin('website')
    const address = await agree(scan, who)
    await it.travel(301_000)
    expect((await client.ask('GET', address)).headers.get('location')).toBe('/login?problem=scan_expired')
  })
})

describe('BP-002.3 a code of the official account', () => {
  test('BP-002.3 a scan signs in who is known by the unionid of his other binding, and opens no conversation', async () => {
    const { staff, who } = await bound()
    const before = await conversations()
    const { scan, client } = await begin('official')
    const state = async () => (await client.ask('GET', `/auth/wechat/scans/${scan.id}`)).body.data.status
    expect(await state()).toBe('waiting')
    expect(said(await client.ask('POST', `/auth/wechat/scans/${scan.id}/finish`))).toEqual({ status: 409, code: 'scan_expired' })
    const delivery = await who.scan(await sceneOf(scan))
    await it.simulator.settled(delivery.id)
    expect(await state()).toBe('scanned')
    expect(said(await client.ask('POST', `/auth/wechat/scans/${scan.id}/finish`))).toEqual({ status: 409, code: 'scan_unconfirmed' })
    const question = await answerLogin(it, who, 'yes')
    expect(question.head_content).toMatch(/登录连客工作台[\s\S]*IP 地址/)
    expect(await state()).toBe('confirmed')
    const done = await client.ask('POST', `/auth/wechat/scans/${scan.id}/finish`)
    expect({ status: done.status, id: done.body.data.id }).toEqual({ status: 200, id: staff.me.id })
    expect(said(await client.ask('POST', `/auth/wechat/scans/${scan.id}/finish`))).toEqual({ status: 409, code: 'scan_expired' })
    await it.process.idle()
    expect(await conversations()).toBe(before)
    const known = await it.process.app.db('customer_identities').where({ value: who.openId })
    expect(known).toHaveLength(0)
  })

  test('S12 a code that a stranger shows lets nobody in: he who scanned says no, and nobody else says yes for him', async () => {
    const [victim, stranger] = [await bound(), person()]
    const { scan, client } = await begin('official')
    await it.simulator.settled((await victim.who.scan(await sceneOf(scan))).id)
    const { list } = await until(() => loginQuestion(victim.who))
    const [yes] = list
    // The stranger knows what to click, but it was not his phone.
    await it.simulator.settled((await stranger.chooseOption({ id: yes?.id ?? '', text: yes?.content ?? '' })).id)
    const state = async () => (await client.ask('GET', `/auth/wechat/scans/${scan.id}`)).body.data.status
    expect(await state()).toBe('scanned')
    await answerLogin(it, victim.who, 'no')
    expect(await state()).toBe('refused')
    // Too late to think otherwise.
    await it.simulator.settled((await victim.who.chooseOption({ id: yes?.id ?? '', text: yes?.content ?? '' })).id)
    expect(said(await client.ask('POST', `/auth/wechat/scans/${scan.id}/finish`))).toEqual({ status: 409, code: 'scan_expired' })
    await it.process.idle()
    expect(await it.process.app.db('messages').whereRaw('parts::text like ?', ['%login-%'])).toHaveLength(0)
  })

  test('who could not be asked scans again; a question of five minutes ago is over', async () => {
    const { who } = await bound()
    const { scan, client } = await begin('official')
    const scene = await sceneOf(scan)
    const state = async () => (await client.ask('GET', `/auth/wechat/scans/${scan.id}`)).body.data.status
    it.simulator.addApiFault({ path: '/cgi-bin/message/custom/send', times: 1, fault: { kind: 'errcode', errcode: 45015 } })
    await who.scan(scene)
    await until(async () => expect(await state()).toBe('waiting'))
    await it.simulator.settled((await who.scan(scene)).id)
    const question = await until(() => loginQuestion(who))
    await it.travel(301_000)
    await answerLogin(it, who, 'yes')
    expect(question.list).toHaveLength(2)
    expect(await state()).toBe('expired')
    expect(said(await client.ask('POST', `/auth/wechat/scans/${scan.id}/finish`))).toEqual({ status: 409, code: 'scan_expired' })
  })

  test('of two who scan the first is the one; of two who finish one gets in; another browser sees nothing', async () => {
    const [one, other] = [await bound(), await bound()]
    const { scan, client } = await begin('official')
    const scene = await sceneOf(scan)
    const deliveries = [await one.who.scan(scene), await other.who.scan(scene)]
    for (const { id } of deliveries) await it.simulator.settled(id)
    await answerLogin(it, one.who, 'yes')
    expect(() => loginQuestion(other.who)).toThrow('nobody has asked him')
    await browser().expectError('GET', `/auth/wechat/scans/${scan.id}`, undefined, 404, 'not_found')
    expect(said(await browser().ask('POST', `/auth/wechat/scans/${scan.id}/finish`))).toEqual({ status: 409, code: 'scan_expired' })
    const finish = () => client.ask('POST', `/auth/wechat/scans/${scan.id}/finish`)
    const answers = await Promise.all([finish(), finish()])
    expect(answers.map(({ status }) => status).sort()).toEqual([200, 409])
    expect(answers.find(({ status }) => status === 200)?.body.data.id).toBe(one.staff.me.id)
  })

  test('a code of another of our accounts signs nobody in, and who follows by a login code is a follower without it', async () => {
    const { staff } = await bound()
    const elsewhere = await it.connectOfficial()
    const stranger = it.simulator.addCustomer({ appId: elsewhere.appId, nickname: '路人', following: false })
    const { scan, client } = await begin('official')
    const scene = await sceneOf(scan)
    it.simulator.createCode(elsewhere.appId, scene)
    await it.simulator.settled((await stranger.scan(scene)).id)
    await answerLogin(it, stranger, 'yes')
    expect(said(await client.ask('POST', `/auth/wechat/scans/${scan.id}/finish`))).toEqual({ status: 409, code: 'scan_expired' })
    const followed = await it.process.app.db('customer_identities').where({ value: stranger.openId })
    expect(followed.map(({ pending_source }) => pending_source)).toEqual([null])
    expect(staff.me.id).toBeTruthy()
  })

  test('a disabled account is not let in by its WeChat either', async () => {
    const { staff, who } = await bound()
    await it.process.app.db('accounts').where({ id: staff.me.id }).update({ status: 'disabled' })
    const { scan, client } = await begin('website')
    expect((await client.ask('GET', await agree(scan, who))).headers.get('location')).toBe('/login?problem=account_disabled')
  })
})

describe('BP-002.3 binding', () => {
  test('a WeChat belongs to one account, also when two bind it at once', async () => {
    const { who } = await bound()
    const late = await it.staff('agent')
    const { scan, client } = await begin('website', late)
    await client.ask('GET', await agree(scan, who))
    expect(said(await client.ask('POST', `/me/wechat/scans/${scan.id}/finish`))).toEqual({ status: 409, code: 'wechat_taken' })
    const fresh = person()
    const both = await Promise.all([it.staff('agent'), it.staff('agent')])
    const begun = await Promise.all(both.map((staff) => begin('website', staff)))
    for (const one of begun) await one.client.ask('GET', await agree(one.scan, fresh))
    const answers = await Promise.all(begun.map((one) => one.client.ask('POST', `/me/wechat/scans/${one.scan.id}/finish`)))
    expect(answers.map(({ status }) => status).sort()).toEqual([200, 409])
  })

  test('it is finished by who began it: another account in the same browser gets nothing', async () => {
    const [one, other] = [await it.staff('agent'), await it.staff('agent')]
    const { scan, cookies } = await begin('website', one)
    const swapped = browser({ cookie: [other.headers['cookie'], cookieOf(cookies)].join('; ') })
    await swapped.ask('GET', await agree(scan, person()))
    expect(said(await swapped.ask('POST', `/me/wechat/scans/${scan.id}/finish`))).toEqual({ status: 409, code: 'scan_expired' })
    expect((await other.get<Security>('/me/security')).wechat).toBeNull()
  })

  test('an open desk is not enough: binding begins with the password', async () => {
    const staff = await it.staff('agent')
    for (const password of [undefined, 'a guess'])
      expect(said(await staff.ask('POST', '/me/wechat/scans', { via: 'website', password }))).toEqual({
        status: 400,
        code: 'password_wrong',
      })
  })

  test('it is unbound, and then signs nobody in; the last way in stays', async () => {
    const { staff, who } = await bound()
    await it.process.app.db('accounts').where({ id: staff.me.id }).update({ password_hash: null })
    await staff.expectError('DELETE', '/me/wechat', undefined, 409, 'last_way_in')
    await it.process.app.db('accounts').where({ id: staff.me.id }).update({ password_hash: 'something' })
    expect((await staff.ask('DELETE', '/me/wechat')).body.data.wechat).toBeNull()
    const { scan, client } = await begin('website')
    expect((await client.ask('GET', await agree(scan, who))).headers.get('location')).toBe('/login?problem=wechat_not_bound')
  })
})
