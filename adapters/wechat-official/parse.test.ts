import { describe, expect, test } from '@jest/globals'
import type { InboundEvent } from '../contract/adapter.ts'
import { parse } from './parse.ts'
import { fixture, payloadFixtures } from './testing/account.ts'
import { writeXml, type XmlInput } from './xml.ts'

const one = (payload: string): InboundEvent => parse(payload)[0] ?? { kind: 'other', externalKey: '', occurredAt: '', from: null }
const message = (fields: { [name: string]: XmlInput }): InboundEvent =>
  one(writeXml({ ToUserName: 'gh_1', FromUserName: 'oCustomer', CreateTime: 1700000000, MsgId: '24090000000000001', ...fields }))
const event = (fields: { [name: string]: XmlInput }): InboundEvent =>
  one(writeXml({ ToUserName: 'gh_1', FromUserName: 'oCustomer', CreateTime: 1700000000, MsgType: 'event', ...fields }))

/** What the core is to make of every example of the platform's pages. */
const EXPECTED: Record<string, Partial<InboundEvent>> = {
  'text.xml': {
    kind: 'message',
    opens: 'message',
    externalKey: 'message:fromUser:1348831860:1234567890123456',
    occurredAt: '2012-09-28T11:31:00.000Z',
    from: { externalId: 'fromUser' },
    parts: [{ type: 'text', text: 'this is a test' }],
  },
  'text-from-article.xml': { kind: 'message', opens: 'message', detail: { articleId: '2247483657', articleIndex: '1' } },
  'text-menu-option.xml': { kind: 'message', opens: 'menu', parts: [{ type: 'text', text: '满意', menuOptionId: '101' }] },
  'image.xml': { kind: 'message', opens: 'message', parts: [{ type: 'image', mediaRef: { id: 'media_id' } }] },
  'voice.xml': { kind: 'message', opens: 'message', parts: [{ type: 'audio', mediaRef: { id: 'media_id', format: 'amr' } }] },
  'voice-recognition.xml': {
    kind: 'message',
    parts: [{ type: 'audio', mediaRef: { id: 'media_id', format: 'speex' }, transcript: '腾讯微信团队' }],
  },
  'video.xml': { kind: 'message', parts: [{ type: 'video', mediaRef: { id: 'media_id', thumbId: 'thumb_media_id' } }] },
  'shortvideo.xml': { kind: 'message', parts: [{ type: 'video', mediaRef: { id: 'media_id', thumbId: 'thumb_media_id' } }] },
  'location.xml': {
    kind: 'message',
    parts: [{ type: 'location', latitude: 23.134521, longitude: 113.358803, scale: 20, label: '位置信息' }],
  },
  'link.xml': {
    kind: 'message',
    parts: [{ type: 'link', url: 'https://mp.weixin.qq.com/', title: '公众平台官网链接', description: '公众平台官网链接' }],
  },
  'link-without-address.xml': { kind: 'message', parts: [{ type: 'text', text: '公众平台官网链接\n公众平台官网链接\nurl' }] },
  'unknown-message.xml': { kind: 'message', opens: 'message', parts: [{ type: 'unsupported', original: 'miniprogrampage' }] },
  'event-subscribe.xml': {
    kind: 'subscribed',
    opens: 'follow',
    from: { externalId: 'FromUser' },
    externalKey: 'event:FromUser:123456789:subscribe:',
  },
  'event-subscribe-qr.xml': { kind: 'subscribed', opens: 'follow', source: { kind: 'qr', label: '123123' } },
  'event-unsubscribe.xml': { kind: 'unsubscribed' },
  'event-scan.xml': { kind: 'entered', opens: 'scan', source: { kind: 'qr', label: 'SCENE_VALUE' } },
  'event-location.xml': {
    kind: 'other',
    detail: { Event: 'LOCATION', Latitude: '23.137466', Longitude: '113.352425', Precision: '119.385040' },
  },
  'event-click.xml': { kind: 'menu_clicked', opens: 'menu', source: { kind: 'menu', label: 'EVENTKEY' } },
  'event-view.xml': { kind: 'menu_clicked', source: { kind: 'menu', label: 'www.qq.com' } },
  'event-view-miniprogram.xml': { kind: 'menu_clicked', source: { kind: 'menu', label: 'pages/index/index' } },
  'event-scancode-push.xml': {
    kind: 'menu_clicked',
    opens: 'menu',
    detail: { Event: 'scancode_push', EventKey: '6', ScanCodeInfo: { ScanType: 'qrcode', ScanResult: '1' } },
  },
  'event-scancode-waitmsg.xml': { kind: 'menu_clicked', opens: 'menu', source: { kind: 'menu', label: '6' } },
  'event-pic-sysphoto.xml': { kind: 'menu_clicked', source: { kind: 'menu', label: '6' } },
  'event-pic-photo-or-album.xml': { kind: 'menu_clicked', source: { kind: 'menu', label: '6' } },
  'event-pic-weixin.xml': {
    kind: 'menu_clicked',
    detail: {
      Event: 'pic_weixin',
      EventKey: '6',
      SendPicsInfo: {
        Count: '2',
        PicList: { item: [{ PicMd5Sum: '5a75aaca956d97be686719218f275c6b' }, { PicMd5Sum: '1b5f7c23b5bf75682a53e7b6d163e185' }] },
      },
    },
  },
  'event-location-select.xml': { kind: 'menu_clicked', source: { kind: 'menu', label: '6' } },
  'event-template-success.xml': { kind: 'receipt', receipt: { externalId: '200163836', state: 'delivered' } },
  'event-template-blocked.xml': {
    kind: 'receipt',
    receipt: { externalId: '200163840', state: 'failed', reason: 'customer_refuses', platformCode: 'failed:user block' },
  },
  'event-template-failed.xml': {
    kind: 'receipt',
    receipt: { externalId: '200163840', state: 'failed', reason: 'rejected', platformCode: 'failed: system failed' },
  },
  'event-mass-send-finish.xml': { kind: 'other', from: null },
  'event-publish-finish.xml': {
    kind: 'other',
    from: null,
    detail: { Event: 'PUBLISHJOBFINISH', PublishEventInfo: { publish_id: '2247503051', publish_status: '2', fail_idx: ['1', '2'] } },
  },
  'event-subscribe-msg-popup.xml': {
    kind: 'other',
    detail: {
      Event: 'subscribe_msg_popup_event',
      SubscribeMsgPopupEvent: {
        List: [
          { TemplateId: 'VRR0UEO9VJOLs0MHlU0OilqX6MVFDwH3_3gz3Oc0NIc', SubscribeStatusString: 'accept', PopupScene: '2' },
          { TemplateId: '9nLIlbOQZC5Y89AZteFEux3WCXRRRG5Wfzkpssu4bLI', SubscribeStatusString: 'reject', PopupScene: '2' },
        ],
      },
    },
  },
  'event-subscribe-msg-change.xml': { kind: 'other', from: { externalId: 'otFpruAK8D-E6EfStSYonYSBZ8_4' } },
  'event-subscribe-msg-sent.xml': {
    kind: 'other',
    detail: {
      Event: 'subscribe_msg_sent_event',
      SubscribeMsgSentEvent: {
        List: {
          TemplateId: 'VRR0UEO9VJOLs0MHlU0OilqX6MVFDwH3_3gz3Oc0NIc',
          MsgID: '1700827132819554304',
          ErrorCode: '0',
          ErrorStatus: 'success',
        },
      },
    },
  },
  'event-kf-create-session.xml': { kind: 'other', detail: { Event: 'kf_create_session', KfAccount: 'test1@test' } },
  'event-kf-close-session.xml': { kind: 'other', detail: { Event: 'kf_close_session', KfAccount: 'test1@test' } },
  'event-kf-switch-session.xml': {
    kind: 'other',
    detail: { Event: 'kf_switch_session', FromKfAccount: 'test1@test', ToKfAccount: 'test2@test' },
  },
  'event-authorization-revoke.xml': { kind: 'authorization_revoked', from: { externalId: 'owAqB1nqaOYYWl0Ng484G2z5NIwU' } },
  'event-debug-demo.json': {
    kind: 'other',
    from: { externalId: 'o9AgO5Kd5ggOC-bXrbNODIiE3bGY' },
    occurredAt: '2024-04-26T06:20:45.000Z',
    detail: { Event: 'debug_demo', debug_str: 'hello world' },
  },
}

