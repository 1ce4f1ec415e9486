import { afterEach, beforeEach, describe, expect, test } from '@jest/globals'
import { readSample } from './samples/sample-media.ts'
import type { SimulatedCustomer } from './index.ts'
import { ACCOUNT, startHarness, until, type Harness } from './testing/harness.ts'

const HOUR = 3_600_000
let platform: Harness
let customer: SimulatedCustomer
let token: string
beforeEach(async () => {
  platform = await startHarness()
  customer = platform.simulator.addCustomer({ appId: ACCOUNT.appId, nickname: '李雷', unionId: 'oUnionLiLei' })
  token = await platform.token()
})
afterEach(() => platform.stop())

const sendErrcode = async (message?: Record<string, unknown>) => (await platform.send(token, customer.openId, message))['errcode']

describe('reply window and count (CH-01)', () => {
  test('a message opens 48 hours and five replies', async () => {
    expect(await sendErrcode()).toBe(45015)
    await customer.text('在吗')
    for (let reply = 0; reply < 5; reply += 1) expect(await sendErrcode()).toBe(0)
    expect(await sendErrcode()).toBe(45047)
    await customer.text('还在吗')
    expect(customer.allowance().remaining).toBe(5)
    await platform.simulator.clock.advance(48 * HOUR)
    token = await platform.token()
    expect(await sendErrcode()).toBe(45015)
    expect(customer.sent()).toHaveLength(5)
  })

  test.each([
    ['menu click', () => customer.clickMenu('HELP')],
    ['follow', () => customer.follow()],
    ['scan', () => customer.scan('desk-7')],
    ['click on an item of a menu message', () => customer.chooseOption({ id: '1', text: '满意' })],
  ])('a %s opens one minute and three replies', async (_name, action) => {
    await action()
    for (let reply = 0; reply < 3; reply += 1) expect(await sendErrcode()).toBe(0)
    expect(await sendErrcode()).toBe(45047)
    await platform.simulator.clock.advance(60_000)
    expect(await sendErrcode()).toBe(45015)
  })

  test('who left, is blocked or switched messages off cannot be written to', async () => {
    await customer.text('你好')
    platform.simulator.setCustomer(ACCOUNT.appId, customer.openId, { blocked: true })
    expect(await sendErrcode()).toBe(43019)
    platform.simulator.setCustomer(ACCOUNT.appId, customer.openId, { blocked: false, refuses: true })
    expect(await sendErrcode()).toBe(48002)
    await customer.unfollow()
    expect(await sendErrcode()).toBe(45015)
    platform.simulator.updateAccount(ACCOUNT.appId, { unfollowedErrcode: 43004 })
    expect(await sendErrcode()).toBe(43004)
    expect((await platform.send(token, 'oSomebodyElse'))['errcode']).toBe(40003)
  })
})

