import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import { encryptMessage, signatureOf } from '#adapters/wechat-official/crypto.ts'
import type { ChannelAccount, InboundEventRow } from '../../contract/channel.ts'
import { type OfficialAccount, type StaffClient, startTestApp, type TestApp } from '../harness.ts'
import { until } from '../until.ts'

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
const ledger = (account = official): Promise<InboundEventRow[]> => admin.get(`/channel-accounts/${account.id}/inbound-events?limit=100`)

interface Forged {
  timestamp?: number
  receiveId?: string
  encrypted?: string
  body?: string
  query?: Record<string, string | undefined>
  path?: string
}
/** A callback as the platform would sign it, except for what the test spoils. */
async function callback(content: string, forged: Forged = {}, account = official): Promise<{ status: number; body: string }> {
  const { token, encodingAesKey, appId } = account.settings
  const timestamp = String(forged.timestamp ?? nowSeconds())
  const encrypted = forged.encrypted ?? encryptMessage({ encodingAesKey, receiveId: forged.receiveId ?? appId }, content)
  const query: Record<string, string | undefined> = {
    timestamp,
    nonce: '1320562132',
    encrypt_type: 'aes',
    signature: signatureOf(token, timestamp, '1320562132'),
    msg_signature: signatureOf(token, timestamp, '1320562132', encrypted),
    ...forged.query,
  }
  const defined = Object.entries(query).filter((entry): entry is [string, string] => entry[1] !== undefined)
  const body = forged.body ?? `<xml><ToUserName><![CDATA[gh]]></ToUserName><Encrypt><![CDATA[${encrypted}]]></Encrypt></xml>`
  const url = `${it.url}/channels/wechat-official/${forged.path ?? account.id}?${new URLSearchParams(defined).toString()}`
  const answer = await fetch(url, { method: 'POST', headers: { 'content-type': 'text/xml' }, body })
  return { status: answer.status, body: await answer.text() }
}
let msgIds = 0
const nowSeconds = () => Math.floor(it.now() / 1000)
const textFrom = (openId: string, text: string, msgId = `9000000000000${++msgIds}`) =>
  `<xml><ToUserName>gh</ToUserName><FromUserName><![CDATA[${openId}]]></FromUserName><CreateTime>${nowSeconds()}</CreateTime>` +
  `<MsgType>text</MsgType><Content><![CDATA[${text}]]></Content><MsgId>${msgId}</MsgId></xml>`

