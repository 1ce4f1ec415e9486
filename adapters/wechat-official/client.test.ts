import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals'
import { ChannelFailure, OutcomeUnknown, PermanentFailure, QuotaSpent, ReplyWindowClosed, TransientFailure } from '../contract/index.ts'
import { httpContext } from '../testing/test-context.ts'
import { callApi } from './client.ts'
import wechatOfficial from './index.ts'
import { failureOf } from './platform-errors.ts'
import { SETTINGS, testAccount } from './testing/account.ts'
import { TestPlatform } from './testing/platform.ts'

const platform = new TestPlatform()
const SEND = '/cgi-bin/message/custom/send'
const TOKEN = '/cgi-bin/stable_token'
const NOW = new Date('2026-11-22T10:00:00Z')

beforeAll(() => platform.start())
afterAll(() => platform.stop())
beforeEach(() => platform.reset())

const setUp = () => httpContext({ bases: { wxApi: platform.base }, now: () => NOW }).ctx
const sendText = (ctx = setUp(), account = testAccount()) =>
  wechatOfficial.send(account, { to: { externalId: 'oCustomer' }, part: { type: 'text', text: '您好' }, deliveryId: 'd-1' }, ctx)
const failure = async (result: Promise<unknown>): Promise<unknown> =>
  result.then(
    () => undefined,
    (error: unknown) => error,
  )

describe('CH-01 the access token', () => {
  test('is the stable one, asked for once and sent with every call', async () => {
    platform.answers(SEND, { errcode: 0, errmsg: 'ok' })
    const ctx = setUp()
    await Promise.all(Array.from({ length: 20 }, () => sendText(ctx)))
    const [request] = platform.asked(TOKEN)
    expect(platform.asked(TOKEN)).toHaveLength(1)
    expect(JSON.parse(String(request?.body))).toEqual({
      grant_type: 'client_credential',
      appid: SETTINGS.appId,
      secret: SETTINGS.appSecret,
    })
    expect(new Set(platform.asked(SEND).map(({ query }) => query.access_token))).toEqual(new Set(['token-1']))
  })

  test('is named by a digest of the secret, so that a changed secret has another and none is readable', async () => {
    const names: string[] = []
    const ctx = setUp()
    const spy = {
      ...ctx,
      tokens: {
        ...ctx.tokens,
        get: (name: string, fetch: Parameters<typeof ctx.tokens.get>[1]) => ctx.tokens.get((names.push(name), name), fetch),
      },
    }
    platform.answers(SEND, { errcode: 0 })
    await sendText(spy)
    await sendText(spy, testAccount({ appSecret: 'another-secret' }))
    expect(names[0]).toMatch(/^oa:wx2c2769f8efd9abc2:[0-9a-f]{8}$/)
    expect(names[1]).not.toBe(names[0])
    expect(names.join()).not.toContain(SETTINGS.appSecret)
  })

  test.each([40001, 40014, 42001])('is renewed once after %d, and the message arrives once', async (errcode) => {
    const ctx = setUp()
    platform.on(SEND, ({ query }) =>
      query.access_token === 'token-1' ? { errcode, errmsg: 'invalid credential rid: 5f8b' } : { errcode: 0, errmsg: 'ok' },
    )
    await Promise.all([sendText(ctx), sendText(ctx), sendText(ctx)])
    expect(platform.tokensGiven).toBe(2)
    expect(platform.asked(SEND).filter(({ query }) => query.access_token === 'token-2')).toHaveLength(3)
  })

  test('is not renewed a second time', async () => {
    platform.answers(SEND, { errcode: 42001, errmsg: 'access_token expired' })
    const error = await failure(sendText())
    expect(error).toBeInstanceOf(TransientFailure)
    expect(error).toMatchObject({ platformCode: '42001' })
    expect(platform.asked(SEND)).toHaveLength(2)
  })

  test.each([
    [40001, 'AppSecret is invalid'],
    [40013, 'invalid appid'],
    [40125, 'invalid appsecret'],
    [40164, 'invalid ip 203.0.113.7, not in whitelist'],
  ])('refused with %d is a fault of the settings', async (errcode, errmsg) => {
    platform.answers(TOKEN, { errcode, errmsg })
    const error = await failure(sendText())
    expect(error).toBeInstanceOf(PermanentFailure)
    expect(error).toMatchObject({ reason: 'configuration', platformCode: String(errcode), message: `${errcode} ${errmsg}` })
    expect(platform.asked(SEND)).toHaveLength(0)
  })

  test.each([[{ errcode: -1, errmsg: 'system error' }], [{ raw: '<html>' }], [{ expires_in: 7200 }], [{ raw: 'busy', status: 503 }]])(
    'not given for now (%j) may be tried again',
    async (answer) => {
      platform.answers(TOKEN, answer)
      expect(await failure(sendText())).toBeInstanceOf(TransientFailure)
    },
  )
})