describe('CH-01 messages and events of the platform’s pages', () => {
  const payloads = payloadFixtures()

  test('each fixture has an expectation and names its source', () => {
    expect(Object.keys(EXPECTED).sort()).toEqual(Object.keys(payloads))
    expect(Object.keys(JSON.parse(fixture('sources.json'))).sort()).toEqual(Object.keys(payloads))
  })

  test.each(Object.entries(payloads))('%s', (name, payload) => {
    const events = parse(payload)
    expect(events).toHaveLength(1)
    expect(events[0]).toMatchObject(EXPECTED[name] ?? {})
  })

  test('only clicks and scans of a menu re-open the right to answer', () => {
    const silent = [
      'event-view.xml',
      'event-view-miniprogram.xml',
      'event-pic-weixin.xml',
      'event-location-select.xml',
      'event-unsubscribe.xml',
      'event-location.xml',
    ]
    for (const name of silent) expect(one(fixture(name))).not.toHaveProperty('opens')
  })

  test('a plain follow has no source', () => {
    expect(one(fixture('event-subscribe.xml'))).not.toHaveProperty('source')
  })
})

describe('CH-01 keys of messages and events', () => {
  test('a redelivery with its fields in another order has the same key', () => {
    const base = {
      ToUserName: 'gh_1',
      FromUserName: 'oCustomer',
      CreateTime: 1700000000,
      MsgType: 'event',
      Event: 'TEMPLATESENDJOBFINISH',
      MsgID: 7,
      Status: 'success',
    }
    const turned = Object.fromEntries(Object.entries(base).reverse())
    expect(one(writeXml(base)).externalKey).toBe(one(writeXml(turned)).externalKey)
  })

  test('XML and JSON of one message have the same key', () => {
    const fields = {
      ToUserName: 'gh_1',
      FromUserName: 'oCustomer',
      CreateTime: 1700000000,
      MsgType: 'text',
      Content: 'a',
      MsgId: '24099999999999999999',
    }
    const json = JSON.stringify(fields).replace('"24099999999999999999"', '24099999999999999999')
    expect(one(json)).toEqual(one(writeXml(fields)))
    expect(one(json).externalKey).toBe('message:oCustomer:1700000000:24099999999999999999')
  })

  test.each([
    ['sender', { FromUserName: 'oOther' }],
    ['second', { CreateTime: 1700000001 }],
    ['event', { Event: 'VIEW' }],
    ['key', { EventKey: 'other' }],
    ['content', { ScanCodeInfo: { ScanResult: '2' } }],
    ['number', { MsgID: 8 }],
  ])('events that differ in their %s differ in their key', (_name, change) => {
    const fields = { Event: 'CLICK', EventKey: 'key', ScanCodeInfo: { ScanResult: '1' }, MsgID: 7 }
    expect(event({ ...fields, ...change }).externalKey).not.toBe(event(fields).externalKey)
  })

  test('values that contain separators cannot be mistaken for others', () => {
    const keys = [
      event({ Event: 'a:b', EventKey: 'c' }),
      event({ Event: 'a', EventKey: 'b:c' }),
      event({ Event: 'a', EventKey: 'b', c: '' }),
    ].map(({ externalKey }) => externalKey)
    expect(new Set(keys).size).toBe(3)
  })

  test('stays short for an address of any length', () => {
    expect(event({ Event: 'VIEW', EventKey: `https://example.com/?${'x'.repeat(5000)}` }).externalKey.length).toBeLessThan(100)
  })

  test('a message without an id is known by its content', () => {
    const fields = { MsgType: 'text', Content: 'a', MsgId: '' }
    expect(message(fields).externalKey).toBe(message(fields).externalKey)
    expect(message({ ...fields, Content: 'b' }).externalKey).not.toBe(message(fields).externalKey)
  })
})

