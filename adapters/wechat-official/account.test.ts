import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals'
import { PermanentFailure, TransientFailure, type FetchedMedia } from '../contract/index.ts'
import { httpContext } from '../testing/test-context.ts'
import wechatOfficial from './index.ts'
import { testAccount } from './testing/account.ts'
import { TestPlatform, type PlatformAnswer } from './testing/platform.ts'

const platform = new TestPlatform()
const account = testAccount()
beforeAll(() => platform.start())
afterAll(() => platform.stop())
beforeEach(() => platform.reset())

const setUp = () => httpContext({ bases: { wxApi: platform.base, wxMp: platform.base } })
const { fetchMedia, fetchProfile, createQrCode, readMenu, writeMenu, test: testConnection } = wechatOfficial
if (!fetchMedia || !fetchProfile || !createQrCode || !readMenu || !writeMenu || !testConnection) throw new Error('incomplete adapter')

const bytesOf = async ({ stream }: FetchedMedia): Promise<string> => {
  const chunks: Buffer[] = []
  for await (const chunk of stream) chunks.push(Buffer.from(chunk))
  return Buffer.concat(chunks).toString()
}

describe('CH-01 fetching what a customer sent', () => {
  const GET = '/cgi-bin/media/get'
  const binary = (contentType: string, name = 'a.bin'): PlatformAnswer => ({
    raw: 'bytes',
    contentType,
    headers: { 'content-disposition': `attachment; filename="${name}"` },
  })

  test.each([
    ['an image', { id: 'm' }, 'image/jpeg', 'image/jpeg'],
    ['AMR speech', { id: 'm', format: 'amr' }, 'audio/amr', 'audio/amr'],
    ['speech that the header calls voice', { id: 'm', format: 'speex' }, 'voice/speex', 'audio/speex'],
    ['speech without a format', { id: 'm' }, 'voice/amr', 'audio/amr'],
    ['MP3 speech as plain bytes', { id: 'm', format: 'mp3' }, 'application/octet-stream', 'audio/mpeg'],
  ])('%s', async (_name, ref, contentType, mime) => {
    platform.answers(GET, binary(contentType, 'x.jpg'))
    const media = await fetchMedia(account, ref, setUp().ctx)
    expect(media).toMatchObject({ mime, name: 'x.jpg' })
    expect(await bytesOf(media)).toBe('bytes')
    expect(platform.asked(GET)[0]?.query).toEqual({ access_token: 'token-1', media_id: 'm' })
  })

  test('a video is fetched from the address in the answer, through the configured host when it is there', async () => {
    platform.answers(GET, { video_url: `${platform.base}/video/1` })
    platform.answers('/video/1', binary('video/mp4'))
    const { ctx, foreign } = setUp()
    expect(await bytesOf(await fetchMedia(account, { id: 'm' }, ctx))).toBe('bytes')
    expect(foreign).toEqual([])
  })

  test('a video elsewhere is fetched as a foreign address, over TLS', async () => {
    platform.answers(GET, { video_url: 'http://127.0.0.1:2/vweixinp' })
    const { ctx, foreign } = setUp()
    await expect(fetchMedia(account, { id: 'm' }, ctx)).rejects.toBeInstanceOf(TransientFailure)
    expect(foreign).toEqual(['https://127.0.0.1:2/vweixinp'])
  })

  test.each(['application/json', 'text/plain', 'text/plain; charset=utf-8'])('an error as %s is no file', async (contentType) => {
    platform.answers(GET, { raw: '{"errcode":40007,"errmsg":"invalid media_id"}', contentType })
    await expect(fetchMedia(account, { id: 'm' }, setUp().ctx)).rejects.toMatchObject({ reason: 'media_refused', platformCode: '40007' })
  })

  test('an expired token is renewed once', async () => {
    platform.answers(GET, { errcode: 42001, errmsg: 'access_token expired' }, binary('image/png'))
    expect(await bytesOf(await fetchMedia(account, { id: 'm' }, setUp().ctx))).toBe('bytes')
    expect(platform.tokensGiven).toBe(2)
  })

  test.each([[{}], [{ video_url: 'file:///etc/passwd' }], [{ video_url: 7 }]])(
    'an answer without file or address is refused: %j',
    async (answer) => {
      platform.answers(GET, answer)
      await expect(fetchMedia(account, { id: 'm' }, setUp().ctx)).rejects.toBeInstanceOf(PermanentFailure)
    },
  )

  test('an endless answer is not read to its end', async () => {
    platform.answers(GET, { raw: `{"a":"${'x'.repeat(100_000)}"}`, contentType: 'application/json' })
    await expect(fetchMedia(account, { id: 'm' }, setUp().ctx)).rejects.toBeInstanceOf(TransientFailure)
  })
})

