import { describe, expect, test } from '@jest/globals'
import {
  applyAfter,
  applyBeacon,
  applyConversation,
  applyEarlier,
  applyMessage,
  applyNewest,
  EMPTY_TIMELINE,
  markRead,
  threadOf,
  unreadCount,
} from './timeline.ts'
import type { Timeline, Want } from './timeline.ts'
import type { CustomerMessage, HistoryPage, WebConversation } from './wire.ts'

const FIRST = '00000000-0000-7000-8000-000000000001'
const SECOND = '00000000-0000-7000-8000-000000000002'

const message = (seq: number, more: Partial<CustomerMessage> = {}): CustomerMessage => ({
  id: `00000000-0000-7000-9000-${String(seq).padStart(12, '0')}`,
  seq,
  direction: 'outbound',
  author: { kind: 'agent', name: '李娜', avatarUrl: null },
  parts: [{ type: 'text', text: `第 ${seq} 条` }],
  clientKey: null,
  recalledAt: null,
  createdAt: '2026-11-22T08:00:00.000Z',
  version: 1,
  ...more,
})
const conversation = (more: Partial<WebConversation> = {}): WebConversation => ({
  id: FIRST,
  status: 'open',
  agent: null,
  queueAhead: null,
  queue: null,
  choices: null,
  offHours: null,
  lastSeq: 0,
  staffReadSeq: 0,
  customerReadSeq: 0,
  version: 1,
  ...more,
})
const page = (seqs: number[], more: Partial<HistoryPage> = {}): HistoryPage => ({
  conversation: conversation({ lastSeq: seqs.at(-1) ?? 0 }),
  messages: seqs.map((seq) => message(seq)),
  hasMore: false,
  previousConversationId: null,
  ...more,
})
const loaded = (seqs: number[], more: Partial<HistoryPage> = {}): Timeline => applyNewest(EMPTY_TIMELINE, page(seqs, more)).timeline
const seqsOf = (timeline: Timeline, conversationId = FIRST) => threadOf(timeline, conversationId)?.messages.map(({ seq }) => seq)
const after = (target: number, conversationId = FIRST): Extract<Want, { kind: 'after' }> => ({ kind: 'after', conversationId, target })

