import { afterEach, beforeEach, describe, expect, test } from '@jest/globals'
import { readSample } from './samples/sample-media.ts'
import type { SimulatedCustomer } from './index.ts'
import { ACCOUNT, startHarness, type Harness } from './testing/harness.ts'

const DAY = 86_400_000
let platform: Harness
let customer: SimulatedCustomer
let token: string
beforeEach(async () => {
  platform = await startHarness()
  customer = platform.simulator.addCustomer({ appId: ACCOUNT.appId, nickname: '李雷', unionId: 'oUnionLiLei' })
  token = await platform.token()
})
afterEach(() => platform.stop())

const sample = (name: string) => Uint8Array.from(readSample(name) ?? [])
const download = (mediaId: string) => fetch(`${platform.base}/cgi-bin/media/get?access_token=${token}&media_id=${mediaId}`)

describe('media', () => {
  test('what was uploaded comes back for three days, then no more', async () => {
    const { media_id: mediaId, ...rest } = await platform.upload(token, 'image', sample('image'))
    expect(rest).toMatchObject({ type: 'image', created_at: 1_795_320_000 })
    const response = await download(String(mediaId))
    expect(response.headers.get('content-type')).toBe('image/jpeg')
    expect(response.headers.get('content-disposition')).toBe(`attachment; filename="${String(mediaId)}.jpg"`)
    expect(Buffer.from(await response.arrayBuffer()).equals(readSample('image') ?? Buffer.alloc(0))).toBe(true)
    await platform.simulator.clock.advance(3 * DAY)
    token = await platform.token()
    const gone = await download(String(mediaId))
    expect(gone.headers.get('content-type')).toContain('json')
    expect(await gone.json()).toMatchObject({ errcode: 40007 })
  })

  test('a video is answered as an address', async () => {
    const { media_id: mediaId } = await platform.upload(token, 'video', sample('video'))
    const { video_url: address } = (await (await download(String(mediaId))).json()) as { video_url: string }
    const video = await fetch(address)
    expect(video.headers.get('content-type')).toBe('video/mp4')
    expect(Buffer.from(await video.arrayBuffer()).length).toBe(readSample('video')?.length)
  })

  test('kinds, formats, sizes and lengths are checked', async () => {
    const upload = async (type: string, data: Uint8Array<ArrayBuffer>) => (await platform.upload(token, type, data))['errcode']
    expect(await upload('file', sample('image'))).toBe(40004)
    expect(await upload('image', sample('voice'))).toBe(40005)
    const large = new Uint8Array(65_537)
    large.set(sample('thumb'))
    expect(await upload('thumb', large)).toBe(40012)
    const minuteAndMore = Buffer.concat([Buffer.from('#!AMR\n'), Buffer.alloc(3_001, 0x7c)])
    expect(await upload('voice', Uint8Array.from(minuteAndMore))).toBe(45007)
    expect(await platform.post('/cgi-bin/media/upload', { access_token: token, type: 'image' }, 'no form')).toMatchObject({
      errcode: 41005,
    })
  })

  test('an article image gets an address of its own', async () => {
    const { url } = await platform.upload(token, '', sample('image'), 'a.jpg', '/cgi-bin/media/uploadimg')
    expect((await fetch(String(url))).headers.get('content-type')).toBe('image/jpeg')
  })

  test('pictures of customers can be fetched by their id', async () => {
    await customer.image({ sample: 'screenshot' })
    const content = customer.phone()[0]
    const mediaId = content?.side === 'customer' && content.content.type === 'image' ? content.content.mediaId : ''
    expect((await download(mediaId)).headers.get('content-type')).toBe('image/png')
  })
})

