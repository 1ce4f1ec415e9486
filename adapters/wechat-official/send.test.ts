import { randomBytes } from 'node:crypto'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals'
import sharp from 'sharp'
import type { MessagePart } from '#api/contract/message.ts'
import { PermanentFailure } from '../contract/index.ts'
import { httpContext } from '../testing/test-context.ts'
import wechatOfficial from './index.ts'
import { testAccount } from './testing/account.ts'
import { TestPlatform } from './testing/platform.ts'

const platform = new TestPlatform()
const SEND = '/cgi-bin/message/custom/send'
const UPLOAD = '/cgi-bin/media/upload'
const TEMPLATE = '/cgi-bin/message/template/send'
const account = testAccount()

beforeAll(() => platform.start())
afterAll(() => platform.stop())
beforeEach(() => {
  platform.reset()
  platform.answers(SEND, { errcode: 0, errmsg: 'ok' })
  let uploads = 0
  platform.on(UPLOAD, ({ query }) => ({
    type: query.type,
    [query.type === 'thumb' ? 'thumb_media_id' : 'media_id']: `${query.type}-${++uploads}`,
    created_at: 1,
  }))
})

type Files = Record<string, { name: string; mime: string; data: Buffer }>
const ID = '0192e4a0-0000-7000-8000-0000000000aa'
const media = { status: 'ready', attachmentId: ID } as const
const file = (mime: string, data = Buffer.from('abc')): Files => ({ [ID]: { name: '合同.bin', mime, data } })
const picture = (format: 'png' | 'webp' | 'jpeg', width = 900, height = 300) => {
  const noise = randomBytes(width * height * 3)
  return sharp(noise, { raw: { width, height, channels: 3 } })
    .toFormat(format)
    .toBuffer()
}

const setUp = (files: Files = {}) => httpContext({ bases: { wxApi: platform.base }, files }).ctx
const send = (part: MessagePart, ctx = setUp()) =>
  wechatOfficial.send(account, { to: { externalId: 'oCustomer' }, part, deliveryId: 'd-1' }, ctx)
const sent = () => platform.asked(SEND).map(({ body }) => JSON.parse(body.toString()))

