import { describe, expect, it } from '@jest/globals'
import type { Conversation } from '#api/contract/conversation.ts'
import type { Message } from '#api/contract/message.ts'
import { afterMessage } from './after-message.ts'
import { comesToMe, deservesAlert, entersQueue } from './attention.ts'
import { reconnectDelay } from './backoff.ts'
import { missedBy } from './beacon.ts'

const inbound = { conversationId: 'c', direction: 'inbound', recalledAt: null } as Message
const mine = { assignee: { id: 'me' }, status: 'open' } as Conversation

describe('the beacon', () => {
  it('names what this browser has missed and nothing else', () => {
    const known: Record<string, { lastSeq: number | null; version: number | null } | undefined> = {
      a: { lastSeq: 5, version: 9 },
      b: { lastSeq: 4, version: 9 },
      c: { lastSeq: null, version: 3 },
    }
    const missed = missedBy({ a: [5, 9], b: [6, 9], c: [8, 4], d: [1, 1] }, (id) => known[id] ?? { lastSeq: null, version: null })
    expect(missed).toEqual({ timelines: ['b'], conversations: ['c', 'd'] })
  })
})

describe('the row of a conversation after a message', () => {
  const known = {
    id: 'c',
    version: 4,
    lastSeq: 7,
    unread: 0,
    waitingSince: '2026-01-01T00:00:00.000Z',
    staffReadSeq: 7,
    hasDraft: true,
  } as Conversation

  it('takes over what the message changed and keeps everything else', () => {
    expect(afterMessage(known, 5, { lastSeq: 8, unread: 1 })).toEqual({ ...known, lastSeq: 8, unread: 1, version: 5 })
  })

  it('stops the waiting clock when null is said, and lets it run when nothing is said', () => {
    expect(afterMessage(known, 5, { waitingSince: null })).toMatchObject({ waitingSince: null })
    expect(afterMessage(known, 5, {})).toMatchObject({ waitingSince: known.waitingSince })
  })

  it('is never undone by an echo of the same or an older version', () => {
    expect(afterMessage(known, 4, { unread: 9 })).toBe('unchanged')
    expect(afterMessage(known, 3, { unread: 9 })).toBe('unchanged')
  })

  it('is fetched when it is unknown or when a version in between was missed', () => {
    expect(afterMessage(undefined, 5, { unread: 1 })).toBe('fetch')
    expect(afterMessage(known, 6, { unread: 1 })).toBe('fetch')
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

  it('rings when a conversation is given to me, and not for the one I have just accepted on screen', () => {
    const queuedBefore = { ...mine, id: 'c', assignee: null, status: 'queued' } as Conversation
    expect(comesToMe(undefined, mine, situation)).toBe(true)
    expect(comesToMe(mine, mine, situation)).toBe(false)
    expect(comesToMe(queuedBefore, { ...mine, id: 'c' }, { ...situation, viewing: 'c' })).toBe(false)
  })
})
