import { describe, expect, it } from '@jest/globals'
import type { Conversation } from '#api/contract/conversation.ts'
import type { Message } from '#api/contract/message.ts'
import { deservesAlert, entersQueue } from './attention.ts'
import { reconnectDelay } from './backoff.ts'
import { missedBy } from './beacon.ts'

const inbound = { conversationId: 'c', direction: 'inbound', recalledAt: null } as Message
const mine = { assignee: { id: 'me' }, status: 'open' } as Conversation

describe('the beacon', () => {
  it('names what this browser has missed and nothing else', () => {
    const known = { a: { lastSeq: 5, version: 9 }, b: { lastSeq: 4, version: 9 }, c: { lastSeq: null, version: 3 } }
    const missed = missedBy(
      { a: [5, 9], b: [6, 9], c: [8, 4], d: [1, 1] },
      (id) => known[id as keyof typeof known] ?? { lastSeq: null, version: null },
    )
    expect(missed).toEqual({ timelines: ['b'], conversations: ['c', 'd'] })
  })
})

describe('reconnecting', () => {
  it('waits longer each time, up to a limit, and never all at the same instant', () => {
    expect(reconnectDelay(0, 0.5)).toBe(500)
    expect(reconnectDelay(3, 0.5)).toBe(4000)
    expect(reconnectDelay(30, 0.5)).toBe(20_000)
    expect(reconnectDelay(3, 0)).toBeLessThan(reconnectDelay(3, 0.99))
  })
})

describe('a new message', () => {
  const situation = { meId: 'me', viewing: null, focused: true }

  it('calls for attention when it is for me', () => {
    expect(deservesAlert(inbound, mine, situation)).toBe(true)
    expect(deservesAlert(inbound, { ...mine, assignee: { id: 'other', name: '', avatarUrl: null } }, situation)).toBe(false)
  })

  it('is silent in the conversation that is being read, and rings when the window is elsewhere', () => {
    expect(deservesAlert(inbound, mine, { ...situation, viewing: 'c' })).toBe(false)
    expect(deservesAlert(inbound, mine, { ...situation, viewing: 'c', focused: false })).toBe(true)
  })

  it('is silent when staff wrote it', () => {
    expect(deservesAlert({ ...inbound, direction: 'outbound' }, mine, situation)).toBe(false)
  })

  it('rings once when a conversation comes into the queue', () => {
    const waiting = { ...mine, status: 'queued' } as Conversation
    expect(entersQueue(undefined, waiting)).toBe(true)
    expect(entersQueue(waiting, waiting)).toBe(false)
    expect(entersQueue(mine, mine)).toBe(false)
  })
})
