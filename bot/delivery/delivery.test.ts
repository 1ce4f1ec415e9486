import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from '@jest/globals'
import { DELIVER_TOPIC } from '#api/modules/channels/index.ts'
import { AttachmentRow, storeFile } from '#api/modules/files/index.ts'
import { Account } from '#api/modules/identity/index.ts'
import { cloneDatabase, redisPrefix, testRedisUrl, type TestDatabase } from '#api/test/database.ts'
import { fakePlatform, type FakePlatform, type SeenRequest } from '../testing/fake-platform.ts'
import { dot } from '../testing/picture.ts'
import { api, callback, connectAccount, reply, runBot, textFrom, until, type RunningBot } from '../testing/running-bot.ts'

let database: TestDatabase
let running: RunningBot
let platform: FakePlatform
let account: string
let names = 0

beforeAll(async () => {
  database = await cloneDatabase()
  platform = await fakePlatform((_request, response) => response.end('{}'))
  running = await runBot({ databaseUrl: database.url, redisUrl: await testRedisUrl(), redisPrefix: redisPrefix() })
})
afterAll(async () => {
  await running.stop()
  await platform.close()
  await database.drop()
})
// One account a test: one that rests or is busy disturbs no other.
beforeEach(async () => void (account = (await connectAccount(running, `Shop ${++names}`, platform.url)).id))
afterEach(async () => {
  platform.answer = (_request, response) => response.end('{}')
  await running.bot.idle()
  platform.seen = []
})

const sends = () => platform.seen.filter(({ url }) => url === '/send').map(contentOf)
const contentOf = ({ body }: SeenRequest): { to: string; part: { type: string; text: string }; deliveryId: string } =>
  JSON.parse(body.toString())
const answerSends = (answer: object) => {
  platform.answer = ({ url }, response) => response.end(url === '/send' ? JSON.stringify(answer) : '{}')
}

const sent = (count: number) => until(sends, ({ length }) => length === count)

/** A customer who has written: his conversation. */
async function conversationWith(externalId: string): Promise<string> {
  await callback(running, account, [textFrom(externalId, 'hello')])
  const find = () =>
    running.app
      .db('conversations as c')
      .join('customer_identities as i', 'i.id', 'c.identity_id')
      .where({ 'i.value': externalId, 'c.channel_account_id': account })
      .first('c.id')
  return (await until(find, (row) => row !== undefined)).id
}
const say = async (conversationId: string, text: string): Promise<number> =>
  (await reply(running, conversationId, [{ type: 'text', text }])).body.data.seq
const deliveryOf = async (conversationId: string, seq: number) => {
  const { body } = await api(running, 'GET', `/conversations/${conversationId}/messages?afterSeq=${seq - 1}&limit=1`)
  return body.data[0].delivery
}
const ended = (conversationId: string, seq: number) =>
  until(
    () => deliveryOf(conversationId, seq),
    ({ state }) => state !== 'pending',
  )
const rowOf = (conversationId: string, seq: number) =>
  running.app.db('deliveries').where({ conversation_id: conversationId, conversation_seq: seq }).first()
/** Makes what waits for a later try due now. */
const hurry = async () => {
  await running.app
    .db('deliveries')
    .where({ state: 'queued' })
    .update({ next_attempt_at: running.app.db.raw('app_now()') })
  running.app.wakeups.ring(DELIVER_TOPIC)
}

