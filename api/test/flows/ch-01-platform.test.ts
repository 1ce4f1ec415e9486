import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import type { ChannelAccount } from '../../contract/channel.ts'
import type { Message } from '../../contract/message.ts'
import { ConfigurationError, readConfig } from '../../core/config.ts'
import { inTransaction, SYSTEM } from '../../core/context.ts'
import { rotateSecrets } from '../../modules/channels/index.ts'
import { newKey, type OfficialAccount, type StaffClient, startTestApp, type TestApp } from '../harness.ts'
import { until } from '../until.ts'

const SEND = '/cgi-bin/message/custom/send'

let it: TestApp
let admin: StaffClient
let official: OfficialAccount

beforeAll(async () => {
  it = await startTestApp()
  admin = await it.staff('admin')
  official = await it.connectOfficial()
})
afterAll(() => it.stop())

async function conversing(account = official) {
  const customer = it.follower(account)
  await customer.text('在吗')
  const { id } = await it.conversationOf(admin, customer.openId)
  return { customer, id }
}
const inboundOf = async (id: string) => (await admin.messages(id)).filter(({ direction }) => direction === 'inbound')
const partOf = async (id: string, seq: number) => (await admin.messages(id)).find((message) => message.seq === seq)?.parts[0]

describe('CH-01 when the platform misbehaves', () => {
  test('F9 twenty answers at once with a token that has died: one new token, each answer once', async () => {
    const account = await it.connectOfficial()
    const people = await Promise.all(Array.from({ length: 20 }, () => conversing(account)))
    await admin.delivered(await admin.reply(people[0]!.id, '先一句'), 'sent')
    it.simulator.expireTokens(account.appId)
    const before = it.simulator.tokens(account.appId).length
    const sent = await Promise.all(people.map(({ id }) => admin.reply(id, '您好')))
    await Promise.all(sent.map((message) => admin.delivered(message, 'sent')))
    expect(
      people.map(({ customer }) => customer.sent().filter(({ content }) => 'text' in content && content.text === '您好').length),
    ).toEqual(people.map(() => 1))
    expect(it.simulator.tokens(account.appId)).toHaveLength(before + 1)
  })

  test('a 503 is tried again until it is sent, once', async () => {
    const { customer, id } = await conversing()
    it.simulator.addApiFault({ path: SEND, fault: { kind: 'status', status: 503 } })
    await admin.delivered(await admin.reply(id, '您好'), 'sent')
    expect(customer.sent()).toHaveLength(1)
  })

  test.each([
    ['a reset after it took the message', { kind: 'reset_after' } as const, 1],
    ['a reset before', { kind: 'reset_before' } as const, 0],
    ['half an answer', { kind: 'malformed' } as const, 1],
  ])('%s leaves the outcome unknown; nothing is repeated by itself, and the agent may', async (_what, fault, arrived) => {
    const { customer, id } = await conversing()
    it.simulator.addApiFault({ path: SEND, fault })
    const unknown = await admin.delivered(await admin.reply(id, '您好'), 'unknown')
    expect(unknown.delivery).toMatchObject({ state: 'unknown', reason: 'outcome_unknown' })
    await it.process.idle()
    expect(customer.sent()).toHaveLength(arrived)
    await admin.post(`/conversations/${id}/messages/${unknown.seq}/retry`)
    await admin.delivered(unknown, 'sent')
    expect(customer.sent()).toHaveLength(arrived + 1)
    await admin.expectError('POST', `/conversations/${id}/messages/${unknown.seq}/retry`, undefined, 409, 'not_retryable')
  })

  test('a platform that takes its time with one customer holds up nobody else, and his own answers stay in order', async () => {
    const [slow, quick] = [await conversing(), await conversing()]
    it.simulator.addApiFault({ path: SEND, fault: { kind: 'latency', ms: 4000 } })
    const first = await admin.reply(slow.id, '一')
    await until(() => expect(slow.customer.sent()).toHaveLength(1))
    const second = await admin.reply(slow.id, '二')
    await admin.delivered(await admin.reply(quick.id, '快'), 'sent')
    expect((await admin.messages(slow.id, `?afterSeq=${first.seq - 1}`)).map(({ delivery }) => delivery?.state)).toEqual([
      'pending',
      'pending',
    ])
    await it.simulator.clock.advance(4000)
    await admin.delivered(first, 'sent')
    await admin.delivered(second, 'sent')
  })

  test('F10 when the day’s quota is spent nothing more is tried until it begins anew, in order', async () => {
    const account = await it.connectOfficial()
    const { customer, id } = await conversing(account)
    it.simulator.setDailyLimit(account.appId, SEND, 0)
    const [first, second] = [await admin.reply(id, '一'), await admin.reply(id, '二')]
    await until(async () =>
      expect((await admin.get<ChannelAccount>(`/channel-accounts/${account.id}`)).health).toMatchObject({
        state: 'failing',
        reason: 'api_quota_spent',
      }),
    )
    expect((await admin.messages(id, `?afterSeq=${first.seq - 1}`)).map(({ delivery }) => delivery?.state)).toEqual(['pending', 'pending'])
    expect(it.simulator.calls({ path: SEND }).filter(({ appId }) => appId === account.appId).length).toBeLessThanOrEqual(1)
    it.simulator.setDailyLimit(account.appId, SEND, null)
    await it.travel(24 * 3_600_000)
    admin = await it.logIn(admin.me.username)
    await admin.delivered(first, 'sent')
    await admin.delivered(second, 'sent')
    expect(customer.sent().map(({ content }) => ('text' in content ? content.text : ''))).toEqual(['一', '二'])
  })

  test('who blocked the account is told apart from a fault', async () => {
    const { customer, id } = await conversing()
    it.simulator.setCustomer(official.appId, customer.openId, { blocked: true })
    const failed = await admin.delivered(await admin.reply(id, '您好'), 'failed')
    expect(failed.delivery).toMatchObject({ reason: 'customer_blocked', platformCode: '43019' })
  })
})

