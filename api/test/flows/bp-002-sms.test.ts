import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals'
import { type SmsGateways, startSmsGateways } from '#bot/testing/sms-gateways.ts'
import type { LoginSettings } from '../../contract/login.ts'
import { ApiClient } from '../api-client.ts'
import { newAddress, PASSWORD, type StaffClient, startTestApp, type TestApp } from '../harness.ts'
import { PUBLIC_URL } from '../installation.ts'
import { codeSentTo, newPhone, otherThan } from '../text-messages.ts'
import { until } from '../until.ts'

let it: TestApp
let admin: StaffClient
let gateways: SmsGateways

const SECRETS = { tencent: 'tencent-secret-key', aliyun: 'aliyun-access-secret' }

beforeAll(async () => {
  it = await startTestApp()
  gateways = await startSmsGateways(SECRETS)
})
beforeEach(async () => {
  admin = await it.staff('admin')
})
afterAll(async () => {
  await gateways.close()
  await it.stop()
})

const from = () => new ApiClient(it.url, { 'x-forwarded-for': newAddress(), origin: PUBLIC_URL })
const change = async (patch: object) => {
  const { version } = await admin.get<LoginSettings>('/settings/login')
  return admin.ask('PATCH', '/settings/login', { version, ...patch })
}
const tencent = () => ({
  provider: 'tencent',
  secretId: 'AKIDexample',
  secretKey: SECRETS.tencent,
  sdkAppId: '1400006666',
  signName: '远山科技',
  templateId: '1234567',
  endpoint: gateways.url,
})
const aliyun = () => ({
  provider: 'aliyun',
  accessKeyId: 'LTAIexample',
  accessKeySecret: SECRETS.aliyun,
  signName: '远山科技',
  templateCode: 'SMS_154950909',
  endpoint: gateways.url,
})
/** Somebody with this number; it was bound while messages were still free. */
async function owner(): Promise<string> {
  await change({ sms: { provider: 'development' }, phoneCode: true })
  const phone = newPhone()
  const staff = await it.staff('agent')
  await staff.post('/me/phone/codes', { phone })
  await staff.put('/me/phone', { phone, code: await codeSentTo(it, phone), password: PASSWORD })
  await it.travel(61 * 60_000)
  admin = await it.staff('admin')
  return phone
}
const askCode = (phone: string) => from().ask('POST', '/auth/codes', { phone, purpose: 'staff_login' })
const enter = (phone: string, code: string) => from().ask('POST', '/auth/code-login', { phone, code })
const received = (phone: string, nth = 1) =>
  until(async () => {
    const messages = gateways.messages.filter((message) => message.phone.endsWith(phone))
    const message = messages[nth - 1]
    if (!message) throw new Error(`${messages.length} of ${nth} messages`)
    return Promise.resolve(message)
  })
const messageState = (phone: string) =>
  it.process.app
    .db('sms_messages')
    .where({ phone: `+86${phone}` })
    .orderBy('created_at', 'desc')
    .first('state', 'error_code', 'error_detail', 'params_sealed')