describe('BP-004.1 an answer on its way', () => {
  test('reaches the platform once and is shown as sent', async () => {
    answerSends({ id: 'platform-id-1' })
    const conversation = await conversationWith('anna')
    const seq = await say(conversation, 'It is on its way.')
    expect(await ended(conversation, seq)).toEqual({ state: 'sent' })
    expect(sends()).toEqual([
      { to: 'anna', part: { type: 'text', text: 'It is on its way.' }, deliveryId: (await rowOf(conversation, seq)).id },
    ])
    expect((await rowOf(conversation, seq)).external_id).toBe('platform-id-1')
  })

  test('a long text goes out in pieces, in order', async () => {
    const conversation = await conversationWith('bert')
    const seq = await say(conversation, 'a'.repeat(600) + 'b'.repeat(600) + 'c')
    await ended(conversation, seq)
    expect(sends().map(({ part }) => part.text[0])).toEqual(['a', 'b', 'c'])
  })

  test('answers of one conversation arrive in the order they were written, even when the first has to wait', async () => {
    const conversation = await conversationWith('carl')
    let busy = true
    platform.answer = ({ url }, response) => {
      if (url === '/send' && busy) response.writeHead(503)
      response.end('{}')
    }
    const first = await say(conversation, 'one')
    const second = await say(conversation, 'two')
    const third = await say(conversation, 'three')
    await until(
      () => rowOf(conversation, first),
      ({ state, attempts }) => state === 'queued' && attempts >= 1,
    )
    busy = false
    platform.seen = []
    await hurry()
    for (const seq of [first, second, third]) await ended(conversation, seq)
    expect(sends().map(({ part }) => part.text)).toEqual(['one', 'two', 'three'])
  })

  test('F8 a platform that is busy gets the message later, without anybody asking', async () => {
    const conversation = await conversationWith('dora')
    let refusals = 1
    platform.answer = ({ url }, response) => {
      if (url === '/send' && refusals-- > 0) response.writeHead(502)
      response.end('{}')
    }
    const seq = await say(conversation, 'hello')
    expect(await ended(conversation, seq)).toEqual({ state: 'sent' })
    expect((await rowOf(conversation, seq)).attempts).toBe(2)
  })

  test('F8 after eight tries in vain the message fails visibly', async () => {
    const conversation = await conversationWith('emil')
    platform.answer = ({ url }, response) => response.writeHead(url === '/send' ? 500 : 200).end('{}')
    const seq = await say(conversation, 'hello')
    await until(
      () => rowOf(conversation, seq),
      ({ attempts, state }) => attempts >= 1 && state === 'queued',
    )
    await running.app.db('deliveries').where({ conversation_id: conversation }).update({ attempts: 7 })
    await hurry()
    expect(await ended(conversation, seq)).toEqual({ state: 'failed', reason: 'platform_unreachable', platformCode: '500' })
  })

  test('F8 a slow account does not hold up another one', async () => {
    const slow = await conversationWith('slow-0')
    const waiting: (() => void)[] = []
    platform.answer = (request, response) => {
      if (request.url === '/send' && contentOf(request).to.startsWith('slow')) waiting.push(() => response.end('{}'))
      else response.end('{}')
    }
    const others: string[] = []
    for (let index = 1; index < 12; index++) others.push(await conversationWith(`slow-${index}`))
    for (const conversation of [slow, ...others]) await say(conversation, 'slow')
    await until(
      () => waiting.length,
      (length) => length === 8,
    )
    account = (await connectAccount(running, 'Quick shop', platform.url)).id
    const quick = await conversationWith('quick')
    expect(await ended(quick, await say(quick, 'hello'))).toEqual({ state: 'sent' })
    expect(waiting).toHaveLength(8)
    await until(
      () => {
        waiting.splice(0).forEach((release) => release())
        return running.app.db('deliveries').whereIn('state', ['queued', 'sending'])
      },
      (rows) => rows.length === 0,
    )
  })
})

describe('F10 what the platform does not allow', () => {
  test('45015 the time is over: failed at once with its reason, never tried again', async () => {
    answerSends({ fault: 'window' })
    const conversation = await conversationWith('fred')
    expect(await ended(conversation, await say(conversation, 'too late'))).toEqual({
      state: 'failed',
      reason: 'reply_window_closed',
      platformCode: '45015',
    })
    expect(sends()).toHaveLength(1)
  })

  test('45047 the answers are used up: the same', async () => {
    answerSends({ fault: 'count' })
    const conversation = await conversationWith('gina')
    expect(await ended(conversation, await say(conversation, 'one more'))).toEqual({
      state: 'failed',
      reason: 'reply_quota_spent',
      platformCode: '45047',
    })
    expect(sends()).toHaveLength(1)
  })

  test('45009 the account rests until its quota is back; then everything goes out in order', async () => {
    answerSends({ fault: 'account', resetsInMs: 3_600_000 })
    const conversation = await conversationWith('hans')
    const first = await say(conversation, 'one')
    await until(
      () => rowOf(conversation, first),
      ({ state, reason }) => state === 'queued' && reason === 'api_quota_spent',
    )
    const second = await say(conversation, 'two')
    await running.bot.idle()
    expect(sends()).toHaveLength(1)
    const { body } = await api(running, 'GET', `/channel-accounts/${account}`)
    expect(body.data.health).toMatchObject({ state: 'failing', reason: 'api_quota_spent' })

    answerSends({})
    platform.seen = []
    await running.app
      .db('channel_accounts')
      .where({ id: account })
      .update({ paused_until: running.app.db.raw('app_now()') })
    await hurry()
    await ended(conversation, first)
    await ended(conversation, second)
    expect(sends().map(({ part }) => part.text)).toEqual(['one', 'two'])
  })

  test('a refusal names its reason and the code of the platform', async () => {
    answerSends({ fault: 'blocked' })
    const conversation = await conversationWith('ida')
    expect(await ended(conversation, await say(conversation, 'hello'))).toEqual({
      state: 'failed',
      reason: 'customer_blocked',
      platformCode: '43019',
    })
  })
})