describe('CH-01 customer-service messages on the wire', () => {
  test.each<[string, MessagePart, object]>([
    [
      'text',
      { type: 'text', text: '您好 <a href="https://example.com">链接</a>' },
      { msgtype: 'text', text: { content: '您好 <a href="https://example.com">链接</a>' } },
    ],
    [
      'link as news with one article',
      { type: 'link', url: 'https://example.com/a', title: '标题', description: '摘要', imageUrl: 'https://example.com/a.jpg' },
      {
        msgtype: 'news',
        news: { articles: [{ title: '标题', description: '摘要', url: 'https://example.com/a', picurl: 'https://example.com/a.jpg' }] },
      },
    ],
    [
      'menu',
      {
        type: 'menu',
        head: '您对本次服务是否满意?',
        options: [
          { id: '101', text: '满意' },
          { id: '102', text: '不满意' },
        ],
        tail: '欢迎再次光临',
      },
      {
        msgtype: 'msgmenu',
        msgmenu: {
          head_content: '您对本次服务是否满意?',
          list: [
            { id: '101', content: '满意' },
            { id: '102', content: '不满意' },
          ],
          tail_content: '欢迎再次光临',
        },
      },
    ],
    [
      'published article',
      { type: 'card', card: 'article', refId: 'ARTICLE_ID' },
      { msgtype: 'mpnewsarticle', mpnewsarticle: { article_id: 'ARTICLE_ID' } },
    ],
    [
      'article of the material library',
      { type: 'card', card: 'mpnews', refId: 'MEDIA_ID' },
      { msgtype: 'mpnews', mpnews: { media_id: 'MEDIA_ID' } },
    ],
    ['coupon', { type: 'card', card: 'coupon', refId: 'CARD_ID' }, { msgtype: 'wxcard', wxcard: { card_id: 'CARD_ID' } }],
    [
      'music with a plain cover',
      { type: 'card', card: 'music', title: '歌', description: '手', url: 'https://example.com/a.mp3' },
      {
        msgtype: 'music',
        music: {
          title: '歌',
          description: '手',
          musicurl: 'https://example.com/a.mp3',
          hqmusicurl: 'https://example.com/a.mp3',
          thumb_media_id: 'thumb-1',
        },
      },
    ],
    [
      'mini-program page',
      { type: 'card', card: 'miniprogram', title: '订单', appId: 'wx1', pagePath: 'pages/order?id=1' },
      {
        msgtype: 'miniprogrampage',
        miniprogrampage: { title: '订单', appid: 'wx1', pagepath: 'pages/order?id=1', thumb_media_id: 'thumb-1' },
      },
    ],
  ])('%s', async (_name, part, expected) => {
    expect(await send(part)).toEqual({})
    expect(sent()).toEqual([{ touser: 'oCustomer', ...expected }])
  })

  test('text goes out as UTF-8, not as escapes, even with half a character in it', async () => {
    await send({ type: 'text', text: '你😀\ud83d' })
    expect(platform.asked(SEND)[0]?.body.toString()).toContain('"content":"你😀\ufffd"')
  })

  test('image and voice are uploaded, then named', async () => {
    await send({ type: 'image', media }, setUp(file('image/png')))
    await send({ type: 'audio', media }, setUp(file('audio/amr')))
    expect(sent()).toEqual([
      { touser: 'oCustomer', msgtype: 'image', image: { media_id: 'image-1' } },
      { touser: 'oCustomer', msgtype: 'voice', voice: { media_id: 'voice-2' } },
    ])
    const [image, voice] = platform.asked(UPLOAD)
    expect(image?.query).toEqual({ access_token: 'token-1', type: 'image' })
    expect(image?.contentType).toMatch(/^multipart\/form-data; boundary=/)
    expect(image?.body.toString()).toMatch(/name="media"; filename="image\.png"\r\nContent-Type: image\/png\r\n\r\nabc/)
    expect(voice?.body.toString()).toContain('filename="voice.amr"')
  })

  test('a video gets the cover that the platform demands', async () => {
    await send({ type: 'video', media, title: '安装' }, setUp(file('video/mp4')))
    expect(sent()).toEqual([
      { touser: 'oCustomer', msgtype: 'video', video: { media_id: 'video-1', thumb_media_id: 'thumb-2', title: '安装', description: '' } },
    ])
    const cover = platform.asked(UPLOAD)[1]?.body ?? Buffer.alloc(0)
    expect(cover.length).toBeLessThan(64 * 1024)
    expect(cover.toString('latin1')).toContain('Content-Type: image/jpeg')
  })

  test('a large cover is made small', async () => {
    const files = file('image/png', await picture('png', 1600, 1200))
    await send({ type: 'card', card: 'miniprogram', title: 'a', appId: 'wx1', pagePath: 'p', thumbnail: media }, setUp(files))
    expect(platform.asked(UPLOAD)[0]?.body.length).toBeLessThan(65 * 1024)
    expect(sent()[0]).toMatchObject({ miniprogrampage: { thumb_media_id: 'thumb-1' } })
  })

  test('a picture of a kind unknown to the platform becomes JPEG', async () => {
    await send({ type: 'image', media }, setUp(file('image/webp', await picture('webp'))))
    expect(platform.asked(UPLOAD)[0]?.body.toString('latin1')).toContain('filename="image.jpg"')
  })
})