describe('BP-002.2 sending through a provider', () => {
  test('BP-002.2 Tencent Cloud gets number, signature, template, code and minutes, signed with our secret', async () => {
    const phone = await owner()
    expect((await change({ sms: tencent() })).status).toBe(200)
    await askCode(phone)
    const message = await received(phone)
    expect(message).toMatchObject({
      vendor: 'tencent',
      phone: `+86${phone}`,
      fields: { sign: '远山科技', template: '1234567', app: '1400006666' },
    })
    const [code = '', minutes] = (message.fields['code'] ?? '').split(',')
    expect(minutes).toBe('5')
    expect((await enter(phone, code)).status).toBe(200)
    // The message is here before its sender has written that it left.
    await until(async () =>
      expect(await messageState(phone)).toEqual({ state: 'sent', error_code: null, error_detail: null, params_sealed: null }),
    )
  })

  test('BP-002.2 Aliyun gets a mainland number without its region, and the code as template variable', async () => {
    const phone = await owner()
    await change({ sms: aliyun() })
    await askCode(phone)
    const message = await received(phone)
    expect(message).toMatchObject({ vendor: 'aliyun', phone, fields: { SignName: '远山科技', TemplateCode: 'SMS_154950909' } })
    const { code }: { code: string } = JSON.parse(message.fields['TemplateParam'] ?? '{}')
    expect((await enter(phone, code)).status).toBe(200)
  })

  test.each([
    ['Tencent Cloud is out of service', tencent, 500],
    ['Tencent Cloud has an internal error', tencent, 'InternalError.Timeout'],
    ['Tencent Cloud hangs up', tencent, 'reset'],
    ['Aliyun is out of service', aliyun, 503],
    ['Aliyun has a system error', aliyun, 'isp.SYSTEM_ERROR'],
    ['Aliyun hangs up', aliyun, 'reset'],
  ] as const)('while %s people are told, and the same code arrives by itself later', async (_what, settings, fault) => {
    const phone = await owner()
    await change({ sms: settings() })
    gateways.fail(fault)
    const asked = await askCode(phone)
    const delivery = () => from().get<{ state: string }>(`/auth/codes/${asked.body.data.id}`)
    await until(async () => expect(await delivery()).toEqual({ state: 'failing' }))
    expect((await admin.get<LoginSettings>('/settings/login')).smsHealth.failingSince).not.toBeNull()
    // SDKs quote the request.
    expect((await messageState(phone)).error_detail).not.toMatch(/\d{6}/)
    await it.travel(5000)
    it.process.app.wakeups.ring('identity.sms')
    const message = await received(phone)
    const code = /\d{6}/.exec(message.fields['code'] ?? message.fields['TemplateParam'] ?? '')?.[0] ?? ''
    expect((await enter(phone, code)).status).toBe(200)
    // It is here before its sender has written that it left.
    await until(async () => expect(await delivery()).toEqual({ state: 'on_its_way' }))
  })

  test('a message that was refused for good is sent again by asking again: the same code, no second one', async () => {
    const phone = await owner()
    await change({ sms: tencent() })
    gateways.fail('FailedOperation.InsufficientBalanceInSmsPackage')
    const first = await askCode(phone)
    await until(async () => expect(await messageState(phone)).toMatchObject({ state: 'failed' }))
    await it.travel(61_000)
    const second = await askCode(phone)
    // An id that came twice would tell that somebody is behind the number.
    expect(second.body.data.id).not.toBe(first.body.data.id)
    const [code = ''] = ((await received(phone)).fields['code'] ?? '').split(',')
    expect((await enter(phone, code)).status).toBe(200)
  })

  test('S11 asking again while messages do not leave gives nobody new tries at the same code', async () => {
    const phone = await owner()
    await change({ sms: tencent() })
    gateways.fail('FailedOperation.InsufficientBalanceInSmsPackage')
    await askCode(phone)
    await until(async () => expect(await messageState(phone)).toMatchObject({ state: 'failed' }))
    await it.process.app
      .db('login_codes')
      .where({ phone: `+86${phone}`, replaced_at: null, used_at: null })
      .update({ tries: 4 })
    await it.travel(61_000)
    await askCode(phone)
    const [code = ''] = ((await received(phone)).fields['code'] ?? '').split(',')
    expect((await enter(phone, otherThan(code))).status).toBe(400)
    expect((await enter(phone, code)).body.error?.code).toBe('too_many_tries')
  })

  test('a number that its carrier refuses is no trouble of the provider, and is not told apart from outside', async () => {
    const phone = await owner()
    await change({ sms: tencent() })
    gateways.fail('FailedOperation.PhoneNumberInBlacklist')
    const asked = await askCode(phone)
    await until(async () =>
      expect(await messageState(phone)).toMatchObject({ state: 'failed', error_code: 'FailedOperation.PhoneNumberInBlacklist' }),
    )
    expect(await from().get(`/auth/codes/${asked.body.data.id}`)).toEqual({ state: 'on_its_way' })
  })

  test('what nobody waits for any longer is not sent, and its code is forgotten', async () => {
    const phone = await owner()
    await change({ sms: tencent() })
    gateways.fail(500)
    await askCode(phone)
    await until(async () => expect(await messageState(phone)).toMatchObject({ state: 'queued', error_code: expect.any(String) }))
    await it.travel(301_000)
    it.process.app.wakeups.ring('identity.sms')
    await until(async () => expect(await messageState(phone)).toMatchObject({ state: 'failed', params_sealed: null }))
    expect(gateways.messages.filter((message) => message.phone.endsWith(phone))).toHaveLength(0)
  })
})