describe('what nobody knows', () => {
  test('F2 a connection that breaks after sending is shown as unknown, and sent again only when an agent asks', async () => {
    const conversation = await conversationWith('jack')
    platform.answer = ({ url }, response) => (url === '/send' ? response.destroy() : response.end('{}'))
    const seq = await say(conversation, 'did you get it?')
    expect(await ended(conversation, seq)).toEqual({ state: 'unknown', reason: 'outcome_unknown' })
    expect(sends()).toHaveLength(1)
    answerSends({})
    await api(running, 'POST', `/conversations/${conversation}/messages/${seq}/retry`)
    expect(await ended(conversation, seq)).toEqual({ state: 'sent' })
    expect(sends()).toHaveLength(2)
  })

  test('a defect of the adapter after sending leaves the outcome open', async () => {
    answerSends({ fault: 'defect' })
    const conversation = await conversationWith('kate')
    expect(await ended(conversation, await say(conversation, 'hello'))).toEqual({ state: 'unknown', reason: 'outcome_unknown' })
  })

  test('F3 a worker whose lease has ended changes nothing any more', async () => {
    const conversation = await conversationWith('lars')
    let release = () => {}
    platform.answer = ({ url }, response) => {
      if (url === '/send') release = () => response.end('{}')
      else response.end('{}')
    }
    const seq = await say(conversation, 'hello')
    await sent(1)
    await running.app
      .db('deliveries')
      .where({ conversation_id: conversation })
      .update({ lease_until: running.app.db.raw(`app_now() - interval '1 second'`) })
    const { abandonDeliveries } = await import('#api/modules/conversations/index.ts')
    expect(await abandonDeliveries(running.app)).toBe(1)
    release()
    await running.bot.idle()
    expect(await deliveryOf(conversation, seq)).toEqual({ state: 'unknown', reason: 'outcome_unknown' })
  })
})

describe('files on a channel that cannot carry them', () => {
  const upload = async (name: string, data: Buffer): Promise<AttachmentRow> => {
    const { id } = await Account.query(running.app.db).findOne({ username: 'boss' }).throwIfNotFound()
    return storeFile(running.app, { data, name, accountId: id })
  }

  test('go out as name, size and a link that opens without signing in', async () => {
    const conversation = await conversationWith('mary')
    const file = await upload('报价单.txt', Buffer.from('x'.repeat(2048)))
    await reply(running, conversation, [{ type: 'file', attachmentId: file.id }])
    await sent(1)
    const { part } = sends()[0]!
    expect(part.type).toBe('text')
    expect(part.text).toMatch(/^📎 报价单\.txt（2 KB）\nhttp/)
    const link = new URL(part.text.split('\n')[1] ?? '')
    expect(Number(link.searchParams.get('expires')) - Date.now() / 1000).toBeGreaterThan(6.9 * 86_400)
    const opened = await running.server.inject(link.pathname + link.search)
    expect([opened.statusCode, opened.payload.length]).toEqual([200, 2048])
  })

  test('a picture within the limits goes out as it is, a larger one as a link', async () => {
    const conversation = await conversationWith('nina')
    const picture = await upload('dot.png', dot)
    await reply(running, conversation, [{ type: 'image', attachmentId: picture.id }])
    const large = await upload('large.png', dot)
    await AttachmentRow.query(running.app.db).findById(large.id).patch({ size_bytes: 5000 })
    await reply(running, conversation, [{ type: 'image', attachmentId: large.id }])
    await sent(2)
    expect(sends().map(({ part }) => part.type)).toEqual(['image', 'text'])
  })
})
