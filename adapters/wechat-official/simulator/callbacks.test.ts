import { createHash } from 'node:crypto'
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals'
import { decrypt, encrypt, getSignature } from '@wecom/crypto'
import type { AccountSettings, SimulatedCustomer } from './index.ts'
import { ACCOUNT, startHarness, until, type Harness, type ReceivedCallback } from './testing/harness.ts'

let platform: Harness
let customer: SimulatedCustomer
const start = async (account: Partial<AccountSettings> = {}) => {
  platform = await startHarness({ account })
  customer = platform.simulator.addCustomer({ appId: ACCOUNT.appId, openId: 'o9AgO5Kd5ggOC-bXrbNODIiE3bGY', nickname: '李雷' })
}
afterEach(() => platform.stop())

const parameter = (callback: ReceivedCallback | undefined, name: string) => callback?.query.get(name) ?? ''
/** Opened with another implementation than the one that sealed it. */
const open = (callback: ReceivedCallback | undefined) => {
  const encrypted = /"Encrypt":"([^"]+)"|<Encrypt><!\[CDATA\[(.+?)\]\]>/.exec(callback?.body ?? '')
  const text = encrypted?.[1] ?? encrypted?.[2] ?? ''
  const signed = getSignature(ACCOUNT.token, parameter(callback, 'timestamp'), parameter(callback, 'nonce'), text)
  return { authentic: signed === parameter(callback, 'msg_signature'), ...decrypt(ACCOUNT.encodingAesKey, text) }
}
const last = () => platform.receiver.received.at(-1)
const plainSignature = (callback: ReceivedCallback | undefined) =>
  createHash('sha1')
    .update([ACCOUNT.token, parameter(callback, 'timestamp'), parameter(callback, 'nonce')].sort().join(''))
    .digest('hex')

describe('modes and formats', () => {
  test('safe mode shows nothing but the addressee; the envelope is signed, names the account and starts with 16 ASCII characters', async () => {
    await start()
    await customer.text('你好,]]> & <b>')
    const callback = last()
    expect(callback?.body).toMatch(/^<xml><ToUserName><!\[CDATA\[gh_97417a04a28d\]\]><\/ToUserName>\s*<Encrypt>/)
    expect(callback?.contentType).toBe('text/xml')
    expect(Object.fromEntries(callback?.query ?? [])).toMatchObject({
      openid: customer.openId,
      encrypt_type: 'aes',
      signature: plainSignature(callback),
    })
    const { authentic, id, message, random } = open(callback)
    expect(authentic).toBe(true)
    expect(id).toBe(ACCOUNT.appId)
    expect(String(random)).toMatch(/^[\x20-\x7e]{16}$/)
    expect(message).toContain('<Content><![CDATA[你好,]]]]><![CDATA[> & <b>]]></Content>')
    expect(message).toMatch(/<MsgId>\d{17,19}<\/MsgId>/)
  })

  test('compatible mode carries the fields twice', async () => {
    await start({ mode: 'compatible' })
    await customer.text('你好')
    expect(last()?.body).toContain('<Content><![CDATA[你好]]></Content>')
    expect(open(last())).toMatchObject({ authentic: true, message: expect.stringContaining('你好') })
  })

  test('plain mode has the signature alone', async () => {
    await start({ mode: 'plain' })
    await customer.text('你好')
    expect(last()?.query.has('encrypt_type')).toBe(false)
    expect(parameter(last(), 'signature')).toBe(plainSignature(last()))
    expect(last()?.body).toContain('<Content><![CDATA[你好]]></Content>')
  })

  test('a JSON account gets the same fields as JSON, ids with all their digits', async () => {
    await start({ format: 'json' })
    const delivery = await customer.text('你好')
    expect(last()?.contentType).toBe('application/json')
    expect(open(last()).message).toBe(
      `{"ToUserName":"gh_97417a04a28d","FromUserName":"${customer.openId}","CreateTime":1795320000,"MsgType":"text","Content":"你好","MsgId":${delivery.msgId}}`,
    )
  })

  test('the address check sends an echostr and wants it back', async () => {
    await start()
    expect(await platform.simulator.checkCallback(ACCOUNT.appId)).toBe(true)
    expect(parameter(last(), 'signature')).toBe(plainSignature(last()))
    platform.simulator.updateAccount(ACCOUNT.appId, { callbackUrl: `${platform.origin}/nowhere` })
    expect(await platform.simulator.checkCallback(ACCOUNT.appId)).toBe(false)
  })
})