describe('CH-01 the timeline of a web customer', () => {
  test('the next message is simply added', () => {
    const { timeline, wants } = applyMessage(loaded([1, 2]), FIRST, message(3))
    expect(seqsOf(timeline)).toEqual([1, 2, 3])
    expect(wants).toEqual([])
  })

  test('a gap is shown at once and asked about; the answer fills it', () => {
    const gap = applyMessage(loaded([1, 2]), FIRST, message(5))
    expect(seqsOf(gap.timeline)).toEqual([1, 2, 5])
    expect(gap.wants).toEqual([after(5)])
    const filled = applyAfter(gap.timeline, after(5), page([3, 4, 5]))
    expect(seqsOf(filled.timeline)).toEqual([1, 2, 3, 4, 5])
    expect(filled.wants).toEqual([])
  })

  test('a gap that holds only staff notes is asked about once and then closed', () => {
    const gap = applyMessage(loaded([1, 2]), FIRST, message(4))
    const answered = applyAfter(gap.timeline, after(4), page([4])).timeline
    expect(applyMessage(answered, FIRST, message(5)).wants).toEqual([])
    expect(applyBeacon(answered, { type: 'beacon', conversations: { [FIRST]: [4, 1] } })).toEqual([])
  })

  test('a gap longer than one page is filled page by page', () => {
    const gap = applyMessage(loaded([1]), FIRST, message(6)).timeline
    const half = applyAfter(gap, after(6), page([2, 3], { hasMore: true }))
    expect(half.wants).toEqual([after(6)])
    expect(threadOf(half.timeline, FIRST)?.through).toBe(3)
    expect(seqsOf(applyAfter(half.timeline, after(6), page([4, 5, 6])).timeline)).toEqual([1, 2, 3, 4, 5, 6])
  })

  test('the same push twice changes nothing', () => {
    const once = applyMessage(loaded([1]), FIRST, message(2)).timeline
    expect(applyMessage(once, FIRST, message(2)).timeline).toEqual(once)
  })

  test('an older version of a message never replaces a newer one', () => {
    const recalled = message(2, { version: 3, recalledAt: '2026-11-22T08:01:00.000Z', parts: [] })
    const { timeline } = applyMessage(loaded([1, 2]), FIRST, recalled)
    expect(threadOf(applyMessage(timeline, FIRST, message(2, { version: 2 })).timeline, FIRST)?.messages[1]).toEqual(recalled)
  })

  test('a recall that was pushed while nobody listened comes with the newest page', () => {
    const recalled = message(2, { version: 2, recalledAt: '2026-11-22T08:01:00.000Z', parts: [] })
    const { timeline } = applyNewest(loaded([1, 2]), page([1, 2], { messages: [message(1), recalled] }))
    expect(threadOf(timeline, FIRST)?.messages[1]?.recalledAt).not.toBeNull()
  })

  test('a lost last push heals by the beacon', () => {
    expect(applyBeacon(loaded([1, 2]), { type: 'beacon', conversations: { [FIRST]: [3, 1] } })).toEqual([after(3)])
    expect(applyBeacon(loaded([1, 2]), { type: 'beacon', conversations: { [FIRST]: [2, 1] } })).toEqual([])
  })

  test('a newer version in the beacon without a new message brings the newest page', () => {
    expect(applyBeacon(loaded([1, 2]), { type: 'beacon', conversations: { [FIRST]: [2, 7] } })).toEqual([{ kind: 'newest' }])
  })

  test('anything about an unknown conversation brings the newest page', () => {
    const newest = [{ kind: 'newest' }]
    expect(applyMessage(loaded([1]), SECOND, message(1)).wants).toEqual(newest)
    expect(applyConversation(loaded([1]), conversation({ id: SECOND })).wants).toEqual(newest)
    expect(applyBeacon(loaded([1]), { type: 'beacon', conversations: { [SECOND]: [1, 1] } })).toEqual(newest)
  })

  test('after a long absence the newest page leaves a gap that is asked about', () => {
    const { timeline, wants } = applyNewest(loaded([1, 2]), page([40, 41], { hasMore: true }))
    expect(wants).toEqual([after(41)])
    expect(threadOf(timeline, FIRST)?.through).toBe(2)
  })

  test('a new conversation goes below the old one, whose last words are fetched', () => {
    const next = page([1], { conversation: conversation({ id: SECOND, lastSeq: 1 }), previousConversationId: FIRST })
    const { timeline, wants } = applyNewest(loaded([1, 2]), next)
    expect(timeline.threads.map(({ conversationId }) => conversationId)).toEqual([FIRST, SECOND])
    expect(timeline.conversation?.id).toBe(SECOND)
    expect(wants).toEqual([after(2)])
  })

  test('history pages back through a conversation and on to the one before it', () => {
    const second = { conversation: conversation({ id: SECOND }), previousConversationId: FIRST }
    const start = loaded([3, 4], { ...second, hasMore: true })
    expect(start.earlier).toEqual({ conversationId: SECOND, beforeSeq: 3 })
    const whole = applyEarlier(start, SECOND, page([1, 2], second))
    expect(seqsOf(whole, SECOND)).toEqual([1, 2, 3, 4])
    expect(whole.earlier).toEqual({ conversationId: FIRST })
    const both = applyEarlier(whole, FIRST, page([1, 2, 3]))
    expect(both.threads.map(({ conversationId }) => conversationId)).toEqual([FIRST, SECOND])
    expect(both.earlier).toBeNull()
    expect(both.conversation?.id).toBe(SECOND)
  })

  test('a change to a message further back than what is loaded is left to the page that will bring it', () => {
    const { timeline, wants } = applyMessage(loaded([30, 31], { hasMore: true }), FIRST, message(4, { version: 2 }))
    expect(seqsOf(timeline)).toEqual([30, 31])
    expect(wants).toEqual([])
  })

  test('an older state of the conversation is ignored', () => {
    const now = applyConversation(loaded([1]), conversation({ version: 5, status: 'open', lastSeq: 1 })).timeline
    expect(applyConversation(now, conversation({ version: 4, status: 'queued', lastSeq: 1 })).timeline.conversation?.status).toBe('open')
  })

  test("unread are staff's words after the last one seen, and what was seen stays seen", () => {
    const start = loaded([1, 2, 3])
    expect(unreadCount(start)).toBe(3)
    const read = markRead(start, 2)
    expect(unreadCount(read)).toBe(1)
    expect(unreadCount(applyConversation(read, conversation({ version: 2, lastSeq: 3, customerReadSeq: 0 })).timeline)).toBe(1)
  })

  test('whatever is lost, doubled or late, the page ends with what the server has', () => {
    const server = Array.from({ length: 12 }, (_, index) => message(index + 1))
    for (let seed = 1; seed <= 200; seed += 1) {
      const random = randomFrom(seed)
      let timeline = loaded([1])
      const answer = (wants: readonly Want[]): void => {
        for (const want of wants) {
          const from = threadOf(timeline, FIRST)?.through ?? 0
          const messages = want.kind === 'after' ? server.filter(({ seq }) => seq > from) : server.slice(-30)
          const change =
            want.kind === 'after' ? applyAfter(timeline, want, page([], { messages })) : applyNewest(timeline, page([], { messages }))
          timeline = change.timeline
          answer(change.wants)
        }
      }
      const pushes = server.flatMap((each) => (random() < 0.3 ? [] : random() < 0.3 ? [each, each] : [each])).sort(() => random() - 0.5)
      for (const push of pushes) {
        const change = applyMessage(timeline, FIRST, push)
        timeline = change.timeline
        if (random() < 0.5) answer(change.wants)
      }
      answer(applyBeacon(timeline, { type: 'beacon', conversations: { [FIRST]: [12, 1] } }))
      expect({ seed, seqs: seqsOf(timeline) }).toEqual({ seed, seqs: server.map(({ seq }) => seq) })
    }
  })
})

/** Small linear congruential generator: the same seed gives the same run. */
function randomFrom(seed: number): () => number {
  let state = seed
  return () => (state = (state * 16_807) % 2_147_483_647) / 2_147_483_647
}