describe('CH-01 content as customers send it', () => {
  test('emotions stay the text codes that screens draw', () => {
    expect(message({ MsgType: 'text', Content: '谢谢[微笑]/::)😀' }).parts).toEqual([{ type: 'text', text: '谢谢[微笑]/::)😀' }])
  })

  test.each([
    ['an image without an id', { MsgType: 'image', PicUrl: 'https://example.com/a.jpg' }, 'image'],
    ['a place that is nowhere', { MsgType: 'location', Location_X: '91', Location_Y: '0' }, 'location'],
    ['a place without coordinates', { MsgType: 'location', Label: '这里' }, 'location'],
    ['an empty link', { MsgType: 'link' }, 'link'],
    ['a kind of tomorrow', { MsgType: 'hologram', Beam: 'x' }, 'hologram'],
    ['a name of any length', { MsgType: 'x'.repeat(500) }, 'x'.repeat(64)],
  ])('%s is kept as unsupported', (_name, fields, original) => {
    expect(message(fields)).toMatchObject({ kind: 'message', opens: 'message', parts: [{ type: 'unsupported', original }] })
  })

  test('titles and labels are cut to what the screens take, at a whole character', () => {
    const part = message({ MsgType: 'link', Title: '😀'.repeat(200) + 'a', Description: '描'.repeat(2000), Url: 'https://example.com/' })
      .parts?.[0]
    expect(part).toMatchObject({ type: 'link', description: '描'.repeat(1024) })
    expect(message({ MsgType: 'location', Location_X: '1', Location_Y: '2', Label: '地'.repeat(900) }).parts?.[0]).toMatchObject({
      label: '地'.repeat(500),
    })
  })

  test('a link to anything but the web is kept as text', () => {
    const part = message({ MsgType: 'link', Title: '点我', Url: 'javascript:alert(1)' }).parts?.[0]
    expect(part).toEqual({ type: 'text', text: '点我\njavascript:alert(1)' })
  })

  test('a time that is none is the beginning of time', () => {
    for (const CreateTime of ['', 'x', '-1', '99999999999999999999'])
      expect(message({ MsgType: 'text', CreateTime }).occurredAt).toBe('1970-01-01T00:00:00.000Z')
  })

  test('what is no message at all is kept with a key of its own', () => {
    expect(one('not xml')).toMatchObject({ kind: 'other', from: null, detail: { malformed: true } })
    expect(one('not xml').externalKey).not.toBe(one('not xml either').externalKey)
    expect(one('<xml><MsgType>text</MsgType><Content>a</Content></xml>')).toMatchObject({ kind: 'other', from: null })
  })

  test('a large event is named, its content stays in the ledger', () => {
    expect(event({ Event: 'big', Blob: 'x'.repeat(5000) }).detail).toEqual({ Event: 'big', truncated: true })
  })

  test('a template receipt keeps a 64-bit id of a JSON account', () => {
    const json =
      '{"FromUserName":"o","CreateTime":1,"MsgType":"event","Event":"TEMPLATESENDJOBFINISH","MsgID":2386374628302790656,"Status":"success"}'
    expect(one(json).receipt).toEqual({ externalId: '2386374628302790656', state: 'delivered' })
  })
})
