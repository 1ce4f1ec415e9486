import { describe, expect, jest, test } from '@jest/globals'
import { z } from 'zod'
import { messagePartSchema } from '#api/contract/message.ts'
import type { InboundEvent } from '../contract/adapter.ts'
import type { Subject } from './describe-adapter.ts'

const KINDS = [
  'message',
  'receipt',
  'subscribed',
  'unsubscribed',
  'entered',
  'menu_clicked',
  'recalled',
  'authorization_revoked',
  'other',
] as const

const text = z.string().refine((value) => value.isWellFormed() && !value.includes('\u0000'))
const mediaPart = z.strictObject({
  type: z.enum(['image', 'audio', 'video', 'file']),
  mediaRef: z.strictObject({ id: text.min(1), format: text.optional(), thumbId: text.optional() }),
  name: text.optional(),
  transcript: text.optional(),
})
/** What the core relies on; a key longer than this would not fit its index. */
const inboundEvent = z.strictObject({
  kind: z.enum(KINDS),
  externalKey: text.min(1).max(512),
  occurredAt: z.iso.datetime(),
  from: z.strictObject({ externalId: text.min(1), unionid: text.optional(), name: text.optional(), avatarUrl: text.optional() }).nullable(),
  opens: text.optional(),
  source: z.strictObject({ kind: text.min(1), label: text }).optional(),
  parts: z
    .array(z.union([mediaPart, messagePartSchema]))
    .min(1)
    .optional(),
  receipt: z
    .strictObject({
      externalId: text.min(1),
      state: z.enum(['delivered', 'read', 'failed']),
      reason: text.optional(),
      platformCode: text.optional(),
    })
    .optional(),
  recalledKey: text.optional(),
  detail: z.record(z.string(), z.unknown()).optional(),
})

const NONSENSE = [
  '',
  ' ',
  'null',
  'true',
  '0',
  '"text"',
  '[]',
  '{}',
  '[1]',
  '{"a":null}',
  '<',
  '<xml',
  '<xml>',
  '<xml/>',
  '<xml></xml>',
  '<xml>text</xml>',
  '<a><b></a></b>',
  '<!DOCTYPE xml [<!ENTITY a "b">]><xml>&a;</xml>',
  '\u0000',
  '\ud800',
  '<xml><MsgType>\ud800</MsgType></xml>',
  '{"MsgType":{"__proto__":{"polluted":1}}}',
  '{"__proto__":{"polluted":1},"constructor":{"prototype":{"polluted":1}}}',
  '<xml><__proto__><polluted>1</polluted></__proto__></xml>',
  'é'.repeat(5000),
]

export function describeParse<Config>({ adapter, account, samples }: Subject<Config>): void {
  const parse = (payload: string): InboundEvent[] => adapter.parse?.(payload, account) ?? []
  const payloads = Object.entries(samples.payloads ?? {})
  const allowances = adapter.capabilities.replyAllowances

  describe('parse', () => {
    test('has samples to work on', () => {
      expect(payloads).not.toHaveLength(0)
    })

    test.each(payloads)('understands %s in the shape the core expects', (_name, payload) => {
      const events = parse(payload)
      expect(events).not.toHaveLength(0)
      for (const event of events) expectSound(event)
      for (const event of events.filter(({ kind }) => kind === 'message')) {
        expect(event.from).not.toBeNull()
        expect(event.parts).toBeDefined()
      }
      for (const event of events.filter(({ kind }) => kind === 'receipt')) expect(event.receipt).toBeDefined()
    })

    test('re-opens only allowances that the capabilities name', () => {
      const opened = payloads.flatMap(([, payload]) => parse(payload).flatMap(({ opens }) => opens ?? []))
      expect(opened.filter((name) => allowances !== null && !(name in allowances))).toEqual([])
    })

    test('gives a redelivery the same key, whatever the clock says', () => {
      const at = (now: string) => {
        jest.useFakeTimers({ now: new Date(now) })
        const events = payloads.map(([, payload]) => parse(payload))
        jest.useRealTimers()
        return events
      }
      expect(at('2001-01-01')).toEqual(at('2050-01-01'))
    })

    test('gives different events different keys', () => {
      const keys = payloads.flatMap(([, payload]) => parse(payload).map(({ externalKey }) => externalKey))
      expect(new Set(keys).size).toBe(keys.length)
    })

    test('never fails on what it does not understand', () => {
      const cut = payloads.flatMap(([, payload]) => [
        payload.slice(0, payload.length >> 1),
        payload.slice(payload.length >> 1),
        `${payload}${payload}`,
      ])
      for (const payload of [...NONSENSE, ...cut]) for (const event of parse(payload)) expectSound(event)
      expect(Object.prototype).not.toHaveProperty('polluted')
    })
  })
}

function expectSound(event: InboundEvent): void {
  const result = inboundEvent.safeParse(event)
  expect(result.error?.issues ?? []).toEqual([])
  expect(JSON.parse(JSON.stringify(event))).toEqual(event)
}
