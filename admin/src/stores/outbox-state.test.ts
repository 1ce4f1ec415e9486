import { describe, expect, it } from '@jest/globals'
import { failed, queued, requeued, restored, sendable, settled, started, type Outbox, type OutboxEntry } from './outbox-state.ts'

const entry = (clientKey: string, conversationId = 'c1', change: Partial<OutboxEntry> = {}): OutboxEntry => ({
  clientKey,
  conversationId,
  kind: 'reply',
  parts: [{ type: 'text', text: clientKey }],
  preview: [{ type: 'text', text: clientKey }],
  whenClosed: 'refuse',
  createdAt: '2026-11-22T08:00:00.000Z',
  state: 'waiting',
  code: null,
  ...change,
})
const keys = (outbox: Outbox): string[] => outbox.map(({ clientKey }) => clientKey)

describe('the outbox', () => {
  it('sends one message of a conversation at a time, so that they arrive as written', () => {
    const outbox = [entry('a'), entry('b'), entry('x', 'c2')]
    expect(keys(sendable(outbox))).toEqual(['a', 'x'])
    expect(keys(sendable(started(outbox, 'a')))).toEqual(['x'])
  })

  it('keeps a message that lost its connection in line with the same key', () => {
    const outbox = failed(started([entry('a'), entry('b')], 'a'), 'a', 'offline')
    expect(keys(sendable(outbox))).toEqual(['a'])
    expect(outbox[0]?.state).toBe('waiting')
  })

  it('does not try again by itself what the server refused, and lets the next message go', () => {
    const outbox = failed(started([entry('a'), entry('b')], 'a'), 'a', 'reply_window_closed')
    expect(outbox[0]).toMatchObject({ state: 'refused', code: 'reply_window_closed' })
    expect(keys(sendable(outbox))).toEqual(['b'])
  })

  it('tries a refused message again when the writer says so', () => {
    const outbox = requeued(failed([entry('a')], 'a', 'attachment_not_ready'), 'a')
    expect(keys(sendable(outbox))).toEqual(['a'])
  })

  it('takes a message off once the server has it, and never twice in', () => {
    expect(settled([entry('a'), entry('b')], 'a').map(({ clientKey }) => clientKey)).toEqual(['b'])
    expect(queued([entry('a')], entry('a'))).toHaveLength(1)
  })

  it('sends an interrupted request again after a reload, with its old key', () => {
    expect(restored([entry('a', 'c1', { state: 'sending' }), entry('b', 'c2', { state: 'refused' })]).map(({ state }) => state)).toEqual([
      'waiting',
      'refused',
    ])
  })
})
