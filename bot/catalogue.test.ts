import { describe, expect, test } from '@jest/globals'
import { createCatalogue } from './catalogue.ts'
import { discoverAdapters } from './discover.ts'
import { fakeAdapter } from './testing/fake-adapter.ts'

const entry = createCatalogue(new Map([['fake', fakeAdapter]])).get('fake')!

describe('what the core learns of a channel', () => {
  test('settings are JSON Schema; labels in two languages stand beside it and secrets are write-only', () => {
    expect(entry.configSchema).toMatchObject({
      type: 'object',
      additionalProperties: false,
      required: ['base', 'secret'],
      properties: {
        base: { type: 'string', 'x-title': { 'zh-CN': '地址', en: 'Address' } },
        secret: { type: 'string', minLength: 4, writeOnly: true },
      },
    })
    expect(JSON.stringify(entry.configSchema)).not.toMatch(/"(secret":true|title")/)
    expect(entry.secrets).toEqual(['secret'])
  })

  test('features are what the adapter can be asked for', () => {
    expect(entry.features).toEqual(['test'])
    expect(entry.capabilities).toBe(fakeAdapter.capabilities)
  })

  test('good settings pass; every fault names its field', () => {
    expect(entry.parseConfig({ base: 'https://a.example', secret: 'long enough' })).toEqual({
      config: { base: 'https://a.example', secret: 'long enough' },
    })
    expect(entry.parseConfig({ base: 'nowhere', other: 1 })).toEqual({
      faults: [
        { field: 'other', message: 'unknown_field' },
        { field: 'base', message: expect.any(String) },
        { field: 'secret', message: 'required' },
      ],
    })
  })
})

describe('the channels on disk', () => {
  test('are found by their folders, and each has settings that a form can be made from', async () => {
    const adapters = await discoverAdapters()
    expect([...adapters.keys()]).toEqual(expect.arrayContaining(['web', 'wechat-official']))
    for (const { kind, configSchema, secrets, features } of createCatalogue(adapters).kinds()) {
      expect([kind, configSchema['type']]).toEqual([kind, 'object'])
      expect([kind, secrets.length > 0, Array.isArray(features)]).toEqual([kind, true, true])
    }
  })

  test('the web channel knows its visitors by their signature alone', async () => {
    const web = createCatalogue(await discoverAdapters()).get('web')!
    const account = { id: '0190a000-0000-7000-8000-000000000000', config: { title: 'Shop', identitySecret: 's'.repeat(32) } }
    const claim = { id: 'anna', expiresAt: Math.floor(Date.now() / 1000) + 60, signature: '0'.repeat(64) }
    expect(web.identify?.(account, claim, new Date())).toBeNull()
  })
})