describe('redelivery', () => {
  beforeEach(() => start())
  const msgId = (callback: ReceivedCallback | undefined) => /<MsgId>(\d+)/.exec(open(callback).message)?.[1]

  test.each([
    ['an error', { status: 500 }],
    ['words that are no answer', { body: 'ok' }],
  ])('after %s the same message comes again five seconds later, freshly signed, three times in all', async (_name, answer) => {
    platform.receiver.answers.push(answer, answer, answer)
    const delivery = await customer.text('你好')
    expect(delivery.state).toBe('pending')
    await platform.simulator.clock.advance(4_999)
    expect(platform.receiver.received).toHaveLength(1)
    await platform.simulator.clock.advance(1)
    await until(() => delivery.attempts[1]?.status !== undefined)
    await platform.simulator.clock.advance(5_000)
    expect((await platform.simulator.settled(delivery.id)).state).toBe('failed')
    await platform.simulator.clock.advance(60_000)
    const { received } = platform.receiver
    expect(received.map(msgId)).toEqual([delivery.msgId, delivery.msgId, delivery.msgId])
    expect(new Set(received.map((callback) => parameter(callback, 'nonce'))).size).toBe(3)
    expect(received.map((callback) => Number(parameter(callback, 'timestamp')) - 1_795_320_000)).toEqual([0, 5, 10])
    expect(customer.phone().at(-1)).toMatchObject({ side: 'notice', notice: 'service_unavailable' })
  })

  test('no answer within five seconds is cut off and delivered again, until somebody says success', async () => {
    platform.receiver.answers.push('hang')
    const acting = customer.text('你好')
    await until(() => platform.receiver.received.length === 1)
    await platform.simulator.clock.advance(5_000)
    const delivery = await acting
    expect((await platform.simulator.settled(delivery.id)).attempts.map(({ outcome }) => outcome)).toEqual(['timed_out', 'accepted'])
    expect(customer.phone()).toHaveLength(1)
  })

  test('success and an empty answer end it', async () => {
    platform.receiver.answers.push({ body: '' })
    expect((await customer.text('a')).state).toBe('accepted')
    expect((await customer.text('b')).state).toBe('accepted')
    await platform.simulator.clock.advance(60_000)
    expect(platform.receiver.received).toHaveLength(2)
  })

  test('an encrypted passive reply ends it and stands on the phone; one that is signed wrongly does not count', async () => {
    const xml = `<xml><ToUserName><![CDATA[${customer.openId}]]></ToUserName><FromUserName><![CDATA[${ACCOUNT.originalId}]]></FromUserName><CreateTime>1</CreateTime><MsgType><![CDATA[text]]></MsgType><Content><![CDATA[稍等]]></Content></xml>`
    const encrypted = encrypt(ACCOUNT.encodingAesKey, xml, ACCOUNT.appId)
    const reply = (signature: string) =>
      `<xml><Encrypt><![CDATA[${encrypted}]]></Encrypt><MsgSignature><![CDATA[${signature}]]></MsgSignature><TimeStamp>1</TimeStamp><Nonce><![CDATA[n]]></Nonce></xml>`
    platform.receiver.answers.push({ body: reply('0'.repeat(40)) }, { body: reply(getSignature(ACCOUNT.token, '1', 'n', encrypted)) })
    const delivery = await customer.text('你好')
    expect(delivery.attempts[0]?.outcome).toBe('refused')
    await platform.simulator.clock.advance(5_000)
    expect((await platform.simulator.settled(delivery.id)).passiveReply).toEqual({ type: 'text', text: '稍等' })
    expect(customer.sent()).toMatchObject([{ via: 'passive', content: { text: '稍等' } }])
  })
})

