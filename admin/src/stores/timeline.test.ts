import { describe, expect, it } from '@jest/globals'
import type { Message } from '#api/contract/message.ts'
import {
  appended,
  continued,
  emptyTimeline,
  firstSeq,
  lastSeq,
  opened,
  prepended,
  received,
  restarted,
  settledKeys,
  type Timeline,
} from './timeline.ts'

const message = (seq: number, change: Partial<Message> = {}): Message => ({
  id: `m${seq}`,
  conversationId: 'c',
  seq,
  direction: 'inbound',
  author: { kind: 'customer', id: null, name: null, avatarUrl: null },
  parts: [{ type: 'text', text: String(seq) }],
  delivery: null,
  clientKey: null,
  recalledAt: null,
  occurredAt: '2026-11-22T08:00:00.000Z',
  createdAt: '2026-11-22T08:00:00.000Z',
  version: 1,
  ...change,
})
const range = (from: number, to: number): Message[] => Array.from({ length: to - from + 1 }, (_, index) => message(from + index))
const loaded = (from: number, to: number, reachedStart = from === 1): Timeline => ({ messages: range(from, to), reachedStart })
const seqs = (timeline: Timeline): number[] => timeline.messages.map(({ seq }) => seq)

describe('the timeline of one conversation', () => {
  it('takes the next message at its end', () => {
    const { timeline, missingAfter } = received(loaded(1, 3), message(4))
    expect(seqs(timeline)).toEqual([1, 2, 3, 4])
    expect(missingAfter).toBeNull()
  })

  it('asks for what is missing instead of showing a hole', () => {
    const before = loaded(1, 3)
    expect(received(before, message(6))).toEqual({ timeline: before, missingAfter: 3 })
  })

  it('shows a message once, however often and in whatever way it arrives', () => {
    const echo = message(4, { clientKey: 'k' })
    let timeline = received(loaded(1, 3), echo).timeline
    timeline = received(timeline, { ...echo }).timeline
    timeline = appended(timeline, [echo])
    expect(seqs(timeline)).toEqual([1, 2, 3, 4])
    expect([...settledKeys(timeline)]).toEqual(['k'])
  })

  it('keeps a newer delivery state when an older echo comes late', () => {
    const sent = message(3, { direction: 'outbound', delivery: { state: 'sent' }, version: 2 })
    const pending = message(3, { direction: 'outbound', delivery: { state: 'pending' }, version: 1 })
    const after = received(received(loaded(1, 2), sent).timeline, pending).timeline
    expect(after.messages[2]?.delivery?.state).toBe('sent')
  })

  it('replaces the right row when the loaded stretch does not begin with the first message', () => {
    const after = received(loaded(101, 150), message(120, { recalledAt: '2026-11-22T09:00:00.000Z', version: 2 })).timeline
    expect(after.messages[19]?.recalledAt).not.toBeNull()
    expect(after.messages).toHaveLength(50)
  })

  it('leaves a change of a message that is not loaded to paging', () => {
    const before = loaded(101, 150)
    expect(received(before, message(7, { version: 9 })).timeline).toBe(before)
  })

  it('puts older pages before the loaded ones and knows the first page by its shortness', () => {
    const once = prepended(loaded(101, 150, false), range(51, 100), 50)
    expect([firstSeq(once), lastSeq(once), once.reachedStart]).toEqual([51, 150, false])
    const all = prepended(once, range(1, 50), 50)
    expect([firstSeq(all), all.messages.length, all.reachedStart]).toEqual([1, 150, true])
  })

  it('drops the doubles of an overlapping older page', () => {
    expect(seqs(prepended(loaded(3, 5), range(1, 4), 50))).toEqual([1, 2, 3, 4, 5])
  })

  it('keeps what was pushed while the newest page was being fetched', () => {
    const pushed = received(loaded(1, 4), message(5)).timeline
    expect(seqs(restarted(pushed, range(1, 4), 50))).toEqual([1, 2, 3, 4, 5])
  })

  it('keeps a newer version over the same message of a fetched page', () => {
    const known = received(loaded(1, 2), message(2, { version: 3, recalledAt: '2026-11-22T09:00:00.000Z' })).timeline
    expect(restarted(known, range(1, 2), 50).messages[1]?.version).toBe(3)
  })

  it('begins with the very first message of a conversation and asks for the others otherwise', () => {
    expect(seqs(received(emptyTimeline, message(1)).timeline)).toEqual([1])
    expect(received(emptyTimeline, message(9)).missingAfter).toBe(0)
  })

  it('ends the same in whatever order pushes and pages arrive', () => {
    const all = range(1, 12)
    for (const order of [
      [5, 3, 9, 12],
      [12, 1, 7],
      [11, 10, 9],
    ]) {
      let timeline: Timeline = loaded(1, 2)
      for (const seq of order) {
        const result = received(timeline, message(seq))
        timeline = result.missingAfter === null ? result.timeline : appended(timeline, all.slice(result.missingAfter, seq))
      }
      expect(seqs(appended(timeline, all.slice(lastSeq(timeline))))).toEqual(all.map(({ seq }) => seq))
    }
  })

  it('opened in the past does not wait for what comes after it, and joins the present when that is reached', () => {
    const past = opened(range(40, 49), 10)
    expect(received(past, message(90))).toEqual({ timeline: past, missingAfter: null })
    const nearer = continued(past, range(50, 59), 10)
    expect([nearer.detached, lastSeq(nearer)]).toEqual([true, 59])
    const present = continued(nearer, range(60, 63), 10)
    expect(present.detached).toBeUndefined()
    expect(received(present, message(64)).timeline.messages.at(-1)?.seq).toBe(64)
  })

  it('opened in the past still takes changes of the messages it shows, and older pages', () => {
    const past = opened(range(40, 49), 10)
    const changed = received(past, message(45, { version: 2 })).timeline
    expect(changed.messages[5]?.version).toBe(2)
    expect(prepended(changed, range(30, 39), 10).detached).toBe(true)
  })

  it('leaves the past behind when the newest page is asked for', () => {
    expect(seqs(restarted(opened(range(40, 49), 10), range(90, 99), 10))).toEqual(range(90, 99).map(({ seq }) => seq))
  })
})
