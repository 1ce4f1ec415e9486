import { describe, expect, test } from '@jest/globals'
import { workingTime, type WorkingCalendar, type WorkingPeriod } from '../../../core/business-time/index.ts'
import { oracleOf, type Wall, wallOf } from '../../../core/business-time/minute-oracle.ts'
import { type Break, countedMs, EVERY_HOUR, momentOf } from './counting.ts'

const HOUR = 3_600_000
const MINUTE = 60_000
const office: WorkingPeriod[] = [
  { from: '09:00', to: '12:00' },
  { from: '13:30', to: '18:00' },
]
const china = (text: string) => new Date(`${text}:00+08:00`)
const week = (days: Record<string, WorkingPeriod[]> = {}): WorkingCalendar => ({
  timeZone: 'Asia/Shanghai',
  weekly: [office, office, office, office, office, [], []],
  days: new Map(Object.entries(days)),
})
const pause = (from: string, until: string): Break => [china(from), china(until)]

describe('counting with pauses', () => {
  const time = workingTime(week({ '2026-11-25': [] }))
  const base = { time, startedAt: china('2026-11-23T17:00'), pausedAt: null }

  test('nights, the break at noon, weekends, holidays and pauses count nothing', () => {
    const breaks = [pause('2026-11-24T10:00', '2026-11-24T15:00')]
    // Monday 17–18, Tuesday 9–10 and 15–18, Wednesday is a holiday, Thursday.
    expect(countedMs({ ...base, breaks }, china('2026-11-26T10:30'))).toBe(6.5 * HOUR)
    expect(momentOf({ ...base, breaks }, 6.5 * HOUR)).toEqual(china('2026-11-26T10:30'))
    expect(momentOf({ ...base, breaks: [] }, 6.5 * HOUR)).toEqual(china('2026-11-24T16:00'))
  })

  test('a pause at night costs nothing, one that goes on stops the count where it began', () => {
    const breaks = [pause('2026-11-23T19:00', '2026-11-24T08:00')]
    expect(momentOf({ ...base, breaks }, 2 * HOUR)).toEqual(china('2026-11-24T10:00'))
    const paused = { ...base, breaks, pausedAt: china('2026-11-24T09:30') }
    expect(countedMs(paused, china('2026-11-27T09:30'))).toBe(1.5 * HOUR)
    expect(countedMs(paused, china('2026-11-24T09:15'))).toBe(1.25 * HOUR)
  })

  test('two pauses that touch, one of no length, and one before the beginning change nothing more', () => {
    const touching = [
      pause('2026-11-20T09:00', '2026-11-23T17:30'),
      pause('2026-11-23T17:30', '2026-11-23T17:45'),
      pause('2026-11-23T17:50', '2026-11-23T17:50'),
    ]
    expect(countedMs({ ...base, breaks: touching }, china('2026-11-23T18:00'))).toBe(15 * MINUTE)
    expect(momentOf({ ...base, breaks: touching }, 15 * MINUTE)).toEqual(china('2026-11-23T18:00'))
  })

  test('without a calendar every hour counts; with an empty one there is no due time, at once', () => {
    expect(momentOf({ ...base, time: EVERY_HOUR, breaks: [] }, 30 * HOUR)).toEqual(china('2026-11-24T23:00'))
    const never = workingTime({ timeZone: 'Asia/Shanghai', weekly: Array.from({ length: 7 }, () => []), days: new Map() })
    expect(momentOf({ ...base, time: never, breaks: [] }, 1)).toBeNull()
    expect(countedMs({ ...base, time: never, breaks: [] }, china('2027-11-23T18:00'))).toBe(0)
  })
})

/** `BUSINESS_TIME_CASES=100000` runs more; `BUSINESS_TIME_SEED` others. */
const CASES = Number(process.env['BUSINESS_TIME_CASES'] ?? 10_000)
const SEED = Number(process.env['BUSINESS_TIME_SEED'] ?? 20261123)