describe('CH-01 callbacks', () => {
  test.each(['safe', 'compatible', 'plain'] as const)('CH-01 CH-07 in %s mode: address check, message in, answer out', async (mode) => {
    const account = await it.connectOfficial({ mode })
    expect(await it.simulator.checkCallback(account.appId)).toBe(true)
    const { customer, id } = await conversing(account)
    await admin.delivered(await admin.reply(id, '您好'), 'sent')
    expect(customer.sent()).toMatchObject([{ msgType: 'text', content: { text: '您好' } }])
  })

  test('CH-01 a callback that is delivered twice is one message, and the ledger counts the second', async () => {
    const { customer, id } = await conversing()
    await it.tick()
    it.simulator.addCallbackFault('duplicate')
    const delivery = await customer.text('说一次')
    expect(delivery.attempts.map(({ status }) => status)).toEqual([200, 200])
    await until(async () => expect(await inboundOf(id)).toHaveLength(2))
    expect((await ledger())[0]).toMatchObject({ kind: 'message', state: 'done', duplicates: 1 })
  })

  test('CH-01 the same message hours later, freshly signed, is known; the same bytes are refused', async () => {
    const openId = 'oReplay0000000000000000000000'
    const content = textFrom(openId, '一次')
    const { id } = await (async () => {
      expect(await callback(content)).toEqual({ status: 200, body: 'success' })
      return it.conversationOf(admin, openId)
    })()
    const { customer } = await conversing()
    const delivery = await customer.text('旧的')
    await it.travel(6 * 3_600_000)
    expect(await callback(content)).toEqual({ status: 200, body: 'success' })
    expect(await it.simulator.replay(delivery.id)).toMatchObject({ status: 403, answer: '' })
    await it.process.idle()
    expect(await inboundOf(id)).toHaveLength(1)
  })

  test('CH-01 twenty messages of one person at once keep their order and lose nothing', async () => {
    const openId = 'oOrder00000000000000000000000'
    const texts = Array.from({ length: 20 }, (_each, index) => `第 ${index} 句`)
    for (const text of texts) void callback(textFrom(openId, text))
    const { id } = await it.conversationOf(admin, openId)
    await until(async () => expect(await inboundOf(id)).toHaveLength(20))
    expect((await inboundOf(id)).map(({ seq }) => seq)).toEqual(Array.from({ length: 20 }, (_each, index) => index + 1))
    expect(new Set((await inboundOf(id)).map(({ parts }) => (parts[0]?.type === 'text' ? parts[0].text : '')))).toEqual(new Set(texts))
  })

  test('F6 BP-004.1 callbacks that come up to three times, in any order and a day late: each message once, with the platform’s time, and no wait begins anew', async () => {
    const openId = 'oShuffled000000000000000000000'
    const first = textFrom(openId, '第一句')
    expect((await callback(first)).status).toBe(200)
    const { id } = await it.conversationOf(admin, openId)
    const { waitingSince, lastMessageAt } = await admin.conversation(id)
    await it.travel(60_000)
    const sent = Array.from({ length: 20 }, (_, index) => ({ at: nowSeconds() - 10 + (index % 10), text: `乱序 ${index}` }))
    sent.push({ at: nowSeconds() - 86_400, text: '昨天的一句' })
    const contents = sent.map(({ at, text }) => textFrom(openId, text).replace(/<CreateTime>\d+/, `<CreateTime>${at}`))
    // The same disorder in every run: steps of eight through sixty-three reach each once.
    const thrice = [...contents, ...contents, ...contents].map((content, index, all) => all[(index * 8) % all.length] ?? content)
    expect(new Set(thrice).size).toBe(sent.length)
    await Promise.all(thrice.map(async (content) => expect((await callback(content)).status).toBe(200)))
    const stored = await until(async () => {
      const messages = await inboundOf(id)
      expect(messages).toHaveLength(sent.length + 1)
      return messages
    })
    await it.process.idle()
    expect(await inboundOf(id)).toHaveLength(sent.length + 1)
    expect(new Set(stored.map(({ seq }) => seq)).size).toBe(stored.length)
    const times = new Map(stored.map(({ parts, occurredAt }) => [parts[0]?.type === 'text' ? parts[0].text : '', occurredAt]))
    for (const { at, text } of sent) expect(times.get(text)).toBe(new Date(at * 1000).toISOString())
    const now = await admin.conversation(id)
    expect(now.waitingSince).toBe(waitingSince)
    expect(Date.parse(now.lastMessageAt ?? '')).toBeGreaterThan(Date.parse(lastMessageAt ?? ''))
    await callback(textFrom(openId, '又是昨天的').replace(/<CreateTime>\d+/, `<CreateTime>${nowSeconds() - 86_400}`))
    await until(async () => expect(await inboundOf(id)).toHaveLength(sent.length + 2))
    expect((await admin.conversation(id)).lastMessageAt).toBe(now.lastMessageAt)
  })

  const old = () => nowSeconds() - 3600
  const padded = () => encryptMessage({ encodingAesKey: official.settings.encodingAesKey, receiveId: official.appId }, 'x')
  const bad: [string, number, () => Forged][] = [
    ['a body past one megabyte', 413, () => ({ body: `<xml>${'x'.repeat(1_100_000)}</xml>` })],
    ['a DOCTYPE', 403, () => ({ body: '<!DOCTYPE x [<!ENTITY a SYSTEM "file:///etc/passwd">]><xml><Encrypt>&a;</Encrypt></xml>' })],
    ['a hundred thousand entities', 403, () => ({ body: `<xml><Encrypt>${'&#65;'.repeat(100_000)}</Encrypt></xml>` })],
    ['no envelope', 403, () => ({ body: '<xml><Content>x</Content></xml>' })],
    ['an empty body', 403, () => ({ body: '' })],
    ['base64 that is none', 403, () => ({ encrypted: '!!!!' })],
    ['half a block', 403, () => ({ encrypted: padded().slice(0, 20) })],
    ['a wrong padding', 403, () => ({ encrypted: Buffer.alloc(64, 7).toString('base64') })],
    ['another account’s AppId inside', 403, () => ({ receiveId: 'wx0000000000000000' })],
    ['an old timestamp', 403, () => ({ timestamp: old() })],
    ['a timestamp that is none', 403, () => ({ query: { timestamp: 'now' } })],
    ['no signature', 403, () => ({ query: { msg_signature: undefined } })],
    ['a wrong signature', 403, () => ({ query: { msg_signature: '0'.repeat(40) } })],
    ['a nonce that was swapped', 403, () => ({ query: { nonce: '1' } })],
    ['an unknown account', 404, () => ({ path: '01930000-0000-7000-8000-0000000000ff' })],
    ['an account id that is none', 404, () => ({ path: '..%2f..%2fetc' })],
  ]

  test.each(bad)('CH-01 bad input: %s is answered %i and stores nothing', async (_what, status, forged) => {
    const before = await it.process.app.db('inbound_events').count()
    const answer = await callback(textFrom('oBad', 'x'), forged())
    expect(answer.status).toBe(status)
    if (status === 403) expect(answer.body).toBe('')
    expect(await it.process.app.db('inbound_events').count()).toEqual(before)
  })

  test('CH-01 a signature of another account, and a channel of another kind, open nothing', async () => {
    const other = await it.connectOfficial()
    expect((await callback(textFrom('oBad', 'x'), { path: other.id })).status).toBe(403)
    const web = await it.connectWeb()
    expect((await callback(textFrom('oBad', 'x'), { path: web.id })).status).toBe(404)
    const account = await admin.get<ChannelAccount>(`/channel-accounts/${other.id}`)
    await admin.patch(`/channel-accounts/${other.id}`, { status: 'disabled', version: account.version })
    await until(async () => expect((await callback(textFrom('oBad', 'x'), {}, other)).status).toBe(404))
  })

  test('CH-01 an unknown kind of message is stored and shown as unsupported, with its name', async () => {
    const { customer, id } = await conversing()
    await it.tick()
    await customer.act({ type: 'raw', msgType: 'finder_feed', fields: { Title: 'x' } })
    await until(async () => expect((await inboundOf(id)).at(-1)?.parts).toEqual([{ type: 'unsupported', original: 'finder_feed' }]))
  })

  test('F18 NUL, lone surrogates, a hundred kilobytes and joined emoji arrive, and their neighbours too', async () => {
    const openId = 'oPoison000000000000000000000'
    const long = '长'.repeat(33_000)
    const contents = [
      textFrom(openId, '前'),
      textFrom(openId, 'a\u0000b'),
      textFrom(openId, 'x').replace('<![CDATA[x]]>', 'a&#xD800;b'),
      textFrom(openId, long),
      textFrom(openId, '👩‍👩‍👧‍👦'),
      textFrom(openId, '后'),
    ]
    for (const content of contents) expect((await callback(content)).status).toBe(200)
    const { id } = await it.conversationOf(admin, openId)
    await until(async () => expect((await inboundOf(id)).length).toBeGreaterThanOrEqual(5))
    const texts = (await inboundOf(id)).map(({ parts }) => (parts[0]?.type === 'text' ? parts[0].text : parts[0]?.type))
    expect(texts[0]).toBe('前')
    expect(texts.at(-1)).toBe('后')
    expect(texts).toEqual(expect.arrayContaining([long, '👩‍👩‍👧‍👦']))
    expect(texts.join('')).not.toContain('\u0000')
    expect(texts.every((text) => text?.isWellFormed())).toBe(true)
  })
})