describe('codes with a scene', () => {
  const create = (body: unknown) => platform.post('/cgi-bin/qrcode/create', { access_token: token }, body)

  test('a temporary code has a picture until it expires, and scanning it names the scene', async () => {
    const code = await create({ expire_seconds: 600, action_name: 'QR_STR_SCENE', action_info: { scene: { scene_str: 'desk-7' } } })
    expect(code).toMatchObject({ expire_seconds: 600, url: expect.stringMatching(/^http:\/\/weixin\.qq\.com\/q\//) })
    const show = () => fetch(`${platform.base}/cgi-bin/showqrcode?ticket=${encodeURIComponent(String(code['ticket']))}`)
    const picture = await show()
    expect(picture.headers.get('content-type')).toBe('image/jpg')
    expect(
      Buffer.from(await picture.arrayBuffer())
        .subarray(0, 3)
        .toString('hex'),
    ).toBe('ffd8ff')
    await customer.act({ type: 'scan', url: String(code['url']) })
    expect(customer.phone().at(-1)).toMatchObject({ notice: 'scanned', detail: 'desk-7' })
    await platform.simulator.clock.advance(600_000)
    expect((await show()).status).toBe(404)
    await expect(customer.act({ type: 'scan', ticket: String(code['ticket']) })).rejects.toThrow('expired')
  })

  test('scenes outside their ranges are refused', async () => {
    const scene = (action_name: string, scene: unknown) => create({ action_name, action_info: { scene } })
    expect(await scene('QR_LIMIT_SCENE', { scene_id: 100_000 })).not.toHaveProperty('expire_seconds')
    for (const [action, value] of [
      ['QR_LIMIT_SCENE', { scene_id: 100_001 }],
      ['QR_SCENE', { scene_id: 0 }],
      ['QR_STR_SCENE', { scene_str: 'x'.repeat(65) }],
      ['QR_CARD', {}],
    ] as const) {
      expect(await scene(action, value)).toMatchObject({ errcode: 40053 })
    }
  })
})

describe('users', () => {
  test('followers are described without name or picture; who left shows nothing but ids', async () => {
    const read = () => platform.get('/cgi-bin/user/info', { access_token: token, openid: customer.openId })
    expect(await read()).toMatchObject({
      subscribe: 1,
      openid: customer.openId,
      unionid: 'oUnionLiLei',
      subscribe_scene: 'ADD_SCENE_SEARCH',
    })
    expect(await read()).not.toHaveProperty('nickname')
    await customer.unfollow()
    expect(await read()).toEqual({ subscribe: 0, openid: customer.openId, unionid: 'oUnionLiLei' })
    platform.simulator.updateAccount(ACCOUNT.appId, { unionBound: false })
    expect(await read()).toEqual({ subscribe: 0, openid: customer.openId })
  })

  test('lists, batches and remarks', async () => {
    const query = { access_token: token }
    expect(await platform.get('/cgi-bin/user/get', query)).toEqual({
      total: 1,
      count: 1,
      data: { openid: [customer.openId] },
      next_openid: customer.openId,
    })
    expect(await platform.post('/cgi-bin/user/info/updateremark', query, { openid: customer.openId, remark: '老客户' })).toMatchObject({
      errcode: 0,
    })
    expect(await platform.post('/cgi-bin/user/info/batchget', query, { user_list: [{ openid: customer.openId }] })).toMatchObject({
      user_info_list: [{ remark: '老客户' }],
    })
    expect(
      await platform.post('/cgi-bin/user/info/updateremark', query, { openid: customer.openId, remark: '长'.repeat(31) }),
    ).toMatchObject({ errcode: 40035 })
  })
})

test('the menu is checked, kept, read in its stored form and deleted', async () => {
  const query = { access_token: token }
  const create = (button: unknown) => platform.post('/cgi-bin/menu/create', query, { button })
  expect(await create([])).toMatchObject({ errcode: 40016 })
  expect(await create([{ type: 'jump', name: 'a' }])).toMatchObject({ errcode: 40017 })
  expect(await create([{ type: 'click', name: '太长太长太长的名字', key: 'k' }])).toMatchObject({ errcode: 40018 })
  const sub_button = [{ type: 'view', name: '官网', url: 'https://example.com/' }]
  expect(await create([{ name: '更多', sub_button }])).toMatchObject({ errcode: 0 })
  expect(await platform.get('/cgi-bin/get_current_selfmenu_info', query)).toEqual({
    is_menu_open: 1,
    selfmenu_info: { button: [{ name: '更多', sub_button: { list: sub_button } }] },
  })
  expect(await platform.get('/cgi-bin/menu/delete', query)).toMatchObject({ errcode: 0 })
  expect(await platform.get('/cgi-bin/get_current_selfmenu_info', query)).toEqual({ is_menu_open: 0 })
})

test('the page ticket stays the same for two hours', async () => {
  const read = () => platform.get('/cgi-bin/ticket/getticket', { access_token: token, type: 'jsapi' })
  const first = await read()
  expect(first).toMatchObject({ errcode: 0, expires_in: 7200 })
  expect((await read())['ticket']).toBe(first['ticket'])
})

describe('web authorisation', () => {
  const REDIRECT = 'https://shop.example.com/back?x=1'
  const authorize = (more: Record<string, string> = {}, headers: Record<string, string> = {}) => {
    const query = {
      appid: ACCOUNT.appId,
      redirect_uri: REDIRECT,
      response_type: 'code',
      scope: 'snsapi_userinfo',
      state: 'abc123',
      ...more,
    }
    return fetch(`${platform.base}/connect/oauth2/authorize?${new URLSearchParams(query).toString()}`, { redirect: 'manual', headers })
  }
  const agree = async (more: Record<string, string> = {}) => {
    const response = await authorize({ simulator_answer: 'agree', simulator_openid: customer.openId, ...more })
    return new URL(response.headers.get('location') ?? '')
  }
  const exchange = (code: string, more: Record<string, string> = {}) =>
    platform.get('/sns/oauth2/access_token', {
      appid: ACCOUNT.appId,
      secret: ACCOUNT.appSecret,
      code,
      grant_type: 'authorization_code',
      ...more,
    })

  test('the page asks, agreement leads back with a code that works once', async () => {
    expect(await (await authorize()).text()).toContain('李雷')
    const back = await agree()
    expect([back.searchParams.get('x'), back.searchParams.get('state')]).toEqual(['1', 'abc123'])
    const code = back.searchParams.get('code') ?? ''
    const grant = await exchange(code)
    expect(grant).toMatchObject({ openid: customer.openId, unionid: 'oUnionLiLei', scope: 'snsapi_userinfo', expires_in: 7200 })
    expect(await exchange(code)).toMatchObject({ errcode: 40163 })
    const query = { access_token: String(grant['access_token']), openid: customer.openId }
    expect(await platform.get('/sns/userinfo', query)).toMatchObject({ nickname: '李雷', sex: 0, unionid: 'oUnionLiLei' })
    expect(await platform.get('/sns/auth', query)).toMatchObject({ errcode: 0 })
    const refresh = { appid: ACCOUNT.appId, grant_type: 'refresh_token', refresh_token: String(grant['refresh_token']) }
    expect(await platform.get('/sns/oauth2/refresh_token', refresh)).toMatchObject({
      openid: customer.openId,
      refresh_token: grant['refresh_token'],
    })
    await platform.simulator.clock.advance(30 * DAY)
    expect(await platform.get('/sns/oauth2/refresh_token', refresh)).toMatchObject({ errcode: 42002 })
    expect(await platform.get('/sns/auth', query)).toMatchObject({ errcode: 42001 })
  })

  test('a code is good for five minutes and for its own account', async () => {
    const code = (await agree()).searchParams.get('code') ?? ''
    expect(await exchange(code, { secret: 'wrong' })).toMatchObject({ errcode: 40125 })
    await platform.simulator.clock.advance(300_000)
    expect(await exchange(code)).toMatchObject({ errcode: 40029 })
    expect(await exchange('081nothing')).toMatchObject({ errcode: 40029 })
  })

  test('on a phone the base scope asks nobody; a snapshot is a virtual user', async () => {
    const silent = await authorize({ scope: 'snsapi_base' }, { cookie: `simulator_phone=${ACCOUNT.appId}:${customer.openId}` })
    const grant = await exchange(new URL(silent.headers.get('location') ?? '').searchParams.get('code') ?? '')
    expect(grant).toMatchObject({ openid: customer.openId, scope: 'snsapi_base' })
    expect(await platform.get('/sns/userinfo', { access_token: String(grant['access_token']), openid: customer.openId })).toMatchObject({
      errcode: 48001,
    })
    const snapshot = await exchange((await agree({ simulator_snapshot: '1' })).searchParams.get('code') ?? '')
    expect(snapshot).toMatchObject({ is_snapshotuser: 1 })
    expect(snapshot['openid']).not.toBe(customer.openId)
    expect(snapshot).not.toHaveProperty('unionid')
  })

  test('refusal leads back without a code; a foreign domain or scope is shown as an error', async () => {
    expect((await agree({ simulator_answer: 'refuse' })).searchParams.has('code')).toBe(false)
    platform.simulator.updateAccount(ACCOUNT.appId, { oauthDomain: 'other.example.com' })
    expect(await (await authorize()).text()).toContain('10003')
    expect(await (await authorize({ redirect_uri: 'https://other.example.com/', scope: 'snsapi_login' })).text()).toContain('10005')
  })

  test('a website login has its own openid and the same unionid', async () => {
    platform.simulator.addWebsite({ appId: 'wxsite', appSecret: 'site-secret', name: '连客后台' })
    const query = {
      appid: 'wxsite',
      redirect_uri: REDIRECT,
      response_type: 'code',
      scope: 'snsapi_login',
      state: '~any~',
      simulator_answer: 'agree',
      simulator_openid: customer.openId,
    }
    const response = await fetch(`${platform.base}/connect/qrconnect?${new URLSearchParams(query).toString()}`, { redirect: 'manual' })
    const code = new URL(response.headers.get('location') ?? '').searchParams.get('code') ?? ''
    const grant = await exchange(code, { appid: 'wxsite', secret: 'site-secret' })
    expect(grant).toMatchObject({ unionid: 'oUnionLiLei', scope: 'snsapi_login' })
    expect(grant['openid']).not.toBe(customer.openId)
  })
})