describe('payloads', () => {
  beforeEach(() => customer.text('你好'))

  test.each([
    ['an unknown type', { msgtype: 'file', file: {} }, 40008],
    ['no text', { msgtype: 'text', text: { content: '' } }, 44004],
    ['2048 bytes and one more', { msgtype: 'text', text: { content: `${'汉'.repeat(682)}abc` } }, 45002],
    ['media that is not there', { msgtype: 'image', image: { media_id: 'nothing' } }, 40007],
    ['two articles', { msgtype: 'news', news: { articles: [{ title: 'a' }, { title: 'b' }] } }, 45008],
    ['a service account without the feature', { msgtype: 'text', text: { content: 'a' }, customservice: { kf_account: 'a@b' } }, 65400],
  ])('%s is refused', async (_name, message, errcode) => {
    expect(await sendErrcode(message)).toBe(errcode)
    expect(customer.sent()).toEqual([])
  })

  test('a body that is empty or no JSON object is refused', async () => {
    const send = async (body: string) => (await platform.post('/cgi-bin/message/custom/send', { access_token: token }, body))['errcode']
    expect([await send(''), await send('{"touser":'), await send('[]')]).toEqual([44002, 47001, 47001])
  })

  test('every type that the platform knows reaches the phone in order', async () => {
    platform.simulator.openWindow(ACCOUNT.appId, customer.openId, 'pay')
    const image = await platform.upload(token, 'image', Uint8Array.from(readSample('image') ?? []))
    const thumb = await platform.upload(token, 'thumb', Uint8Array.from(readSample('thumb') ?? []))
    const voice = await platform.upload(token, 'voice', Uint8Array.from(readSample('voice') ?? []))
    const video = await platform.upload(token, 'video', Uint8Array.from(readSample('video') ?? []))
    const messages = [
      { msgtype: 'text', text: { content: '汉'.repeat(682) + 'ab' } },
      { msgtype: 'image', image: { media_id: image['media_id'] } },
      { msgtype: 'voice', voice: { media_id: voice['media_id'] } },
      { msgtype: 'video', video: { media_id: video['media_id'], thumb_media_id: thumb['thumb_media_id'], title: '开箱' } },
      { msgtype: 'music', music: { musicurl: 'http://a', hqmusicurl: 'http://b', thumb_media_id: thumb['thumb_media_id'] } },
      { msgtype: 'news', news: { articles: [{ title: '退货说明', description: '', url: 'https://example.com', picurl: '' }] } },
      { msgtype: 'mpnewsarticle', mpnewsarticle: { article_id: 'a1' } },
      { msgtype: 'msgmenu', msgmenu: { head_content: '满意吗?', list: [{ id: '1', content: '满意' }], tail_content: '谢谢' } },
      { msgtype: 'wxcard', wxcard: { card_id: 'c1' } },
      {
        msgtype: 'miniprogrampage',
        miniprogrampage: { title: '订单', appid: 'wx1', pagepath: 'pages/order', thumb_media_id: thumb['thumb_media_id'] },
      },
    ]
    for (const message of messages) expect(await sendErrcode(message)).toBe(0)
    expect(customer.sent().map(({ msgType }) => msgType)).toEqual(messages.map(({ msgtype }) => msgtype))
    expect(customer.sent()[2]?.content).toMatchObject({ type: 'voice', durationMs: 3_000 })
    expect(customer.phone().filter(({ side }) => side === 'account')).toHaveLength(messages.length)
  })

  test('typing shows for fifteen seconds, once at a time, soon after an exchange only', async () => {
    const typing = async (command: string) =>
      (await platform.post('/cgi-bin/message/custom/typing', { access_token: token }, { touser: customer.openId, command }))['errcode']
    expect([await typing('Typing'), await typing('Typing'), await typing('CancelTyping'), await typing('Typing')]).toEqual([0, 45081, 0, 0])
    expect(await typing('Nothing')).toBe(45072)
    await platform.simulator.clock.advance(31_000)
    expect(await typing('Typing')).toBe(45080)
  })
})

