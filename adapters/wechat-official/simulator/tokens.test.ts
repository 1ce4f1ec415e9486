import { afterEach, beforeEach, describe, expect, test } from '@jest/globals'
import { ACCOUNT, startHarness, type Harness } from './testing/harness.ts'

const MINUTE = 60_000
const RID = / rid: [0-9a-f]{8}-[0-9a-f]{8}-[0-9a-f]{8}$/

let platform: Harness
beforeEach(async () => {
  platform = await startHarness()
})
afterEach(() => platform.stop())

const callWith = async (token: string) => (await platform.get('/cgi-bin/getcallbackip', { access_token: token }))['errcode'] ?? 0

describe('legacy token', () => {
  test('every call issues a new one, and the one before lives five minutes more', async () => {
    const first = await platform.legacyToken()
    const second = await platform.legacyToken()
    expect(first['expires_in']).toBe(7200)
    expect(second['access_token']).not.toBe(first['access_token'])
    expect(await callWith(String(first['access_token']))).toBe(0)
    await platform.simulator.clock.advance(5 * MINUTE)
    expect(await callWith(String(first['access_token']))).toBe(40001)
    expect(await callWith(String(second['access_token']))).toBe(0)
  })

  test('the day has 2000 of them, and a new day begins at midnight in Beijing', async () => {
    platform.simulator.setDailyLimit(ACCOUNT.appId, '/cgi-bin/token', 1)
    await platform.legacyToken()
    expect((await platform.legacyToken())['errcode']).toBe(45009)
    await platform.simulator.clock.advance(12 * 60 * MINUTE)
    expect(await platform.legacyToken()).not.toHaveProperty('errcode')
  })
})

describe('stable token', () => {
  test('stays the same until five minutes before its end and does not disturb the legacy one', async () => {
    const legacy = String((await platform.legacyToken())['access_token'])
    const first = await platform.stableToken()
    await platform.simulator.clock.advance(114 * MINUTE)
    expect(await platform.stableToken()).toEqual({ access_token: first['access_token'], expires_in: 360 })
    await platform.simulator.clock.advance(2 * MINUTE)
    const renewed = await platform.stableToken()
    expect(renewed).toEqual({ access_token: expect.not.stringMatching(String(first['access_token'])), expires_in: 7200 })
    expect(await callWith(String(first['access_token']))).toBe(0)
    expect(await callWith(legacy)).toBe(0)
  })

  test('force_refresh kills the old one at once, needs 30 seconds between two and ends after 20 a day', async () => {
    const old = await platform.token()
    const fresh = await platform.stableToken({ force_refresh: true })
    expect(await callWith(old)).toBe(40001)
    expect(await callWith(String(fresh['access_token']))).toBe(0)
    expect((await platform.stableToken({ force_refresh: true }))['errcode']).toBe(45011)
    for (let used = 1; used < 20; used += 1) {
      await platform.simulator.clock.advance(30_000)
      expect(await platform.stableToken({ force_refresh: true })).not.toHaveProperty('errcode')
    }
    await platform.simulator.clock.advance(30_000)
    expect((await platform.stableToken({ force_refresh: true }))['errcode']).toBe(45009)
  })
})

test('a token that is missing, malformed, unknown, expired or revoked is refused with its own code and a rid', async () => {
  const token = await platform.token()
  expect(await platform.get('/cgi-bin/getcallbackip')).toMatchObject({ errcode: 41001, errmsg: expect.stringMatching(RID) })
  expect(await callWith('short')).toBe(40014)
  expect(await callWith('A'.repeat(120))).toBe(40001)
  platform.simulator.expireTokens(ACCOUNT.appId, 'expired')
  expect(await callWith(token)).toBe(42001)
  platform.simulator.expireTokens(ACCOUNT.appId, 'revoked')
  expect(await callWith(token)).toBe(40001)
})

test('wrong credentials are told apart', async () => {
  expect(await platform.legacyToken({ appid: 'wx0' })).toMatchObject({ errcode: 40013 })
  expect(await platform.legacyToken({ secret: 'wrong' })).toMatchObject({ errcode: 40125 })
  expect(await platform.legacyToken({ grant_type: 'password' })).toMatchObject({ errcode: 40002 })
  expect(await platform.stableToken({ secret: 'wrong' })).toMatchObject({ errcode: 40125 })
})

test('a server whose address is not on the list gets no token', async () => {
  platform.simulator.updateAccount(ACCOUNT.appId, { ipAllowList: ['10.1.2.3'] })
  expect(await platform.stableToken()).toMatchObject({ errcode: 40164, errmsg: expect.stringContaining('127.0.0.1') })
  platform.simulator.updateAccount(ACCOUNT.appId, { ipAllowList: null })
  expect(await platform.stableToken()).not.toHaveProperty('errcode')
})

test('the quota can be read and cleared ten times a month', async () => {
  const query = { access_token: await platform.token() }
  platform.simulator.setDailyLimit(ACCOUNT.appId, '/cgi-bin/user/get', 1)
  await platform.get('/cgi-bin/user/get', query)
  expect(await platform.get('/cgi-bin/user/get', query)).toMatchObject({ errcode: 45009 })
  expect(await platform.post('/cgi-bin/openapi/quota/get', query, { cgi_path: '/cgi-bin/user/get' })).toMatchObject({
    errcode: 0,
    quota: { daily_limit: 1, used: 1, remain: 0 },
  })
  for (let cleared = 0; cleared < 10; cleared += 1) {
    expect(await platform.post('/cgi-bin/clear_quota', query, { appid: ACCOUNT.appId })).toMatchObject({ errcode: 0 })
  }
  expect(await platform.get('/cgi-bin/user/get', query)).not.toHaveProperty('errcode')
  expect(await platform.post('/cgi-bin/clear_quota', query, { appid: ACCOUNT.appId })).toMatchObject({ errcode: 48006 })
})

test('unknown paths and wrong methods are refused', async () => {
  const query = { access_token: await platform.token() }
  expect(await platform.get('/cgi-bin/no/such', query)).toMatchObject({ errcode: 40066 })
  expect(await platform.get('/cgi-bin/message/custom/send', query)).toMatchObject({ errcode: 43002 })
  expect(await platform.post('/cgi-bin/user/info', query, {})).toMatchObject({ errcode: 43001 })
})

test('the log names every call without showing tokens or secrets', async () => {
  const token = await platform.token()
  await platform.get('/cgi-bin/getcallbackip', { access_token: token })
  expect(platform.simulator.calls({ path: '/cgi-bin/stable_token' })).toHaveLength(1)
  const log = JSON.stringify(platform.simulator.calls())
  expect(log).not.toContain(token)
  expect(log).not.toContain(ACCOUNT.appSecret)
})