describe('CH-01 the account', () => {
  test('CH-01 connection test, QR code with its scene, and the menu', async () => {
    const { customer, id } = await conversing()
    expect(await admin.post(`/channel-accounts/${official.id}/test`)).toMatchObject({
      ok: true,
      checks: [
        { name: 'credentials', ok: true },
        { name: 'api', ok: true },
      ],
    })
    const code = await admin.post<{ url: string; scene: string }>(`/channel-accounts/${official.id}/qr-codes`, {
      scene: 'door-1',
      expiresInSeconds: 600,
    })
    await it.tick()
    await customer.act({ type: 'scan', url: code.url })
    await until(async () =>
      expect(await admin.messages(id)).toContainEqual(
        expect.objectContaining({ parts: [{ type: 'notice', code: 'customer_entered', params: { label: 'door-1' } }] }),
      ),
    )
    const buttons = [{ type: 'click', name: '人工客服', key: 'AGENT' }]
    await admin.put(`/channel-accounts/${official.id}/menu`, { buttons })
    expect(await admin.get(`/channel-accounts/${official.id}/menu`)).toMatchObject({ buttons })
    await it.tick()
    await customer.clickMenu('AGENT')
    await until(async () =>
      expect((await admin.messages(id)).at(-1)?.parts).toMatchObject([{ code: 'customer_clicked_menu', params: { label: 'AGENT' } }]),
    )
    const web = await it.connectWeb()
    await admin.expectError('POST', `/channel-accounts/${web.id}/qr-codes`, { scene: 'x' }, 409, 'channel_unsupported')
  })

  test('a wrong secret shows in the test with the platform’s code', async () => {
    const account = await it.connectOfficial()
    await admin.patch(`/channel-accounts/${account.id}`, { config: { appSecret: 'not-the-right-one' }, version: 1 })
    expect(await admin.post(`/channel-accounts/${account.id}/test`)).toMatchObject({
      ok: false,
      checks: [{ name: 'credentials', ok: false, code: '40125' }],
    })
    await admin.expectError('POST', `/channel-accounts/${account.id}/qr-codes`, { scene: 'x' }, 409, 'platform_refused')
  })

  test('secrets are sealed at rest and never shown, not in answers, errors or logs', async () => {
    const secrets = { appSecret: newKey() + newKey(), token: newKey(), encodingAesKey: newKey().padEnd(43, 'A') }
    const config = { appId: 'wxsecretsaccount', mode: 'safe', ...secrets }
    const created = await admin.post<ChannelAccount>('/channel-accounts', { kind: 'wechat-official', name: '保密', config })
    expect(created.secretsSet.sort()).toEqual(['appSecret', 'encodingAesKey', 'token'])
    const answers = [
      created,
      await admin.get('/channel-accounts?limit=100'),
      await admin.get(`/channel-accounts/${created.id}`),
      await admin.patch(`/channel-accounts/${created.id}`, { name: '更保密', version: 1 }),
      await admin.ask('PATCH', `/channel-accounts/${created.id}`, { config: { mode: 'none' }, version: 2 }),
      await admin.ask('POST', '/channel-accounts', { kind: 'wechat-official', name: '保密2', config: { ...config, appId: '' } }),
      await it.process.app.db('channel_accounts').where({ id: created.id }),
      it.log,
    ]
    for (const secret of Object.values(secrets)) expect(JSON.stringify(answers)).not.toContain(secret)
    await admin.expectError('POST', '/channel-accounts', { kind: 'wechat-official', name: '更保密', config }, 409, 'name_taken')
    await admin.expectError('PATCH', `/channel-accounts/${created.id}`, { name: 'x', version: 1 }, 409, 'version_conflict')
    await admin.expectError('POST', '/channel-accounts', { kind: 'telex', name: 'x', config: {} }, 400, 'channel_kind_unknown')
    await admin.expectError(
      'POST',
      '/channel-accounts',
      { kind: 'wechat-official', name: 'x', config: { ...config, surprise: 1 } },
      400,
      'channel_config_invalid',
    )
  })

  test('keys rotate: all is sealed anew, and the old key can go', async () => {
    const keys = { fresh: `fresh:${Buffer.alloc(32, 9).toString('base64')}`, dev: `dev:${Buffer.alloc(32, 7).toString('base64')}` }
    const rotating = await it.start(['api'], { SECRET_KEYS: `${keys.fresh},${keys.dev}` })
    expect(await inTransaction(rotating.app, SYSTEM, rotateSecrets)).toBeGreaterThan(0)
    expect(await inTransaction(rotating.app, SYSTEM, rotateSecrets)).toBe(0)
    await rotating.stop()
    const rotated = await it.start(['api'], { SECRET_KEYS: keys.fresh })
    const { body } = await (await it.logIn(admin.me.username, rotated.url)).ask('GET', `/channel-accounts/${official.id}`)
    expect(body.data.secretsSet.sort()).toEqual(['appSecret', 'encodingAesKey', 'token'])
    await rotated.stop()
    const back = await it.start(['api'], { SECRET_KEYS: `${keys.dev},${keys.fresh}` })
    await inTransaction(back.app, SYSTEM, rotateSecrets)
    await back.stop()
  })

  test('S21 no log line holds what anybody said, and no token of the platform', async () => {
    const { id, customer } = await conversing()
    await it.tick()
    await customer.text('我的电话是13800138000')
    await until(async () => expect(await inboundOf(id)).toHaveLength(2))
    await admin.delivered(await admin.reply(id, '绝密答复'), 'sent')
    const log = it.log.join('')
    expect(log).toContain('http.answered')
    const tokens = it.simulator.tokens(official.appId).map(({ token }) => token)
    for (const hidden of ['13800138000', '绝密答复', official.settings.appSecret, admin.headers.cookie?.split('=')[1] ?? '?', ...tokens])
      expect(log).not.toContain(hidden)
  })

  test('CH-07 production refuses to be pointed at a simulator', () => {
    const production = {
      NODE_ENV: 'production',
      DATABASE_URL: 'postgres://x',
      REDIS_URL: 'redis://x',
      PUBLIC_URL: 'https://kf.example.com',
      SIGNING_SECRET: 's'.repeat(40),
      SECRET_KEYS: `k1:${Buffer.alloc(32, 1).toString('base64')}`,
    }
    expect(() => readConfig(production)).not.toThrow()
    for (const base of ['http://127.0.0.1:3100/simulator/wechat', 'https://localhost/simulator/wechat'])
      expect(() => readConfig({ ...production, WX_API_BASE: base })).toThrow(ConfigurationError)
  })
})

test('the message of a customer keeps its place and its author', async () => {
  const { id } = await conversing()
  const [message] = await inboundOf(id)
  expect(message satisfies Message | undefined).toMatchObject({ seq: 1, author: { kind: 'customer', id: null }, delivery: null })
  expect(await partOf(id, 1)).toEqual({ type: 'text', text: '在吗' })
})