describe('settings of sign-in and SMS', () => {
  test('are an administrator’s alone; secrets are sealed, never shown, and stay when left out', async () => {
    const agent = await it.staff('agent')
    await agent.expectError('GET', '/settings/login', undefined, 403, 'forbidden')
    await agent.expectError('PATCH', '/settings/login', { version: 1 }, 403, 'forbidden')
    await agent.expectError('POST', '/settings/login/sms-test', { phone: newPhone() }, 403, 'forbidden')
    await change({ sms: tencent() })
    const { secretKey: _left, ...rest } = tencent()
    const answer = await change({ sms: { ...rest, signName: '云帆办公' } })
    expect(answer.body.data.sms).toMatchObject({ provider: 'tencent', values: { signName: '云帆办公' }, secretsSet: ['secretKey'] })
    expect(JSON.stringify(answer.body)).not.toContain(SECRETS.tencent)
    expect(JSON.stringify(await it.process.app.db('login_settings'))).not.toContain(SECRETS.tencent)
    const phone = newPhone()
    expect(await admin.post('/settings/login/sms-test', { phone })).toEqual({ ok: true, code: null, detail: null })
    expect((await received(phone)).fields['sign']).toBe('云帆办公')
    const lines = JSON.stringify(await it.process.app.db('audit_entries').whereLike('action', 'login_settings.%'))
    expect(lines).toContain('login_settings.changed')
    expect(lines).not.toContain(SECRETS.tencent)
    expect(lines).not.toContain(phone)
  })

  test('a test says what the provider said', async () => {
    await change({ sms: tencent() })
    gateways.fail('FailedOperation.SignatureIncorrectOrUnapproved')
    const answer = await admin.post('/settings/login/sms-test', { phone: newPhone() })
    expect(answer).toMatchObject({ ok: false, code: 'FailedOperation.SignatureIncorrectOrUnapproved' })
  })

  test('bad input: a missing secret, an unknown key, an old version and a wrong secret of another provider are refused', async () => {
    await change({ sms: aliyun() })
    const { secretKey: _left, ...rest } = tencent()
    expect((await change({ sms: rest })).status).toBe(400)
    expect((await change({ sms: { ...tencent(), role: 'admin' } })).status).toBe(400)
    await admin.expectError('PATCH', '/settings/login', { version: 1, phoneCode: false }, 409, 'version_conflict')
    const { version } = await admin.get<LoginSettings>('/settings/login')
    const both = await Promise.all([true, false].map((phoneCode) => admin.ask('PATCH', '/settings/login', { version, phoneCode })))
    expect(both.map(({ status }) => status).sort()).toEqual([200, 409])
  })

  test('what is switched off is not offered and does not work', async () => {
    const phone = await owner()
    await askCode(phone)
    const code = await codeSentTo(it, phone, 2)
    await change({ phoneCode: false })
    expect(await from().get('/auth/methods')).toMatchObject({ phoneCode: false })
    await from().expectError('POST', '/auth/code-login', { phone, code }, 403, 'login_method_disabled')
    await from().expectError('POST', '/auth/codes', { phone: newPhone(), purpose: 'staff_login' }, 403, 'login_method_disabled')
    await from().expectError('POST', '/auth/wechat/scans', { via: 'website' }, 403, 'login_method_disabled')
    await from().expectError('POST', '/auth/wechat/scans', { via: 'official' }, 403, 'login_method_disabled')
    await change({ phoneCode: true })
  })

  test('in production there is no development provider: without another one nobody is promised a message', async () => {
    const production = await it.start(['api'], {
      NODE_ENV: 'production',
      PUBLIC_URL: 'https://lianke.test',
      SIGNING_SECRET: 'a secret of forty characters, or of more',
      SECRET_KEYS: `k1:${Buffer.alloc(32, 1).toString('base64')}`,
    })
    await change({ sms: null })
    const client = new ApiClient(production.url, { 'x-forwarded-for': newAddress() })
    await client.expectError('POST', '/auth/codes', { phone: newPhone(), purpose: 'staff_login' }, 503, 'sms_unavailable')
    expect(await client.get('/auth/methods')).toMatchObject({ phoneCode: false })
    await production.stop()
  })
})