describe('CH-01 the customer’s profile', () => {
  const INFO = '/cgi-bin/user/info'

  test('of a follower', async () => {
    platform.answers(INFO, {
      subscribe: 1,
      openid: 'o',
      language: 'zh_CN',
      subscribe_time: 1434093047,
      unionid: 'u1',
      remark: '王工',
      groupid: 0,
      tagid_list: [128],
      subscribe_scene: 'ADD_SCENE_QR_CODE',
      qr_scene: 98765,
      qr_scene_str: 'desk-1',
      nickname: '',
    })
    expect(await fetchProfile(account, 'o', setUp().ctx)).toEqual({
      subscribed: true,
      unionid: 'u1',
      detail: {
        language: 'zh_CN',
        remark: '王工',
        subscribedAt: '2015-06-12T07:10:47.000Z',
        subscribeScene: 'ADD_SCENE_QR_CODE',
        qrScene: 'desk-1',
      },
    })
    expect(platform.asked(INFO)[0]?.query).toEqual({ access_token: 'token-1', openid: 'o', lang: 'zh_CN' })
  })

  test('of somebody who does not follow', async () => {
    platform.answers(INFO, { subscribe: 0, openid: 'o' })
    expect(await fetchProfile(account, 'o', setUp().ctx)).toMatchObject({ subscribed: false })
  })
})

describe('CH-01 QR codes with a scene', () => {
  const CREATE = '/cgi-bin/qrcode/create'
  const created = () => JSON.parse(String(platform.asked(CREATE)[0]?.body))

  test('for a time', async () => {
    platform.answers(CREATE, { ticket: 'gQH/+a==', expire_seconds: 60, url: 'http://weixin.qq.com/q/1' })
    const code = await createQrCode(account, { scene: '前台', expiresInSeconds: 3600 }, setUp().ctx)
    expect(code).toEqual({ imageUrl: `${platform.base}/cgi-bin/showqrcode?ticket=gQH%2F%2Ba%3D%3D`, url: 'http://weixin.qq.com/q/1' })
    expect(created()).toEqual({ expire_seconds: 3600, action_name: 'QR_STR_SCENE', action_info: { scene: { scene_str: '前台' } } })
  })

  test('for ever', async () => {
    platform.answers(CREATE, { ticket: 't', url: 'u' })
    await createQrCode(account, { scene: '1' }, setUp().ctx)
    expect(created()).toEqual({ action_name: 'QR_LIMIT_STR_SCENE', action_info: { scene: { scene_str: '1' } } })
  })
})

describe('CH-01 the menu', () => {
  const INFO = '/cgi-bin/get_current_selfmenu_info'
  const buttons = [
    { type: 'click', name: '人工客服', key: 'AGENT' },
    { name: '更多', sub_button: [{ type: 'view', name: '官网', url: 'https://example.com/' }] },
  ]

  test('is read in the shape in which it is written', async () => {
    platform.answers(INFO, {
      is_menu_open: 1,
      selfmenu_info: {
        button: [buttons[0], { name: '更多', sub_button: { list: [{ type: 'view', name: '官网', url: 'https://example.com/' }] } }],
      },
    })
    expect(await readMenu(account, setUp().ctx)).toEqual(buttons)
  })

  test.each<[string, PlatformAnswer]>([
    ['an error', { errcode: 46003, errmsg: 'menu no exist' }],
    ['nothing', { is_menu_open: 0 }],
  ])('that does not exist is empty, when the platform says so by %s', async (_name, answer) => {
    platform.answers(INFO, answer)
    expect(await readMenu(account, setUp().ctx)).toEqual([])
  })

  test('is written as a whole, and deleted by an empty list', async () => {
    platform.answers('/cgi-bin/menu/create', { errcode: 0 })
    platform.answers('/cgi-bin/menu/delete', { errcode: 0 })
    await writeMenu(account, buttons, setUp().ctx)
    await writeMenu(account, [], setUp().ctx)
    expect(JSON.parse(String(platform.asked('/cgi-bin/menu/create')[0]?.body))).toEqual({ button: buttons })
    expect(platform.asked('/cgi-bin/menu/delete')[0]?.method).toBe('GET')
  })
})

describe('CH-01 the connection test', () => {
  test('passes with a token and a harmless call', async () => {
    platform.answers('/cgi-bin/getcallbackip', { ip_list: ['203.0.113.1'] })
    expect(await testConnection(account, setUp().ctx)).toEqual([
      { name: 'credentials', ok: true },
      { name: 'api', ok: true },
    ])
  })

  test('names what the platform refused, and the address it saw', async () => {
    platform.answers('/cgi-bin/stable_token', { errcode: 40164, errmsg: 'invalid ip 203.0.113.7, not in whitelist rid: 1' })
    expect(await testConnection(account, setUp().ctx)).toEqual([
      { name: 'credentials', ok: false, code: '40164', detail: '40164 invalid ip 203.0.113.7, not in whitelist rid: 1' },
    ])
  })

  test('tells a call that is not authorised from wrong credentials', async () => {
    platform.answers('/cgi-bin/getcallbackip', { errcode: 48001, errmsg: 'api unauthorized' })
    expect(await testConnection(account, setUp().ctx)).toMatchObject([
      { name: 'credentials', ok: true },
      { name: 'api', ok: false, code: '48001' },
    ])
  })
})