describe('CH-01 the platform’s errors', () => {
  const ended = (errcode: number) => failureOf({ code: errcode, message: 'x rid: 1' }, NOW)

  test('45015 closes the window, 45047 spends the answers, 45009 the day', () => {
    expect(ended(45015)).toBeInstanceOf(ReplyWindowClosed)
    expect(ended(45047)).toMatchObject({ scope: 'count', platformCode: '45047' })
    expect(ended(45009)).toBeInstanceOf(QuotaSpent)
    expect(ended(45009)).toMatchObject({ scope: 'account', resetsAt: new Date('2026-11-22T16:00:00Z') })
    expect(failureOf({ code: 45009, message: '' }, new Date('2026-11-22T16:00:00Z'))).toMatchObject({
      resetsAt: new Date('2026-11-23T16:00:00Z'),
    })
  })

  test('busy and too often may be tried again', () => {
    expect(ended(-1)).toBeInstanceOf(TransientFailure)
    expect(ended(45011)).toMatchObject({ retryAfterMs: 60_000 })
  })

  test.each([
    [40003, 'customer_unknown'],
    [43004, 'customer_unfollowed'],
    [43019, 'customer_blocked'],
    [48002, 'customer_refuses'],
    [43101, 'customer_refuses'],
    [48001, 'not_authorised'],
    [40200, 'not_authorised'],
    [48004, 'account_limited'],
    [50002, 'account_limited'],
    [40007, 'media_refused'],
    [40009, 'media_refused'],
    [40004, 'media_refused'],
    [45001, 'media_refused'],
    [40008, 'part_not_supported'],
    [45002, 'content_too_long'],
    [87014, 'content_refused'],
    [40037, 'template_refused'],
    [47003, 'template_refused'],
    [48008, 'template_refused'],
    [40013, 'configuration'],
    [40125, 'configuration'],
    [40164, 'configuration'],
    [41001, 'configuration'],
    [61452, 'configuration'],
    [65400, 'configuration'],
    [44004, 'rejected'],
    [47001, 'rejected'],
    [45008, 'rejected'],
    [99999, 'rejected'],
  ] as const)('%d ends as %s', (errcode, reason) => {
    expect(ended(errcode)).toBeInstanceOf(PermanentFailure)
    expect(ended(errcode)).toMatchObject({ reason, platformCode: String(errcode) })
  })

  test('keeps the rid, by which the platform’s support finds the call', async () => {
    platform.answers(SEND, { errcode: 48001, errmsg: 'api unauthorized rid: 6203-1' })
    expect(await failure(sendText())).toMatchObject({ message: '48001 api unauthorized rid: 6203-1' })
    expect(platform.asked(SEND)).toHaveLength(1)
  })
})

describe('CH-01 answers that are none', () => {
  test.each([
    [{ raw: '' }],
    [{ raw: '{"errcode":0' }],
    [{ raw: '[]' }],
    [{ raw: '<html>proxy</html>' }],
    [{ raw: 'moved', status: 304 }],
    ['reset' as const],
  ])('a message answered by %j may have arrived', async (answer) => {
    platform.answers(SEND, answer)
    expect(await failure(sendText())).toBeInstanceOf(OutcomeUnknown)
    expect(platform.asked(SEND)).toHaveLength(1)
  })

  test('a message that a gateway turned away did not arrive', async () => {
    platform.answers(SEND, { raw: 'too large', status: 413 })
    expect(await failure(sendText())).toMatchObject({ reason: 'rejected', platformCode: '413' })
    platform.answers(SEND, { raw: 'bad gateway', status: 502 })
    expect(await failure(sendText())).toBeInstanceOf(TransientFailure)
  })

  test('a question answered so may be asked again', async () => {
    platform.answers('/cgi-bin/getcallbackip', { raw: '<html>' })
    const error = await failure(callApi(testAccount(), { path: '/cgi-bin/getcallbackip', purpose: 'read' }, setUp()))
    expect(error).toBeInstanceOf(TransientFailure)
  })

  test('nobody listening is a failure that may be tried again', async () => {
    const { ctx } = httpContext({ bases: { wxApi: 'http://127.0.0.1:2' } })
    const error = await failure(sendText(ctx))
    expect(error).toBeInstanceOf(ChannelFailure)
    expect(error).toBeInstanceOf(TransientFailure)
  })
})

test('CH-01 an account’s own address goes before the environment’s', async () => {
  platform.answers(SEND, { errcode: 0 })
  await sendText(httpContext({ bases: { wxApi: 'http://127.0.0.1:2' } }).ctx, testAccount({ apiBase: `${platform.base}/` }))
  expect(platform.asked(SEND)).toHaveLength(1)
})