describe('deliberate faults', () => {
  beforeEach(() => start())

  test('a wrong signature, a missing one, a foreign AppID and an old timestamp last one delivery each', async () => {
    platform.simulator.addCallbackFault('wrong_signature')
    platform.simulator.addCallbackFault('missing_signature')
    platform.simulator.addCallbackFault('wrong_appid')
    platform.simulator.addCallbackFault('stale_timestamp')
    for (const text of ['1', '2', '3', '4', '5']) await customer.text(text)
    const { received } = platform.receiver
    expect(received.map((callback) => open(callback).authentic)).toEqual([false, false, true, true, true])
    expect(received.map((callback) => open(callback).id === ACCOUNT.appId)).toEqual([true, true, false, true, true])
    expect(Number(parameter(received[3], 'timestamp'))).toBeLessThan(1_795_320_000 - 86_400)
    expect(plainSignature(received[0])).not.toBe(parameter(received[0], 'signature'))
  })

  test('duplicate delivers again although it was answered, drop never delivers, replay sends the same bytes', async () => {
    platform.simulator.addCallbackFault('duplicate')
    const delivery = await customer.text('once')
    expect(delivery.attempts).toHaveLength(2)
    platform.simulator.addCallbackFault('drop')
    expect((await customer.text('lost')).state).toBe('dropped')
    expect(platform.receiver.received).toHaveLength(2)
    await platform.simulator.replay(delivery.id)
    const [, second, third] = platform.receiver.received
    expect(third).toEqual(second)
  })

  test('reorder holds deliveries until enough have gathered and sends the newest first', async () => {
    platform.simulator.reorderNext(3)
    const deliveries = [await customer.text('1'), await customer.text('2')]
    expect(deliveries.map(({ state }) => state)).toEqual(['held', 'held'])
    deliveries.push(await customer.text('3'))
    await Promise.all(deliveries.map(({ id }) => platform.simulator.settled(id)))
    expect(deliveries.map(({ state }) => state)).toEqual(['accepted', 'accepted', 'accepted'])
    expect(platform.receiver.received.map((callback) => /\[CDATA\[(\d)\]\]/.exec(open(callback).message)?.[1])).toEqual(['3', '2', '1'])
  })
})

