import { describe, expect, test } from '@jest/globals'
import { estimateWait, FEWEST, LONGEST_SECONDS, type Service, worthSaying, worthTelling } from './estimate.ts'

/** Seeded, so that a failure comes again. */
function random(seed: number): () => number {
  let state = seed
  return () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0
    return state / 2 ** 32
  }
}
const CASES = Number(process.env['QUEUE_ESTIMATE_CASES'] ?? 500)
const next = random(20261122)
const upTo = (max: number) => Math.floor(next() * (max + 1))
const services: Service[] = Array.from({ length: CASES }, () => ({ ended: upTo(400), seconds: upTo(900_000), goingOn: upTo(60) }))
const known = services.filter((service) => estimateWait(1, service) !== null)

describe('BP-003.6 the estimate of a wait', () => {
  test('is never shorter for who stands further back, never negative, never beyond two hours, and whole', () => {
    expect(known.length).toBeGreaterThan(CASES / 2)
    for (const service of known) {
      let before = 0
      for (let position = 1; position <= 120; position += 1 + upTo(6)) {
        const estimate = estimateWait(position, service)!
        expect(Number.isInteger(estimate)).toBe(true)
        expect(estimate).toBeGreaterThanOrEqual(before)
        expect(estimate).toBeLessThanOrEqual(LONGEST_SECONDS)
        before = estimate
      }
    }
  })

  test('is never longer when more are being served at the same time', () => {
    for (const service of known) {
      const position = 1 + upTo(50)
      expect(estimateWait(position, { ...service, goingOn: service.goingOn + 1 })!).toBeLessThanOrEqual(estimateWait(position, service)!)
    }
  })

  test('is not invented: too few ended, nobody is serving, or the figures make no sense', () => {
    expect(estimateWait(1, { ended: FEWEST - 1, seconds: 600, goingOn: 3 })).toBeNull()
    expect(estimateWait(1, { ended: 20, seconds: 600, goingOn: 0 })).toBeNull()
    expect(estimateWait(1, { ended: 20, seconds: Number.NaN, goingOn: 3 })).toBeNull()
    expect(estimateWait(1, { ended: 20, seconds: -5, goingOn: 3 })).toBeNull()
    expect(estimateWait(0, { ended: 20, seconds: 600, goingOn: 3 })).toBeNull()
    for (const service of services)
      if (service.ended < FEWEST || service.goingOn === 0) expect(estimateWait(1 + upTo(9), service)).toBeNull()
  })

  test('two agents who need ten minutes each: the third waits a quarter of an hour', () => {
    expect(estimateWait(3, { ended: 12, seconds: 12 * 600, goingOn: 2 })).toBe(900)
  })
})

describe('BP-003.6 what is worth telling', () => {
  const standing = (position: number, estimateSeconds: number | null = null) => ({ position, estimateSeconds })

  test('every step near the front, a tenth far behind, and nothing when nothing changed', () => {
    for (let position = 1; position < 400; position++) {
      expect(worthTelling(standing(position, 300), standing(position, 300))).toBe(false)
      if (position > 1) expect(worthTelling(standing(position), standing(position - 1))).toBe(position - 1 <= 50)
      expect(worthTelling(null, standing(position))).toBe(true)
    }
    expect(worthTelling(standing(100), standing(90))).toBe(true)
  })

  test('an estimate that is known at last, known no more, or off by more than a minute', () => {
    expect(worthTelling(standing(3, null), standing(3, 120))).toBe(true)
    expect(worthTelling(standing(3, 120), standing(3, null))).toBe(true)
    expect(worthTelling(standing(3, 120), standing(3, 150))).toBe(false)
    expect(worthTelling(standing(3, 120), standing(3, 240))).toBe(true)
  })

  test('where a line costs an answer: halfway, and when he is next; never for falling back', () => {
    expect([9, 8, 5, 4, 1].map((position) => worthSaying(9, standing(position)))).toEqual([false, false, false, true, true])
    expect(worthSaying(1, standing(1))).toBe(false)
    expect(worthSaying(2, standing(5))).toBe(false)
    expect(worthSaying(null, standing(1))).toBe(false)
  })
})