describe('outside the window', () => {
  const TEMPLATE = {
    appId: ACCOUNT.appId,
    templateId: 'T1',
    title: '工单进度',
    content: '工单:{{character_string1.DATA}}\n进度:{{phrase2.DATA}}',
  }
  const data = { character_string1: { value: 'GD-1' }, phrase2: { value: '已受理' } }
  const sendTemplate = async (more: Record<string, unknown> = {}) => {
    const response = await fetch(`${platform.base}/cgi-bin/message/template/send?access_token=${token}`, {
      method: 'POST',
      body: JSON.stringify({ touser: customer.openId, template_id: 'T1', data, ...more }),
    })
    const text = await response.text()
    return { errcode: (JSON.parse(text) as { errcode: number }).errcode, msgId: /"msgid":(\d+)/.exec(text)?.[1] }
  }
  const finished = async (count: number) => {
    await until(() => platform.receiver.received.length >= count)
    return platform.receiver.received.length
  }
  beforeEach(() => platform.simulator.addTemplate(TEMPLATE))

  test('a template message arrives, and its end is reported with the same 64-bit id', async () => {
    platform.simulator.updateAccount(ACCOUNT.appId, { mode: 'plain' })
    const { errcode, msgId } = await sendTemplate()
    expect(errcode).toBe(0)
    await finished(1)
    const body = platform.receiver.received[0]?.body ?? ''
    expect(BigInt(msgId ?? 0)).toBeGreaterThan(BigInt(Number.MAX_SAFE_INTEGER))
    expect(body).toContain(`<MsgID>${msgId}</MsgID>`)
    expect(body).toContain('<Status><![CDATA[success]]></Status>')
    expect(customer.sent()[0]?.content).toMatchObject({
      title: '工单进度',
      lines: [
        { label: '工单', value: 'GD-1' },
        { label: '进度', value: '已受理' },
      ],
    })
  })

  test('the same client_msg_id within ten minutes is sent once', async () => {
    const first = await sendTemplate({ client_msg_id: 'd-1' })
    expect(await sendTemplate({ client_msg_id: 'd-1' })).toEqual(first)
    expect(customer.sent()).toHaveLength(1)
    await platform.simulator.clock.advance(600_000)
    await sendTemplate({ client_msg_id: 'd-1' })
    expect(customer.sent()).toHaveLength(2)
  })

  test('a customer who refuses messages is reported afterwards', async () => {
    platform.simulator.updateAccount(ACCOUNT.appId, { mode: 'plain' })
    platform.simulator.setCustomer(ACCOUNT.appId, customer.openId, { refuses: true })
    expect((await sendTemplate()).errcode).toBe(0)
    await finished(1)
    expect(platform.receiver.received[0]?.body).toContain('failed:user block')
    expect(customer.sent()).toEqual([])
  })

  test('unknown templates, bad values and strangers are refused', async () => {
    expect((await sendTemplate({ template_id: 'T9' })).errcode).toBe(40037)
    expect((await sendTemplate({ data: { ...data, phrase2: { value: '太长太长太长' } } })).errcode).toBe(47003)
    await customer.unfollow()
    expect((await sendTemplate()).errcode).toBe(43004)
  })

  test('a subscription notice uses up one consent', async () => {
    platform.simulator.addTemplate({ ...TEMPLATE, templateId: 'S1', kind: 'subscribe' })
    const send = async () =>
      (
        await platform.post(
          '/cgi-bin/message/subscribe/bizsend',
          { access_token: token },
          { touser: customer.openId, template_id: 'S1', data },
        )
      )['errcode']
    expect(await send()).toBe(43101)
    await customer.act({ type: 'grant', templateId: 'S1', accept: true })
    expect([await send(), await send()]).toEqual([0, 43101])
    await until(() => platform.simulator.snapshot().deliveries.some(({ kind }) => kind === 'subscribe_msg_sent_event'))
  })
})

describe('faults on request', () => {
  beforeEach(() => customer.text('你好'))
  const path = '/cgi-bin/message/custom/send'

  test('an errcode, a 5xx and half an answer last as many calls as asked for', async () => {
    platform.simulator.addApiFault({ path, times: 2, fault: { kind: 'errcode', errcode: -1 } })
    expect([await sendErrcode(), await sendErrcode(), await sendErrcode()]).toEqual([-1, -1, 0])
    platform.simulator.addApiFault({ path: '*', fault: { kind: 'status', status: 502 } })
    const response = await fetch(`${platform.base}${path}?access_token=${token}`, { method: 'POST', body: '{}' })
    expect(response.status).toBe(502)
    platform.simulator.addApiFault({ path, fault: { kind: 'malformed' } })
    await expect(platform.send(token, customer.openId)).rejects.toThrow('JSON')
    expect(customer.sent()).toHaveLength(2)
  })

  test('a reset before processing sends nothing, one after processing has sent', async () => {
    platform.simulator.addApiFault({ path, fault: { kind: 'reset_before' } })
    await expect(platform.send(token, customer.openId)).rejects.toThrow('fetch failed')
    expect(customer.sent()).toHaveLength(0)
    platform.simulator.addApiFault({ path, fault: { kind: 'reset_after' } })
    await expect(platform.send(token, customer.openId)).rejects.toThrow('fetch failed')
    expect(customer.sent()).toHaveLength(1)
  })

  test('a slow answer comes when its time has come', async () => {
    platform.simulator.addApiFault({ path, fault: { kind: 'latency', ms: 3_000 } })
    let answered = false
    const sending = sendErrcode().then((errcode) => {
      answered = true
      return errcode
    })
    await until(() => customer.sent().length === 1)
    expect(answered).toBe(false)
    await platform.simulator.clock.advance(3_000)
    expect(await sending).toBe(0)
  })
})