describe('messages and events (plain, for reading)', () => {
  beforeEach(() => start({ mode: 'plain', voiceRecognition: true }))
  const bodyOf = async (acting: Promise<unknown>) => {
    await acting
    return last()?.body ?? ''
  }

  test('media messages name media that can be fetched', async () => {
    expect(await bodyOf(customer.image())).toMatch(
      /<PicUrl><!\[CDATA\[http.+\/mmbiz\/.+\.jpg\]\]><\/PicUrl>\s*<MediaId><!\[CDATA\[[\w-]+\]\]>/,
    )
    expect(await bodyOf(customer.voice({ recognition: '你好' }))).toMatch(
      /<Format><!\[CDATA\[amr\]\]><\/Format>\s*<Recognition><!\[CDATA\[你好\]\]>/,
    )
    expect(await bodyOf(customer.video())).toMatch(/<MsgType><!\[CDATA\[video\]\]>[^]+<ThumbMediaId>/)
    expect(await bodyOf(customer.act({ type: 'shortvideo' }))).toContain('<MsgType><![CDATA[shortvideo]]>')
  })

  test('places, links, unknown types and chosen menu items', async () => {
    expect(await bodyOf(customer.location({ latitude: 31.23, longitude: 121.47, label: '人民广场' }))).toContain(
      '<Location_X>31.23</Location_X>',
    )
    expect(await bodyOf(customer.link({ title: 't', description: 'd', url: 'https://example.com' }))).toContain(
      '<Url><![CDATA[https://example.com]]></Url>',
    )
    expect(await bodyOf(customer.act({ type: 'raw', msgType: 'miniprogrampage', fields: { Title: '商品' } }))).toContain(
      '<MsgType><![CDATA[miniprogrampage]]>',
    )
    expect(await bodyOf(customer.chooseOption({ id: '101', text: '满意' }))).toContain('<bizmsgmenuid><![CDATA[101]]></bizmsgmenuid>')
  })

  test('following by a code, scanning it again, leaving', async () => {
    const { ticket } = platform.simulator.createCode(ACCOUNT.appId, 'desk-7')
    await customer.unfollow()
    expect(last()?.body).toContain('<Event><![CDATA[unsubscribe]]>')
    await expect(customer.text('?')).rejects.toThrow('does not follow')
    expect(await bodyOf(customer.act({ type: 'scan', ticket }))).toMatch(
      /<Event><!\[CDATA\[subscribe\]\]><\/Event>\s*<EventKey><!\[CDATA\[qrscene_desk-7\]\]><\/EventKey>\s*<Ticket>/,
    )
    expect(await bodyOf(customer.act({ type: 'scan', ticket }))).toMatch(
      /<Event><!\[CDATA\[SCAN\]\]><\/Event>\s*<EventKey><!\[CDATA\[desk-7\]\]>/,
    )
    expect(last()?.body).not.toContain('<MsgId>')
  })

  test('every kind of menu button does what it does on a phone', async () => {
    const token = await platform.token()
    const sub_button = [
      { type: 'scancode_push', name: '扫码', key: 'SCAN' },
      { type: 'pic_weixin', name: '相册', key: 'PIC' },
      { type: 'location_select', name: '位置', key: 'PLACE' },
    ]
    const button = [
      { type: 'click', name: '联系客服', key: 'HELP' },
      { type: 'view', name: '官网', url: 'https://example.com/' },
      { name: '更多', sub_button },
    ]
    expect(await platform.post('/cgi-bin/menu/create', { access_token: token }, { button })).toMatchObject({ errcode: 0 })
    const click = (...path: number[]) => bodyOf(customer.act({ type: 'menu', path }))
    expect(await click(0)).toContain('<Event><![CDATA[CLICK]]></Event>\n<EventKey><![CDATA[HELP]]></EventKey>')
    expect(await click(1)).toMatch(
      /<Event><!\[CDATA\[VIEW\]\]><\/Event>\s*<EventKey><!\[CDATA\[https:\/\/example\.com\/\]\]><\/EventKey>\s*<MenuId>\d+/,
    )
    expect(await click(2, 0)).toContain('<ScanCodeInfo><ScanType><![CDATA[qrcode]]></ScanType>')
    expect(await click(2, 1)).toMatch(/<SendPicsInfo><Count>1<\/Count>\s*<PicList><item><PicMd5Sum>/)
    expect(await click(2, 2)).toContain('<SendLocationInfo><Location_X>')
    await expect(click(2)).rejects.toThrow('no such menu button')
  })

  test('consents, revocation and any other event', async () => {
    expect(await bodyOf(customer.act({ type: 'grant', templateId: 'T', accept: false }))).toContain(
      '<SubscribeMsgPopupEvent><List><TemplateId><![CDATA[T]]></TemplateId>\n<SubscribeStatusString><![CDATA[reject]]>',
    )
    expect(await bodyOf(customer.act({ type: 'revoke_authorization' }))).toContain(`<OpenID><![CDATA[${customer.openId}]]>`)
    expect(await bodyOf(customer.act({ type: 'report_location', latitude: 31, longitude: 121, precision: 40 }))).toContain(
      '<Precision>40</Precision>',
    )
    expect(await bodyOf(customer.act({ type: 'event', event: 'kf_create_session', fields: { KfAccount: 'a@b' } }))).toContain(
      '<KfAccount><![CDATA[a@b]]>',
    )
  })
})