/** mulberry32: small, and the same on every machine. */
function randomFrom(seed: number): (below: number) => number {
  let state = seed
  return (below) => {
    state = (state + 0x6d2b79f5) | 0
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state)
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed
    return Math.floor((((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296) * below)
  }
}

describe('against a clock that is read minute by minute', () => {
  const WALLS: readonly [zone: string, around: string][] = [
    ['Asia/Shanghai', '2026-10-05T00:00:00Z'],
    ['America/New_York', '2026-03-08T00:00:00Z'],
    ['America/New_York', '2026-11-01T00:00:00Z'],
    ['Australia/Lord_Howe', '2026-04-05T00:00:00Z'],
    ['Pacific/Apia', '2011-12-31T00:00:00Z'],
    ['Africa/Cairo', '2026-10-30T00:00:00Z'],
  ]
  const walls: Wall[] = WALLS.map(([zone, around]) => wallOf(zone, around, 6))
  const timeAt = (minute: number) => `${String(Math.floor(minute / 60)).padStart(2, '0')}:${String(minute % 60).padStart(2, '0')}`

  function somePeriods(random: (below: number) => number): WorkingPeriod[] {
    const bounds = [...new Set(Array.from({ length: random(4) * 2 }, () => random(1441)))].sort((a, b) => a - b)
    return bounds.flatMap((from, index) => {
      const to = bounds[index + 1]
      return index % 2 === 0 && to !== undefined ? [{ from: timeAt(from), to: timeAt(to) }] : []
    })
  }

  /** Some that follow, touch, and have no length. */
  function someBreaks(random: (below: number) => number, from: number, span: number): Break[] {
    const bounds = Array.from({ length: random(5) * 2 }, () => from + random(span / MINUTE) * MINUTE).sort((a, b) => a - b)
    return bounds.flatMap((start, index) => (index % 2 === 0 ? [[new Date(start), new Date(bounds[index + 1]!)] as const] : []))
  }

  test(`${CASES} random calendars with pauses give the same counts and the same moments`, () => {
    for (let index = 0; index < CASES; index += 1) {
      const random = randomFrom(SEED + index)
      const wall = walls[random(walls.length)]!
      const days = new Map([...new Set(wall.days)].filter(() => random(4) === 0).map((day) => [day, somePeriods(random)]))
      const given = { timeZone: wall.timeZone, weekly: Array.from({ length: 7 }, () => somePeriods(random)), days }
      const oracle = oracleOf(wall, given)
      const minutes = wall.minutes.length
      const start = wall.from + random(minutes) * MINUTE
      const end = wall.from + minutes * MINUTE
      const breaks = someBreaks(random, start, end - start)
      const counting = { time: workingTime(given), startedAt: new Date(start), breaks, pausedAt: null }
      const still = new Uint8Array(minutes)
      for (const [from, until] of breaks) still.fill(1, (from.getTime() - wall.from) / MINUTE, (until.getTime() - wall.from) / MINUTE)
      const target = (1 + random(600)) * MINUTE
      const asked = start + random((end - start) / MINUTE) * MINUTE
      let [counted, atAsked] = [0, 0]
      let due: number | undefined
      for (let at = start; at < end; at += MINUTE) {
        if (at === asked) atAsked = counted
        if (still[(at - wall.from) / MINUTE] || !oracle.isOpen(at)) continue
        counted += MINUTE
        if (counted === target) due = at + MINUTE
      }
      if (atAsked !== countedMs(counting, new Date(asked)))
        expect([SEED + index, countedMs(counting, new Date(asked))]).toEqual([SEED + index, atAsked])
      // The oracle sees six days only; beyond them it says nothing.
      if (due !== undefined && due !== momentOf(counting, target)?.getTime())
        expect([SEED + index, momentOf(counting, target)?.getTime()]).toEqual([SEED + index, due])
    }
  })
})
