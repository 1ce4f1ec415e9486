import { describe, expect, test } from '@jest/globals'
import {
  OutcomeUnknown,
  PermanentFailure,
  QuotaSpent,
  ReplyWindowClosed,
  TransientFailure,
  UnsupportedPart,
} from '#adapters/contract/index.ts'
import { MAX_ATTEMPTS, verdictOn, type Circumstances } from './verdict.ts'

const now = new Date('2026-03-01T12:00:00Z')
const on = (error: unknown, circumstances: Partial<Circumstances> = {}) =>
  verdictOn(error, { attempts: 1, mayHaveActed: true, now, random: 0.5, ...circumstances })
const secondsUntilRetry = (error: unknown, circumstances: Partial<Circumstances>) => {
  const { outcome } = on(error, circumstances)
  return outcome.state === 'queued' ? (outcome.retryAt.getTime() - now.getTime()) / 1000 : null
}

describe('F8 a platform that is away', () => {
  const busy = new TransientFailure('busy', { platformCode: '-1' })

  test('is tried again after one second, two, four … at most five minutes', () => {
    expect([1, 2, 3, 7].map((attempts) => secondsUntilRetry(busy, { attempts }))).toEqual([1, 2, 4, 64])
    expect(secondsUntilRetry(new TransientFailure('x', { retryAfterMs: 3_600_000 }), {})).toBe(300)
  })

  test('is not met by one wave of retries', () => {
    expect([0, 0.999].map((random) => secondsUntilRetry(busy, { attempts: 3, random }))).toEqual([3, expect.closeTo(5, 1)])
  })

  test('is never called earlier than it asked', () => {
    for (const random of [0, 0.5, 0.99]) {
      expect(secondsUntilRetry(new TransientFailure('busy', { retryAfterMs: 60_000 }), { random })).toBeGreaterThanOrEqual(60)
    }
  })

  test('makes the message fail in the end, with what the platform said last', () => {
    expect(on(busy, { attempts: MAX_ATTEMPTS })).toEqual({
      outcome: { state: 'failed', reason: 'platform_unreachable', platformCode: '-1' },
      health: { state: 'failing', reason: 'platform_unreachable' },
    })
  })
})

describe('F10 what the platform does not allow', () => {
  test('45015 the time to answer is over: failed at once, and the purse learns it', () => {
    expect(on(new ReplyWindowClosed('45015'))).toEqual({
      outcome: { state: 'failed', reason: 'reply_window_closed', platformCode: '45015' },
      exhausted: 'window',
      health: { state: 'ok' },
    })
  })

  test('45047 the answers are used up: failed at once, and the purse learns it', () => {
    expect(on(new QuotaSpent('count', { platformCode: '45047' }))).toEqual({
      outcome: { state: 'failed', reason: 'reply_quota_spent', platformCode: '45047' },
      exhausted: 'count',
      health: { state: 'ok' },
    })
  })

  test("45009 the account's quota is spent: the message waits and the account rests until it is granted anew", () => {
    const resetsAt = new Date('2026-03-01T16:00:00Z')
    expect(on(new QuotaSpent('account', { platformCode: '45009', resetsAt }))).toEqual({
      outcome: { state: 'queued', retryAt: resetsAt, reason: 'api_quota_spent', platformCode: '45009' },
      pauseUntil: resetsAt,
      health: { state: 'failing', reason: 'api_quota_spent' },
    })
  })

  test.each([undefined, new Date('2026-03-01T11:00:00Z')])(
    'a spent account that names no end to come (%s) is tried once a minute',
    (resetsAt) => {
      const { pauseUntil } = on(new QuotaSpent('account', resetsAt === undefined ? {} : { resetsAt }))
      expect(pauseUntil).toEqual(new Date('2026-03-01T12:01:00Z'))
    },
  )
})

describe('refusals', () => {
  test('a refusal of this customer says nothing against the account', () => {
    expect(on(new PermanentFailure('customer_blocked', 'x', '43019'))).toEqual({
      outcome: { state: 'failed', reason: 'customer_blocked', platformCode: '43019' },
      health: { state: 'ok' },
    })
    expect(on(new UnsupportedPart('menu')).outcome).toEqual({ state: 'failed', reason: 'part_not_supported' })
  })

  test('wrong settings show on the account', () => {
    expect(on(new PermanentFailure('configuration', 'x')).health).toEqual({ state: 'failing', reason: 'configuration' })
  })
})

describe('what nobody knows', () => {
  test('F2 a call without an answer is shown as unknown and never repeated by itself', () => {
    expect(on(new OutcomeUnknown('time-out')).outcome).toEqual({ state: 'unknown', reason: 'outcome_unknown' })
  })

  test('a defect is a failure while nothing has left, and unknown afterwards', () => {
    expect(on(new TypeError('x'), { mayHaveActed: false }).outcome).toEqual({ state: 'failed', reason: 'rejected' })
    expect(on(new TypeError('x'), { mayHaveActed: true }).outcome).toEqual({ state: 'unknown', reason: 'outcome_unknown' })
  })
})
