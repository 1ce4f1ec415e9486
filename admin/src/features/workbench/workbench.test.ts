import { describe, expect, it } from '@jest/globals'
import type { Message } from '#api/contract/message.ts'
import type { OutboxEntry } from '../../stores/outbox-state.ts'
import { callsFor, composerBlock, windowView } from './reply-window.ts'
import { timelineRows } from './timeline-rows.ts'
import { fileProblem, partKind } from './upload-rules.ts'

const NOW = Date.parse('2026-11-22T08:00:00.000Z')
const at = (minutes: number): string => new Date(NOW + minutes * 60_000).toISOString()
const message = (seq: number, change: Partial<Message> = {}): Message => ({
  id: `m${seq}`,
  conversationId: 'c',
  seq,
  direction: 'inbound',
  author: { kind: 'customer', id: 'k', name: null, avatarUrl: null },
  parts: [{ type: 'text', text: String(seq) }],
  delivery: null,
  clientKey: null,
  recalledAt: null,
  occurredAt: at(seq),
  createdAt: at(seq),
  version: 1,
  ...change,
})
const entry = (clientKey: string): OutboxEntry => ({
  clientKey,
  conversationId: 'c',
  kind: 'reply',
  parts: [],
  preview: [],
  whenClosed: 'refuse',
  createdAt: at(3),
  state: 'waiting',
  code: null,
})
const rowsOf = (messages: Message[], change: Partial<Parameters<typeof timelineRows>[0]> = {}) =>
  timelineRows({ messages, reachedStart: true, pending: [], unreadAfter: null, ...change })

describe('the rows of a timeline', () => {
  it('begin with the day and join what one author writes within three minutes', () => {
    const rows = rowsOf([message(1), message(2), message(9)])
    expect(rows.map((row) => (row.kind === 'message' ? row.joined : row.kind))).toEqual(['day', false, true, false])
  })

  it('mark where the unread messages began, once', () => {
    const rows = rowsOf([message(1), message(2), message(3)], { unreadAfter: 1 })
    expect(rows.map(({ kind }) => kind)).toEqual(['day', 'message', 'unread', 'message', 'message'])
  })

  it('show a recalled message as a line', () => {
    expect(rowsOf([message(1, { recalledAt: at(2) })]).map(({ kind }) => kind)).toEqual(['day', 'recalled'])
  })

  it('keep the identity of a row when the stored message takes the place of the written one', () => {
    const before = rowsOf([message(1)], { pending: [entry('key')] }).at(-1)
    const after = rowsOf([message(1), message(2, { direction: 'outbound', clientKey: 'key' })]).at(-1)
    expect(after?.key).toBe(before?.key)
  })

  it('do not claim that a day begins where only loading began', () => {
    expect(rowsOf([message(1)], { reachedStart: false }).map(({ kind }) => kind)).toEqual(['message'])
  })
})

describe('CH-01 the reply window', () => {
  it('says how often and how long one may answer', () => {
    expect(windowView({ state: 'open', remaining: 3, closesAt: at(60) }, NOW)).toEqual({
      state: 'open',
      remaining: 3,
      secondsLeft: 3600,
      urgent: false,
    })
  })

  it('closes by the clock, before the server says so', () => {
    expect(windowView({ state: 'open', remaining: 3, closesAt: at(-1) }, NOW).state).toBe('closed')
  })

  it('tells no replies left from no time left', () => {
    expect(windowView({ state: 'spent', remaining: 0, closesAt: at(60) }, NOW).state).toBe('spent')
    expect(windowView({ state: 'closed', remaining: 4, closesAt: null }, NOW).state).toBe('closed')
  })

  it('has no limit where the channel has none', () => {
    expect(windowView({ state: 'open', remaining: null, closesAt: null }, NOW).state).toBe('unlimited')
  })

  it('counts the calls of a long text', () => {
    expect([callsFor(0, 2048), callsFor(2048, 2048), callsFor(2049, 2048)]).toEqual([1, 1, 2])
  })
})

describe('what the composer offers', () => {
  const input = { status: 'open' as const, canReply: false, canAccept: false, assigned: true }
  it('depends on who serves the conversation and how it stands', () => {
    expect(composerBlock({ ...input, canReply: true })).toBe('none')
    expect(composerBlock({ ...input, status: 'queued', canAccept: true, assigned: false })).toBe('queued')
    expect(composerBlock({ ...input, status: 'closed' })).toBe('ended')
    expect(composerBlock(input)).toBe('not_mine')
    expect(composerBlock({ ...input, assigned: false })).toBe('read_only')
  })
})

describe('a file for the customer', () => {
  const channel = { parts: ['text', 'image', 'file'], maxFileBytes: { image: 100 }, filesAsLinks: false }
  it('is refused before the upload when the channel cannot carry it', () => {
    expect(fileProblem({ size: 0, type: 'image/png' }, channel)).toEqual({ code: 'empty' })
    expect(fileProblem({ size: 101, type: 'image/png' }, channel)).toEqual({ code: 'too_large', maxBytes: 100 })
    expect(fileProblem({ size: 5, type: 'application/pdf' }, { ...channel, parts: ['text'] })).toEqual({
      code: 'unsupported',
      kind: 'file',
    })
    expect(fileProblem({ size: 5, type: 'application/pdf' }, { ...channel, parts: ['text'], filesAsLinks: true })).toBeNull()
  })

  it('goes as a plain file where the channel knows nothing better, and never as a drawing with scripts', () => {
    expect(partKind('video/mp4', channel)).toBe('file')
    expect(partKind('image/svg+xml', channel)).toBe('file')
    const wechat = { parts: ['audio', 'video'], fileTypes: { audio: ['audio/mpeg'] } }
    expect(partKind('audio/mpeg', wechat)).toBe('audio')
    expect(partKind('audio/wav', wechat)).toBe('file')
    expect(partKind('video/quicktime', wechat)).toBe('video')
  })
})
