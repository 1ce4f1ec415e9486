import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import { cloneDatabase, redisPrefix, testRedisUrl, type TestDatabase } from '#api/test/database.ts'
import { fakePlatform, type FakePlatform } from '../testing/fake-platform.ts'
import { api, callback, connectAccount, runBot, SECRET, textFrom, type RunningBot } from '../testing/running-bot.ts'

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

const ledger = (externalKey: string) => running.app.db('inbound_events').where({ external_key: externalKey }).first()
const messagesOf = async (externalId: string) => {
  const rows: { parts: { text?: string }[] }[] = await running.app
    .db('messages as m')
    .join('conversations as c', 'c.id', 'm.conversation_id')
    .join('customer_identities as i', 'i.id', 'c.identity_id')
    .where({ 'i.value': externalId, 'm.direction': 'inbound' })
    .orderBy(['m.conversation_id', 'm.seq'])
    .select('m.parts')
  return rows.map(({ parts }) => parts[0]?.text)
}

describe('CH-01 a callback', () => {
  test('is stored before it is acknowledged, and becomes a message of a conversation', async () => {
    const event = textFrom('anna', 'Where is my parcel?')
    const answer = await callback(running, account, [event])
    expect([answer.statusCode, answer.payload, answer.headers['content-type']]).toEqual([
      200,
      'success',
      expect.stringMatching(/^text\/plain/),
    ])
    expect(await ledger(event.externalKey)).toMatchObject({ kind: 'message', sender: 'anna' })
    await running.bot.idle()
    expect(await messagesOf('anna')).toEqual(['Where is my parcel?'])
    expect(await ledger(event.externalKey)).toMatchObject({ state: 'done' })
  })

  test('F6 the same one again is acknowledged, counted, and changes nothing', async () => {
    const event = textFrom('bert', 'Hello')
    await callback(running, account, [event])
    await running.bot.idle()
    const again = await callback(running, account, [event])
    expect(again.payload).toBe('success')
    await running.bot.idle()
    expect(await messagesOf('bert')).toEqual(['Hello'])
    expect(await ledger(event.externalKey)).toMatchObject({ duplicates: 1 })
  })

  test('F7 fifty new customers who write three times at one instant get fifty conversations with three messages in order', async () => {
    const people = Array.from({ length: 50 }, (_, index) => `person-${index}`)
    const answers = await Promise.all(
      people.flatMap((person) => ['1', '2', '3'].map((text) => callback(running, account, [textFrom(person, text)]))),
    )
    expect(new Set(answers.map(({ statusCode }) => statusCode))).toEqual(new Set([200]))
    await running.bot.idle()
    for (const person of people) expect(await messagesOf(person)).toEqual(['1', '2', '3'])
    const [row] = await running.app
      .db('conversations as c')
      .join('customer_identities as i', 'i.id', 'c.identity_id')
      .whereLike('i.value', 'person-%')
      .count()
    expect(Number(row?.count)).toBe(50)
  })

  test('an event about the account itself is recorded too', async () => {
    const event = { kind: 'authorization_revoked', externalKey: 'revoked-1', occurredAt: new Date().toISOString(), from: null }
    expect((await callback(running, account, [event])).statusCode).toBe(200)
    expect(await ledger('revoked-1')).toMatchObject({ kind: 'authorization_revoked', sender: null })
  })

  test('an authentic payload that nobody can read is kept in the ledger instead of lost', async () => {
    const answer = await callback(running, account, '{ not json')
    expect(answer.payload).toBe('success')
    expect(await running.app.db('inbound_events').whereLike('external_key', 'unreadable:%').first()).toMatchObject({ raw: '{ not json' })
  })

  test('F18 one row that cannot be stored is refused, so that it comes again, and its neighbours are stored', async () => {
    const bad = { ...textFrom('carl', 'bad'), occurredAt: 'the day before yesterday' }
    const answers = await Promise.all([
      callback(running, account, [textFrom('carl', 'before')]),
      callback(running, account, [bad]),
      callback(running, account, [textFrom('carl', 'after')]),
    ])
    expect(answers.map(({ statusCode }) => statusCode)).toEqual([200, 500, 200])
    await running.bot.idle()
    expect(await messagesOf('carl')).toEqual(['before', 'after'])
  })

  test('F18 NUL, lone surrogates, emoji and long texts arrive in a readable form', async () => {
    const texts = ['a\u0000b', 'c\ud800d', '👩‍👩‍👧‍👦', '长'.repeat(20_000)]
    await callback(
      running,
      account,
      texts.map((text) => textFrom('dora', text)),
    )
    await running.bot.idle()
    expect(await messagesOf('dora')).toEqual(['a␀b', 'c�d', '👩‍👩‍👧‍👦', '长'.repeat(20_000)])
  })

  test('what a lost wake-up left in the ledger is found by a ring', async () => {
    const { recordInbound, INTAKE_TOPIC } = await import('#api/modules/channels/index.ts')
    const event = textFrom('emil', 'left behind')
    await recordInbound(running.app.db, [
      {
        channelAccountId: account,
        externalKey: event.externalKey,
        kind: 'message',
        sender: 'emil',
        event,
        raw: '',
        occurredAt: event.occurredAt,
      },
    ])
    running.app.wakeups.ring(INTAKE_TOPIC)
    await running.bot.idle()
    expect(await messagesOf('emil')).toEqual(['left behind'])
  })
})

describe('S13 who may call', () => {
  test('the address check is answered with its text and nothing else', async () => {
    const answer = await running.server.inject({ url: `/channels/fake/${account}?echo=12345`, headers: { 'x-secret': SECRET } })
    expect([answer.statusCode, answer.payload]).toEqual([200, '12345'])
  })

  test('a wrong signature is refused with an empty answer, on POST and GET', async () => {
    const event = textFrom('mallory', 'let me in')
    const post = await callback(running, account, [event], { 'x-secret': 'guess' })
    const get = await running.server.inject({ url: `/channels/fake/${account}?echo=1`, headers: { 'x-secret': 'guess' } })
    expect([post.statusCode, post.payload, get.statusCode, get.payload]).toEqual([403, '', 403, ''])
    expect(await ledger(event.externalKey)).toBeUndefined()
  })

  test.each([
    ['an unknown kind', (id: string) => `/channels/nothing/${id}`],
    ['another kind than the account has', (id: string) => `/channels/web/${id}`],
    ['an unknown account', () => '/channels/fake/0190a000-0000-7000-8000-000000000000'],
    ['an id that is none', () => "/channels/fake/'%20or%201=1"],
  ])('%s is not found', async (_what, url) => {
    const answer = await running.server.inject({ method: 'POST', url: url(account), headers: { 'x-secret': SECRET }, payload: '[]' })
    expect(answer.statusCode).toBe(404)
  })

  test('a disabled account takes nothing', async () => {
    const disabled = await connectAccount(running, 'Closed shop', platform.url)
    await api(running, 'PATCH', `/channel-accounts/${disabled.id}`, { status: 'disabled', version: 1 })
    expect((await callback(running, disabled.id, [textFrom('fred', 'hello')])).statusCode).toBe(404)
  })

  test('S14 more than a megabyte is refused before anybody looks at it', async () => {
    expect((await callback(running, account, 'x'.repeat(1_048_577))).statusCode).toBe(413)
  })
})