describe('CH-01 uploads', () => {
  test('the same file is uploaded once', async () => {
    const ctx = setUp(file('image/png'))
    await send({ type: 'image', media }, ctx)
    await send({ type: 'image', media }, ctx)
    expect(platform.asked(UPLOAD)).toHaveLength(1)
    expect(sent().map(({ image }) => image.media_id)).toEqual(['image-1', 'image-1'])
  })

  test('an id is kept for less than the three days that the platform keeps the file', async () => {
    const ctx = setUp(file('image/png'))
    const lifetimes: number[] = []
    const cache = { ...ctx.cache, set: (key: string, value: string, ttl: number) => ctx.cache.set(key, value, (lifetimes.push(ttl), ttl)) }
    await send({ type: 'image', media }, { ...ctx, cache })
    expect(lifetimes).toEqual([252_000])
  })

  test('an id that the platform has dropped is uploaded anew, once', async () => {
    const ctx = setUp(file('image/png'))
    await send({ type: 'image', media }, ctx)
    platform.on(SEND, ({ body }) => (body.toString().includes('image-1') ? { errcode: 40007, errmsg: 'invalid media_id' } : { errcode: 0 }))
    await send({ type: 'image', media }, ctx)
    expect(sent().map(({ image }) => image.media_id)).toEqual(['image-1', 'image-1', 'image-2'])
  })

  test('a fresh id that is refused is not tried again', async () => {
    platform.answers(SEND, { errcode: 40007, errmsg: 'invalid media_id' })
    await expect(send({ type: 'image', media }, setUp(file('image/png')))).rejects.toMatchObject({ reason: 'media_refused' })
    expect(platform.asked(SEND)).toHaveLength(1)
  })

  test.each<[string, MessagePart, Files]>([
    ['a voice of another kind', { type: 'audio', media }, file('audio/ogg')],
    ['a voice over 2 MB', { type: 'audio', media }, file('audio/mpeg', Buffer.alloc(2 * 1024 * 1024 + 1))],
    ['an image over 10 MB', { type: 'image', media }, file('image/png', Buffer.alloc(10 * 1024 * 1024 + 1))],
    ['a video of another kind', { type: 'video', media }, file('video/quicktime')],
    ['what calls itself an image', { type: 'image', media }, file('image/webp')],
    ['an image that was never stored', { type: 'image', media: { status: 'failed' } }, {}],
  ])('%s is refused before anybody is called', async (_name, part, files) => {
    await expect(send(part, setUp(files))).rejects.toMatchObject({ reason: 'media_refused' })
    expect(platform.requests).toEqual([])
  })

  test.each<MessagePart>([
    { type: 'card', card: 'article' },
    { type: 'card', card: 'music', title: 'a' },
    { type: 'card', card: 'miniprogram', title: 'a', appId: 'wx1' },
  ])('a card without what it needs is refused before anybody is called: %j', async (part) => {
    await expect(send(part)).rejects.toBeInstanceOf(PermanentFailure)
    expect(platform.requests).toEqual([])
  })
})

describe('CH-01 template messages', () => {
  const part: MessagePart = {
    type: 'template',
    templateId: 'TM1',
    url: 'https://example.com/t/1',
    data: { thing1: '打印机', phrase2: '已完成' },
    preview: '…',
  }

  test('carry the delivery’s id, so that a repetition is dropped, and return the platform’s, all digits of it', async () => {
    platform.answers(TEMPLATE, { raw: '{"errcode":0,"errmsg":"ok","msgid":2386374628302790656}', contentType: 'application/json' })
    expect(await send(part)).toEqual({ externalId: '2386374628302790656' })
    expect(JSON.parse(String(platform.asked(TEMPLATE)[0]?.body))).toEqual({
      touser: 'oCustomer',
      template_id: 'TM1',
      url: 'https://example.com/t/1',
      client_msg_id: 'd-1',
      data: { thing1: { value: '打印机' }, phrase2: { value: '已完成' } },
    })
  })

  test('return a short id as text too', async () => {
    platform.answers(TEMPLATE, { errcode: 0, errmsg: 'ok', msgid: 200163836 })
    expect(await send(part)).toEqual({ externalId: '200163836' })
  })

  test('refused for their fields say so', async () => {
    platform.answers(TEMPLATE, { errcode: 47003, errmsg: 'argument invalid! data.thing1.value' })
    await expect(send(part)).rejects.toMatchObject({ reason: 'template_refused' })
  })
})

test.each([
  [true, 'Typing'],
  [false, 'CancelTyping'],
] as const)('CH-01 the typing mark: %s', async (on, command) => {
  platform.answers('/cgi-bin/message/custom/typing', { errcode: 0, errmsg: 'ok' })
  await wechatOfficial.typing?.(account, { externalId: 'oCustomer' }, on, setUp())
  expect(JSON.parse(String(platform.asked('/cgi-bin/message/custom/typing')[0]?.body))).toEqual({ touser: 'oCustomer', command })
})
