import { afterAll, afterEach, beforeAll, describe, expect, test } from '@jest/globals'
import { sendTypingSignal } from '#api/core/signals.ts'
import { cloneDatabase, redisPrefix, testRedisUrl, type TestDatabase } from '#api/test/database.ts'
import { fakePlatform, type FakePlatform } from './testing/fake-platform.ts'
import { dot } from './testing/picture.ts'
import { api, callback, connectAccount, runBot, textFrom, until, type RunningBot } from './testing/running-bot.ts'

let database: TestDatabase
let running: RunningBot
let platform: FakePlatform
let account: string

beforeAll(async () => {
  database = await cloneDatabase()
  platform = await fakePlatform((_request, response) => response.end('{}'))
  running = await runBot({ databaseUrl: database.url, redisUrl: await testRedisUrl(), redisPrefix: redisPrefix() })
  account = (await connectAccount(running, 'Shop', platform.url)).id
})
afterAll(async () => {
  await running.stop()
  await platform.close()
  await database.drop()
})
afterEach(async () => {
  await running.bot.idle()
  platform.answer = (_request, response) => response.end('{}')
})

describe('media that a callback named', () => {
  const pictureFrom = (externalId: string, mediaId: string) => ({
    ...textFrom(externalId, ''),
    parts: [{ type: 'image', mediaRef: { id: mediaId } }],
  })
  const mediaOf = async (externalId: string) => {
    const row = await running.app
      .db('messages as m')
      .join('conversations as c', 'c.id', 'm.conversation_id')
      .join('customer_identities as i', 'i.id', 'c.identity_id')
      .where({ 'i.value': externalId, 'm.direction': 'inbound' })
      .first('m.parts')
    return row?.parts[0].media
  }

  test('is fetched after the acknowledgement and shown in its message', async () => {
    platform.answer = ({ url }, response) => response.end(url === '/media/m1' ? dot : '{}')
    await callback(running, account, [pictureFrom('anna', 'm1')])
    const media = await until(
      () => mediaOf('anna'),
      (value) => value?.status === 'ready',
    )
    expect(media).toMatchObject({ mime: 'image/png', name: 'photo.png', sizeBytes: dot.length, width: 1, height: 1 })
  })

  test('that the platform has forgotten is shown as failed at once', async () => {
    platform.answer = ({ url }, response) => response.writeHead(url.startsWith('/media') ? 404 : 200).end('{}')
    await callback(running, account, [pictureFrom('bert', 'm2')])
    const media = await until(
      () => mediaOf('bert'),
      (value) => value?.status === 'failed',
    )
    expect(media).toMatchObject({ reason: 'media_refused' })
  })

  test('that is no picture at all is refused with its reason', async () => {
    platform.answer = ({ url }, response) => response.end(url.startsWith('/media') ? '<svg onload=alert(1)>' : '{}')
    await callback(running, account, [pictureFrom('carl', 'm3')])
    const media = await until(
      () => mediaOf('carl'),
      (value) => value?.status === 'failed',
    )
    expect(media).toMatchObject({ reason: 'file_type_refused' })
  })

  test('is asked for again when the platform is busy', async () => {
    platform.answer = ({ url }, response) => response.writeHead(url.startsWith('/media') ? 503 : 200).end('{}')
    await callback(running, account, [pictureFrom('dora', 'm4')])
    const row = await until(
      () => running.app.db('media_downloads').whereRaw(`ref->>'id' = 'm4'`).first(),
      (download) => download?.state === 'queued' && download.attempts === 1,
    )
    expect(row.reason).toBe('platform_unreachable')
    expect(await mediaOf('dora')).toMatchObject({ status: 'pending' })
  })
})

test("a new customer's profile is asked for once", async () => {
  platform.seen = []
  await callback(running, account, [textFrom('emil', 'hello')])
  const customer = await until(
    () => running.app.db('customers').where({ name: 'Name of emil' }).first(),
    (row) => row !== undefined,
  )
  expect(customer).toBeDefined()
  await callback(running, account, [textFrom('emil', 'hello again')])
  await running.bot.idle()
  expect(platform.seen.filter(({ url }) => url === '/profile/emil')).toHaveLength(1)
})

test('"is writing" is passed on once in a while, and its end once', async () => {
  platform.seen = []
  const calls = () => platform.seen.filter(({ url }) => url === '/typing').map(({ body }) => JSON.parse(body.toString()))
  const signal = (typing: boolean) =>
    sendTypingSignal(running.app.config, running.app.redis, { channelAccountId: account, externalId: 'fred', typing })
  for (const typing of [true, true, true]) await signal(typing)
  await until(calls, (seen) => seen.length > 0)
  for (const typing of [false, false]) await signal(typing)
  expect(await until(calls, (seen) => seen.length > 1)).toEqual([
    { to: 'fred', on: true },
    { to: 'fred', on: false },
  ])
})

describe('routes that ask the platform', () => {
  test('a connection test shows its checks and the health of the account', async () => {
    const answer = await api(running, 'POST', `/channel-accounts/${account}/test`)
    expect(answer).toEqual({ status: 200, body: { data: { ok: true, checks: [{ name: 'token', ok: true, code: null, detail: null }] } } })
    expect((await api(running, 'GET', `/channel-accounts/${account}`)).body.data.health.state).toBe('ok')
  })

  test('a refusal of the platform is a conflict with its code', async () => {
    platform.answer = (_request, response) => response.end('{"fault":"no"}')
    const { status, body } = await api(running, 'GET', `/channel-accounts/${account}/menu`)
    expect([status, body.error.code, body.error.context]).toEqual([
      409,
      'platform_refused',
      { platformCode: '43019', reason: 'customer_blocked' },
    ])
  })

  test('a platform that is away is 503', async () => {
    platform.answer = (_request, response) => response.writeHead(502).end()
    const { status, body } = await api(running, 'GET', `/channel-accounts/${account}/menu`)
    expect([status, body.error.code]).toEqual([503, 'platform_unreachable'])
  })

  test('what the channel cannot do is said so', async () => {
    const { status, body } = await api(running, 'POST', `/channel-accounts/${account}/qr-codes`, { scene: 'shop' })
    expect([status, body.error.code]).toEqual([409, 'channel_unsupported'])
  })

  test('an account that does not exist is not found; without signing in nothing is', async () => {
    expect((await api(running, 'GET', '/channel-accounts/0190a000-0000-7000-8000-000000000000/menu')).status).toBe(404)
    const anonymous = await running.server.inject(`/api/v1/channel-accounts/${account}/menu`)
    expect(anonymous.statusCode).toBe(401)
  })
})
