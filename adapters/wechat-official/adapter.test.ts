import { describeAdapter } from '../testing/describe-adapter.ts'
import wechatOfficial from './index.ts'
import { NOW, SETTINGS, fixture, payloadFixtures, sealedCallback } from './testing/account.ts'

/** The platform's pages give one MsgId to all their examples. */
function distinct(payloads: Record<string, string>): Record<string, string> {
  const entries = Object.entries(payloads)
  return Object.fromEntries(
    entries.map(([name, payload], index) => [name, payload.replace('1234567890123456', `12345678901234${10 + index}`)]),
  )
}

describeAdapter(wechatOfficial, {
  configs: [
    SETTINGS,
    { ...SETTINGS, mode: 'compatible', originalId: 'gh_10f6c3c3ac5a', apiBase: 'http://127.0.0.1:8080', timestampToleranceSeconds: 300 },
    { appId: SETTINGS.appId, appSecret: SETTINGS.appSecret, token: SETTINGS.token, mode: 'plain' },
    { ...SETTINGS, templates: [{ id: 'TM00015', name: '工单进度', content: '工单{{thing1.DATA}}已{{phrase2.DATA}}' }] },
  ],
  callback: { request: sealedCallback(fixture('text.xml')), now: NOW },
  payloads: distinct(payloadFixtures()),
})
