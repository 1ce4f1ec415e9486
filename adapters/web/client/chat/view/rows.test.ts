import { describe, expect, test } from '@jest/globals'
import { textEntry } from '../outbox.ts'
import { INITIAL_STATE, type ChatState } from '../state.ts'
import type { CustomerMessage } from '../wire.ts'
import { rowsOf } from './rows.ts'

const CONVERSATION = '00000000-0000-7000-8000-000000000001'
const message = (seq: number, createdAt: string, more: Partial<CustomerMessage> = {}): CustomerMessage => ({
  id: `m${seq}`,
  seq,
  direction: 'outbound',
  author: { kind: 'agent', name: '李娜', avatarUrl: null },
  parts: [{ type: 'text', text: '您好' }],
  clientKey: null,
  recalledAt: null,
  createdAt,
  version: 1,
  ...more,
})
const mine = { direction: 'inbound', author: { kind: 'customer', name: null, avatarUrl: null } } as const
const state = (messages: CustomerMessage[], more: Partial<ChatState> = {}): ChatState => ({
  ...INITIAL_STATE,
  loaded: true,
  timeline: {
    threads: [{ conversationId: CONVERSATION, messages, through: messages.length }],
    conversation: {
      id: CONVERSATION,
      status: 'open',
      agent: null,
      queueAhead: null,
      queue: null,
      choices: null,
      offHours: null,
      lastSeq: 9,
      staffReadSeq: 1,
      customerReadSeq: 0,
      version: 1,
    },
    earlier: null,
  },
  ...more,
})
const session = { token: 't', expiresAt: '', title: '客服', welcome: '您好', accent: null, identified: false }

describe('CH-01 the lines of the log', () => {
  test('a line for each day', () => {
    const rows = rowsOf(state([message(1, '2026-11-20T12:00:00'), message(2, '2026-11-20T12:01:00'), message(3, '2026-11-22T12:00:00')]))
    expect(rows.map(({ kind }) => kind)).toEqual(['day', 'message', 'message', 'day', 'message'])
  })

  test('words in one breath share one name and one time', () => {
    const rows = rowsOf(state([message(1, '2026-11-22T12:00:00'), message(2, '2026-11-22T12:01:00'), message(3, '2026-11-22T12:09:00')]))
    expect(rows.flatMap((row) => (row.kind === 'message' ? [[row.head, row.foot]] : []))).toEqual([
      [true, false],
      [false, true],
      [true, true],
    ])
  })

  test("the customer's messages are read up to where staff has read", () => {
    const rows = rowsOf(state([message(1, '2026-11-22T12:00:00', mine), message(2, '2026-11-22T12:00:10', mine)]))
    expect(rows.flatMap((row) => (row.kind === 'message' ? [row.read] : []))).toEqual([true, false])
  })

  test('a bubble on its way and its echo have the same key: the one becomes the other in place', () => {
    const local = rowsOf(state([], { outbox: [textEntry('key-1', '在吗', Date.parse('2026-11-22T12:00:00'))] }))
    const echoed = rowsOf(state([message(1, '2026-11-22T12:00:01', { ...mine, clientKey: 'key-1' })]))
    expect(local.at(-1)?.key).toBe(echoed.at(-1)?.key)
  })

  test('the welcome stands at the very beginning, not above a page in the middle', () => {
    const messages = [message(1, '2026-11-22T12:00:00')]
    expect(rowsOf(state(messages, { session }))[0]).toMatchObject({ kind: 'welcome', text: '您好' })
    const middle = state(messages, { session })
    const paged = { ...middle, timeline: { ...middle.timeline, earlier: { conversationId: CONVERSATION, beforeSeq: 1 } } }
    expect(rowsOf(paged)[0]?.kind).toBe('day')
  })
})
