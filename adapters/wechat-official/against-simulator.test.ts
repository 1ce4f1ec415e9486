/** The adapter and the platform's simulator over real HTTP: what one writes the other must read. */
import { createServer, type RequestListener, type Server } from 'node:http'
import { readFileSync } from 'node:fs'
import type { AddressInfo } from 'node:net'
import { afterEach, describe, expect, test } from '@jest/globals'
import type { MessagePart } from '#api/contract/message.ts'
import { QuotaSpent, ReplyWindowClosed, type InboundEvent } from '../contract/index.ts'
import { httpContext } from '../testing/test-context.ts'
import type { CALLBACK_MODES } from './config.ts'
import wechatOfficial from './index.ts'
import { createOfficialAccountSimulator, mountSimulator, type CustomerAction } from './simulator/index.ts'
import { SETTINGS, testAccount } from './testing/account.ts'

const NOW = Date.UTC(2026, 10, 22, 4)
const running: Server[] = []
let stopSimulator = () => {}
afterEach(async () => {
  stopSimulator()
  for (const server of running.splice(0)) {
    server.closeAllConnections()
    await new Promise((resolve) => server.close(resolve))
  }
})

async function listen(listener: RequestListener): Promise<string> {
  const server = createServer(listener)
  running.push(server)
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`
}

type Mode = (typeof CALLBACK_MODES)[number]

async function setUp(mode: Mode = 'safe', format: 'xml' | 'json' = 'xml') {
  const events: InboundEvent[] = []
  const account = testAccount({ mode, originalId: 'gh_97417a04a28d' })
  const callbackUrl = await listen((request, response) => {
    const chunks: Buffer[] = []
    request.on('data', (chunk: Buffer) => chunks.push(chunk))
    request.on('end', () => {
      const rawQuery = request.url?.split('?')[1] ?? ''
      const method = request.method === 'GET' ? 'GET' : 'POST'
      const verified = wechatOfficial.verify?.({ method, rawQuery, headers: {}, body: Buffer.concat(chunks) }, account, new Date(NOW))
      if (verified && 'challenge' in verified) return response.end(verified.challenge)
      if (verified) events.push(...(wechatOfficial.parse?.(verified.payload, account) ?? []))
      return response.end(wechatOfficial.acknowledgement?.body)
    })
  })
  const simulator = createOfficialAccountSimulator({ now: () => NOW, manualClock: true })
  stopSimulator = () => simulator.stop()
  const base = `${await listen(mountSimulator([simulator]))}/simulator/wechat`
  simulator.addAccount({ ...SETTINGS, mode, format, originalId: 'gh_97417a04a28d', callbackUrl })
  const customer = simulator.addCustomer({ appId: SETTINGS.appId, nickname: '李雷', unionId: 'oUnionLiLei' })
  const sample = (name: string) => readFileSync(new URL(`./simulator/samples/${name}`, import.meta.url))
  const files = {
    jpg: { name: '包裹.jpg', mime: 'image/jpeg', data: sample('parcel.jpg') },
    amr: { name: 'a.amr', mime: 'audio/amr', data: sample('voice.amr') },
    mp4: { name: 'a.mp4', mime: 'video/mp4', data: sample('clip.mp4') },
  }
  const { ctx } = httpContext({ bases: { wxApi: base, wxMp: base }, files, now: () => new Date(NOW) })
  const send = (part: MessagePart) => wechatOfficial.send(account, { to: { externalId: customer.openId }, part, deliveryId: 'd-1' }, ctx)
  return { simulator, customer, account, ctx, events, send }
}

const ACTIONS: [CustomerAction, Partial<InboundEvent>][] = [
  [
    { type: 'text', text: '在吗?[微笑] ]]> <b>&amp;</b>' },
    { kind: 'message', opens: 'message', parts: [{ type: 'text', text: '在吗?[微笑] ]]> <b>&amp;</b>' }] },
  ],
  [
    { type: 'location', latitude: 23.13, longitude: 113.35, label: '天河' },
    { parts: [{ type: 'location', latitude: 23.13, longitude: 113.35, label: '天河', scale: 15 }] },
  ],
  [
    { type: 'link', title: '官网', description: '首页', url: 'https://example.com/' },
    { parts: [{ type: 'link', title: '官网', description: '首页', url: 'https://example.com/' }] },
  ],
  [
    { type: 'raw', msgType: 'miniprogrampage', fields: { Title: 'x' } },
    { kind: 'message', parts: [{ type: 'unsupported', original: 'miniprogrampage' }] },
  ],
  [
    { type: 'option', id: '101', text: '满意' },
    { kind: 'message', opens: 'menu', parts: [{ type: 'text', text: '满意', menuOptionId: '101' }] },
  ],
  [{ type: 'unfollow' }, { kind: 'unsubscribed' }],
  [
    { type: 'follow', scene: 'desk-1' },
    { kind: 'subscribed', opens: 'follow', source: { kind: 'qr', label: 'desk-1' } },
  ],
  [
    { type: 'scan', scene: 'desk-2' },
    { kind: 'entered', opens: 'scan', source: { kind: 'qr', label: 'desk-2' } },
  ],
  [
    { type: 'click', key: 'AGENT' },
    { kind: 'menu_clicked', opens: 'menu', source: { kind: 'menu', label: 'AGENT' } },
  ],
  [{ type: 'revoke_authorization' }, { kind: 'authorization_revoked' }],
]

describe('CH-01 against the simulator: callbacks', () => {
  const ways = (['safe', 'compatible', 'plain'] as const).flatMap((mode) =>
    (['xml', 'json'] as const).map((format) => [mode, format] as const),
  )

  test.each(ways)('in %s mode as %s, from the address check to every action', async (mode, format) => {
    const { simulator, customer, events } = await setUp(mode, format)
    expect(await simulator.checkCallback(SETTINGS.appId)).toBe(true)
    await customer.follow()
    events.length = 0
    for (const [action] of ACTIONS) await customer.act(action)
    for (const [index, [, expected]] of ACTIONS.entries())
      expect(events[index]).toMatchObject({ from: { externalId: customer.openId }, ...expected })
    expect(new Set(events.map(({ externalKey }) => externalKey)).size).toBe(ACTIONS.length)
  })

  test('a delivery that comes again has the same key', async () => {
    const { simulator, customer, events } = await setUp()
    const delivery = await customer.text('在吗')
    await simulator.replay(delivery.id)
    expect(events).toHaveLength(2)
    expect(events[0]).toEqual(events[1])
  })
})

describe('CH-01 against the simulator: answers', () => {
  const media = (attachmentId: string) => ({ status: 'ready' as const, attachmentId })
  const parts: [string, MessagePart][] = [
    ['text', { type: 'text', text: '您好 😀' }],
    ['image', { type: 'image', media: media('jpg') }],
    ['voice', { type: 'audio', media: media('amr') }],
    ['video', { type: 'video', media: media('mp4'), title: '安装' }],
    ['news', { type: 'link', url: 'https://example.com/', title: '标题' }],
    ['msgmenu', { type: 'menu', head: '满意吗', options: [{ id: '1', text: '满意' }] }],
    ['music', { type: 'card', card: 'music', title: '歌', url: 'https://example.com/a.mp3' }],
    [
      'miniprogrampage',
      { type: 'card', card: 'miniprogram', title: '订单', appId: 'wx1234567890abcdef', pagePath: 'pages/order', thumbnail: media('jpg') },
    ],
    ['wxcard', { type: 'card', card: 'coupon', refId: 'CARD' }],
  ]

  test.each(parts)('%s is taken', async (msgType, part) => {
    const { customer, send } = await setUp()
    await customer.text('在吗')
    await send(part)
    expect(customer.sent().map((message) => message.msgType)).toEqual([msgType])
  })

  test('the allowance ends in a spent quota, then in a closed window', async () => {
    const { simulator, customer, send } = await setUp()
    await customer.text('在吗')
    for (let answer = 0; answer < 5; answer++) await send({ type: 'text', text: '您好' })
    await expect(send({ type: 'text', text: '您好' })).rejects.toBeInstanceOf(QuotaSpent)
    await simulator.clock.advance(49 * 3_600_000)
    await expect(send({ type: 'text', text: '您好' })).rejects.toBeInstanceOf(ReplyWindowClosed)
    expect(customer.sent()).toHaveLength(5)
  })

  test('a token that ended is renewed, and the answer arrives once', async () => {
    const { simulator, customer, send } = await setUp()
    await customer.text('在吗')
    await send({ type: 'text', text: '一' })
    await simulator.clock.advance(3 * 3_600_000)
    await send({ type: 'text', text: '二' })
    expect(customer.sent()).toHaveLength(2)
    expect(simulator.tokens(SETTINGS.appId)).toHaveLength(2)
  })
})

describe('CH-01 against the simulator: the rest of the API', () => {
  test('the templates of the account are listed with their fields, however the braces are written', async () => {
    const { simulator, account, ctx } = await setUp()
    const { appId } = SETTINGS
    const content = '{{first.DATA}}\n订单编号：{{character_string1.DATA}}\n状态: { {phrase2.DATA} }\n{{remark.DATA}}'
    simulator.addTemplate({ appId, templateId: 'T1', title: '订单提醒', content })
    simulator.addTemplate({ appId, templateId: 'S1', title: '订阅', content: '{{thing1.DATA}}', kind: 'subscribe' })
    expect(await wechatOfficial.listTemplates?.(account, ctx)).toEqual([
      {
        id: 'T1',
        title: '订单提醒',
        text: '{first}\n订单编号：{character_string1}\n状态: {phrase2}\n{remark}',
        fields: [
          { name: 'first', label: 'first' },
          { name: 'character_string1', label: '订单编号' },
          { name: 'phrase2', label: '状态' },
          { name: 'remark', label: 'remark' },
        ],
      },
    ])
    await wechatOfficial.listTemplates?.(account, ctx)
    expect(simulator.calls({ path: '/cgi-bin/template/get_all_private_template' })).toHaveLength(1)
  })

  test('what customers send can be fetched, video included', async () => {
    const { customer, account, ctx, events } = await setUp()
    await customer.image()
    await customer.voice()
    await customer.video()
    const mimes: (string | undefined)[] = []
    for (const part of events.flatMap((event) => event.parts ?? [])) {
      if ('mediaRef' in part) mimes.push((await wechatOfficial.fetchMedia?.(account, part.mediaRef, ctx))?.mime)
    }
    expect(mimes).toEqual([expect.stringMatching(/^image\//), 'audio/amr', 'video/mp4'])
  })

  test('profile, QR code, menu and connection test', async () => {
    const { customer, account, ctx, events } = await setUp()
    await customer.follow()
    expect(await wechatOfficial.fetchProfile?.(account, customer.openId, ctx)).toMatchObject({ subscribed: true, unionid: 'oUnionLiLei' })
    const code = await wechatOfficial.createQrCode?.(account, { scene: 'desk-9', expiresInSeconds: 600 }, ctx)
    await customer.act({ type: 'scan', url: code?.url })
    expect(events.at(-1)).toMatchObject({ kind: 'entered', source: { kind: 'qr', label: 'desk-9' } })
    expect((await fetch(code?.imageUrl ?? '')).status).toBe(200)
    const buttons = [
      { type: 'click', name: '人工客服', key: 'AGENT' },
      { name: '更多', sub_button: [{ type: 'view', name: '官网', url: 'https://example.com/' }] },
    ]
    await wechatOfficial.writeMenu?.(account, buttons, ctx)
    expect(await wechatOfficial.readMenu?.(account, ctx)).toMatchObject(buttons)
    await wechatOfficial.writeMenu?.(account, [], ctx)
    expect(await wechatOfficial.readMenu?.(account, ctx)).toEqual([])
    expect(await wechatOfficial.test?.(account, ctx)).toEqual([
      { name: 'credentials', ok: true },
      { name: 'api', ok: true },
    ])
    await customer.text('在吗')
    await wechatOfficial.typing?.(account, { externalId: customer.openId }, true, ctx)
  })
})
