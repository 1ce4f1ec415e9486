import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import type { SimulatedCustomer } from '#adapters/wechat-official/simulator/index.ts'
import type { LoginSettings } from '../../contract/login.ts'
import type { WebLogin, WebScan } from '../../contract/registration.ts'
import { newPhone, PageVisitor } from '../customer-login.ts'
import { answerLogin } from '../wechat-phone.ts'
import { type OfficialAccount, type StaffClient, startTestApp, type TestApp, unique } from '../harness.ts'
import { PUBLIC_URL } from '../installation.ts'
import { until } from '../until.ts'

let it: TestApp
let admin: StaffClient
let web: { id: string }
let official: OfficialAccount

const WEBSITE = { appId: 'wxwebsite00000002', appSecret: 'the secret of the website application' }

beforeAll(async () => {
  it = await startTestApp()
  admin = await it.staff('admin')
  web = await it.connectWeb()
  official = await it.connectOfficial()
  it.simulator.addWebsite({ ...WEBSITE, name: '连客', redirectDomain: new URL(PUBLIC_URL).host })
  const { version } = await admin.get<LoginSettings>('/settings/login')
  await admin.patch('/settings/login', {
    version,
    wechat: { website: { ...WEBSITE, base: it.platformUrl }, officialAccountId: official.id },
  })
})
afterAll(() => it.stop())

const visit = () => new PageVisitor(it, web.id)
const person = () => it.simulator.addCustomer({ appId: official.appId, nickname: unique('微信用户'), unionId: unique('union') })
const begin = (visitor: PageVisitor, via: 'official' | 'website' = 'official') => visitor.post<WebScan>(`/web/${web.id}/scans`, { via })
const stateOf = (visitor: PageVisitor, { scan, browserToken }: WebScan) =>
  visitor.post<{ status: string }>(`/web/scans/${scan.id}/state`, { browserToken })
const finish = (visitor: PageVisitor, { scan, browserToken }: WebScan, token?: string) =>
  visitor.tryLogin({ method: 'wechat', scanId: scan.id, browserToken }, token)

/** The scene behind the newest code that the account made. */
const newestScene = (): string => {
  const calls = it.simulator.calls({ path: '/cgi-bin/qrcode/create' })
  return /login-[\w-]{43}/.exec(JSON.stringify(calls.at(-1)?.request))?.[0] ?? ''
}

const scanBy = async (who: SimulatedCustomer) => it.simulator.settled((await who.scan(newestScene())).id)
const scanAndConfirm = async (who: SimulatedCustomer) => {
  await scanBy(who)
  await answerLogin(it, who, 'yes')
}

describe('BP-002.3 customers who scan with WeChat', () => {
  test('BP-002.3 the page offers it, the phone scans, the page signs in; the same person is one customer', async () => {
    const [visitor, who] = [visit(), person()]
    expect(await visitor.page()).toMatchObject({ methods: ['code', 'password', 'wechat'], scanVias: ['official', 'website'] })
    const begun = await begin(visitor)
    expect(await stateOf(visitor, begun)).toEqual({ status: 'waiting' })
    await scanBy(who)
    await until(async () => expect(await stateOf(visitor, begun)).toEqual({ status: 'scanned' }))
    expect((await finish(visitor, begun)).body.error.code).toBe('scan_unconfirmed')
    await answerLogin(it, who, 'yes')
    await until(async () => expect(await stateOf(visitor, begun)).toEqual({ status: 'confirmed' }))
    const answer = await finish(visitor, begun)
    expect(answer.status).toBe(201)
    const first: WebLogin = answer.body.data
    expect(first).toMatchObject({ registered: true, profile: { wechatBound: true, phone: null, status: 'temporary' } })
    await visitor.as(first.token).say('微信扫码进来的')
    const again = await begin(visitor)
    await scanAndConfirm(who)
    const second = await finish(visit(), again)
    expect(second.body.data.registered).toBe(false)
    expect((await visitor.as(second.body.data.token).history()).messages).toHaveLength(1)
  })

  test('BP-002.3 a scan is good once, and for the browser that began it', async () => {
    const [visitor, who] = [visit(), person()]
    const begun = await begin(visitor)
    const foreign = { ...begun, browserToken: (await begin(visit())).browserToken }
    await visitor.expectError('POST', `/web/scans/${begun.scan.id}/state`, { browserToken: foreign.browserToken }, 404, 'not_found')
    expect((await finish(visitor, begun)).body.error.code).toBe('scan_expired')
    await scanAndConfirm(who)
    expect((await finish(visitor, foreign)).body.error.code).toBe('scan_expired')
  })

  test('BP-002.3 whoever wrote to the official account before is known by his WeChat', async () => {
    const [visitor, who] = [visit(), person()]
    await who.text('公众号里的第一句')
    const conversation = await it.conversationOf(admin, who.openId)
    const begun = await begin(visitor)
    await scanAndConfirm(who)
    const { token } = (await finish(visitor, begun)).body.data
    await visitor.as(token).say('网页上的第一句')
    const { conversation: talk } = await visitor.as(token).history()
    expect((await admin.conversation(talk?.id ?? '')).customer.id).toBe(conversation.customer.id)
    // What was said in WeChat stays in WeChat.
    expect((await visitor.as(token).history()).messages).toHaveLength(1)
  })

  test('BP-002.3 by the open platform’s page: WeChat sends the browser back to the chat, which signs in', async () => {
    const [visitor, who] = [visit(), person()]
    const answer = await visitor.ask('POST', `/web/${web.id}/scans`, { via: 'website' })
    const begun: WebScan = answer.body.data
    const page = new URL(begun.scan.authorizeUrl ?? '')
    page.searchParams.set('simulator_openid', who.openId)
    page.searchParams.set('simulator_answer', 'agree')
    const back = new URL((await fetch(page, { redirect: 'manual' })).headers.get('location') ?? '')
    const cookie = answer.headers.getSetCookie()[0]?.split(';')[0] ?? ''
    const redirected = await visitor.ask('GET', `/${back.pathname}${back.search}`, undefined, { cookie })
    expect(redirected.headers.get('location')).toBe(`/chat/${web.id}?scan=${begun.scan.id}`)
    expect((await finish(visitor, begun)).status).toBe(201)
    expect((await finish(visitor, begun)).body.error.code).toBe('scan_expired')
  })

  test('a number proven after the scan is his; who has it already turns out to be the same customer', async () => {
    const [visitor, who, phone] = [visit(), person(), newPhone()]
    const before = await visitor.register(phone)
    await before.client.say('手机号注册时写的')
    const conversationId = (await before.client.history()).conversation?.id ?? ''
    const begun = await begin(visitor)
    await scanAndConfirm(who)
    const { token } = (await finish(visitor, begun)).body.data
    await it.travel(61_000)
    const code = await visitor.code(phone)
    const client = visitor.as(token)
    const wrong = code === '000000' ? '000001' : '000000'
    await client.expectError('PUT', '/web/me/phone', { phone, code: wrong }, 400, 'code_invalid')
    expect(await client.put('/web/me/phone', { phone, code })).toMatchObject({ phone: `+86 139****${phone.slice(-4)}`, wechatBound: true })
    await client.say('微信登录后写的')
    const { conversation } = await client.history()
    const [one, other] = [await admin.conversation(conversationId), await admin.conversation(conversation?.id ?? '')]
    expect(one.customer.id).toBe(other.customer.id)
    await (await it.webCustomer(web.id)).expectError('PUT', '/web/me/phone', { phone, code }, 404, 'not_found')
  })
})