describe('CH-01 media', () => {
  test('CH-01 pictures, voices and films of customers become attachments that staff can open', async () => {
    const { customer, id } = await conversing()
    await it.tick()
    await customer.image()
    await customer.voice()
    await customer.video()
    const media = await until(async () => {
      const parts = (await inboundOf(id)).flatMap((message) => message.parts).filter((part) => 'media' in part)
      expect(parts.map(({ type, media: { status } }) => [type, status])).toEqual([
        ['image', 'ready'],
        ['audio', 'ready'],
        ['video', 'ready'],
      ])
      return parts.map((part) => part.media)
    })
    expect(media.map(({ mime }) => mime)).toEqual([expect.stringMatching(/^image\//), 'audio/amr', 'video/mp4'])
    for (const { url } of media) expect((await admin.download(url ?? '')).status).toBe(200)
    expect((await admin.download(media[0]?.thumbnailUrl ?? '')).headers.get('content-type')).toBe('image/jpeg')
    expect((await it.anonymous().download(media[0]?.url ?? '')).status).toBe(401)
  })

  test('CH-01 media that the platform no longer has say so in the message', async () => {
    const { customer, id } = await conversing()
    it.simulator.addApiFault({ path: '/cgi-bin/media/get', fault: { kind: 'errcode', errcode: 40007 } })
    await it.tick()
    await customer.image()
    await until(async () =>
      expect((await inboundOf(id)).at(-1)?.parts[0]).toMatchObject({ media: { status: 'failed', reason: 'media_refused' } }),
    )
  })
})

describe('CH-01 the ledger', () => {
  test('a poisonous event is set aside alone, and given once more after it was mended makes its message once', async () => {
    const { customer, id } = await conversing()
    const { db } = it.process.app
    const row = {
      id: '01930000-0000-7000-8000-00000000aaaa',
      channel_account_id: official.id,
      external_key: 'poison',
      kind: 'message',
      sender: customer.openId,
      event: { kind: 'no such kind' },
      raw: '<xml/>',
      occurred_at: new Date(),
    }
    await db('inbound_events').insert(row)
    await it.tick()
    await customer.text('后面的')
    await until(async () => expect(await inboundOf(id)).toHaveLength(2))
    await until(async () => {
      const set = await admin.get<InboundEventRow[]>(`/channel-accounts/${official.id}/inbound-events?state=quarantined`)
      expect(set).toMatchObject([{ id: row.id, state: 'quarantined', reason: expect.any(String), sender: `…${customer.openId.slice(-4)}` }])
    })
    const mended = {
      kind: 'message',
      occurredAt: new Date().toISOString(),
      from: { externalId: customer.openId },
      parts: [{ type: 'text', text: '补上' }],
    }
    await db('inbound_events')
      .where({ id: row.id })
      .update({ event: JSON.stringify(mended) })
    await admin.post(`/inbound-events/${row.id}/replay`)
    await until(async () => expect(await inboundOf(id)).toHaveLength(3))
    await until(async () => expect(await admin.ask('POST', `/inbound-events/${row.id}/replay`)).toMatchObject({ status: 200 }))
    await until(async () => expect(await db('inbound_events').where({ id: row.id }).first('state')).toEqual({ state: 'done' }))
    expect(await inboundOf(id)).toHaveLength(3)
    const supervisor = await it.staff('supervisor')
    await supervisor.expectError('POST', `/inbound-events/${row.id}/replay`, undefined, 403, 'forbidden')
    await supervisor.expectError('GET', `/channel-accounts/${official.id}/inbound-events`, undefined, 403, 'forbidden')
  })
})
