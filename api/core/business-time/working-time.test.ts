import { describe, expect, test } from '@jest/globals'
import { HORIZON_MS, workingTime, type WorkingCalendar, type WorkingPeriod } from './index.ts'
import { oracleOf, wallOf, type Wall } from './minute-oracle.ts'

const HOUR = 3_600_000
const office: WorkingPeriod[] = [
  { from: '09:00', to: '12:00' },
  { from: '13:30', to: '18:00' },
]
const weekOf = (workdays: WorkingPeriod[], weekend: WorkingPeriod[] = []) => [
  ...Array.from({ length: 5 }, () => workdays),
  weekend,
  weekend,
]
const calendar = (weekly: WorkingPeriod[][], timeZone = 'Asia/Shanghai', days: Record<string, WorkingPeriod[]> = {}): WorkingCalendar => ({
  timeZone,
  weekly,
  days: new Map(Object.entries(days)),
})
const china = (text: string) => new Date(`${text}+08:00`)
const inChina = (at: Date | null) => at && new Date(at.getTime() + 8 * HOUR).toISOString().slice(0, 16)

describe('BP-007.5 an office week with holidays and moved days (调休)', () => {
  // National Day 2026: 1–7 October off, Saturday the 10th worked instead.
  const holidays = Object.fromEntries(['01', '02', '05', '06', '07'].map((day) => [`2026-10-${day}`, []]))
  const time = workingTime(calendar(weekOf(office), 'Asia/Shanghai', { ...holidays, '2026-10-10': office }))

  test('a period begins on its first minute and is over on its last', () => {
    expect(time.isOpen(china('2026-09-30T09:00'))).toBe(true)
    expect(time.isOpen(china('2026-09-30T08:59:59.999'))).toBe(false)
    expect(time.isOpen(china('2026-09-30T12:00'))).toBe(false)
    expect(inChina(time.nextClosing(china('2026-09-30T09:00')))).toBe('2026-09-30T12:00')
  })

  test('after the last evening before the holiday it opens when everybody is back', () => {
    expect(inChina(time.nextOpening(china('2026-09-30T18:00')))).toBe('2026-10-08T09:00')
    expect(time.isOpen(china('2026-10-10T10:00'))).toBe(true)
    expect(inChina(time.nextOpening(china('2026-10-10T18:00')))).toBe('2026-10-12T09:00')
  })

  test('four hours begun in the evening before the holiday end eight days later', () => {
    expect(inChina(time.addWorkingMs(china('2026-09-30T17:00'), 4 * HOUR))).toBe('2026-10-08T12:00')
    expect(time.workingMsBetween(china('2026-09-30T17:00'), china('2026-10-08T12:00'))).toBe(4 * HOUR)
    expect(time.workingMsBetween(china('2026-10-08T12:00'), china('2026-09-30T17:00'))).toBe(-4 * HOUR)
  })

  test('an amount that fills a day ends that evening, not the next morning', () => {
    expect(inChina(time.addWorkingMs(china('2026-09-29T00:00'), 7.5 * HOUR))).toBe('2026-09-29T18:00')
    expect(inChina(time.addWorkingMs(china('2026-09-29T03:00'), 0))).toBe('2026-09-29T03:00')
  })
})

describe('edges', () => {
  test('periods that touch at midnight are one: round the clock never closes', () => {
    const always = workingTime(calendar(weekOf([{ from: '00:00', to: '24:00' }], [{ from: '00:00', to: '24:00' }])))
    expect(always.nextClosing(china('2026-09-29T03:00'))).toBeNull()
    expect(always.addWorkingMs(china('2026-09-29T03:00'), 1000 * HOUR)?.getTime()).toBe(china('2026-09-29T03:00').getTime() + 1000 * HOUR)
  })

  test('a calendar without hours answers, and says never', () => {
    const never = workingTime(calendar(weekOf([])))
    expect(never.nextOpening(china('2026-09-29T03:00'))).toBeNull()
    expect(never.addWorkingMs(china('2026-09-29T03:00'), 1)).toBeNull()
    expect(never.workingMsBetween(china('2020-01-01T00:00'), china('2026-01-01T00:00'))).toBe(0)
    expect(never.nextClosing(china('2026-09-29T03:00'))).toEqual(china('2026-09-29T03:00'))
  })

  test('one worked day in the whole horizon is found', () => {
    const once = workingTime(calendar(weekOf([]), 'Asia/Shanghai', { '2040-02-29': [{ from: '10:00', to: '10:01' }] }))
    expect(inChina(once.nextOpening(china('2026-09-29T03:00')))).toBe('2040-02-29T10:00')
    expect(once.addWorkingMs(china('2026-09-29T03:00'), 60_001)).toBeNull()
  })

  test('a day that the zone skipped has no length', () => {
    // Samoa went from Thursday 29 to Saturday 31 December 2011.
    const samoa = workingTime(calendar(weekOf(office, office), 'Pacific/Apia'))
    expect(samoa.workingMsBetween(new Date('2011-12-29T10:00:00Z'), new Date('2011-12-31T10:00:00Z'))).toBe(2 * 7.5 * HOUR)
  })

  test('the night in which the clock goes back is an hour longer, the other an hour shorter', () => {
    const night = [{ from: '00:00', to: '06:00' }]
    const newYork = workingTime(calendar(weekOf(night, night), 'America/New_York'))
    const lengthOf = (day: string) => newYork.workingMsBetween(new Date(`${day}T04:00:00Z`), new Date(`${day}T16:00:00Z`)) / HOUR
    expect([lengthOf('2026-11-01'), lengthOf('2026-03-08')]).toEqual([7, 5])
  })

  test('what cannot be asked is refused', () => {
    const time = workingTime(calendar(weekOf(office)))
    const now = new Date()
    for (const ms of [-1, NaN, Infinity]) expect(() => time.addWorkingMs(now, ms)).toThrow(RangeError)
    expect(() => time.workingMsBetween(now, new Date(now.getTime() + HORIZON_MS + 1))).toThrow(RangeError)
    expect(() => workingTime(calendar(weekOf(office), 'Nowhere/Land'))).toThrow(RangeError)
  })
})

/** `BUSINESS_TIME_CASES=100000` runs more; `BUSINESS_TIME_SEED` others. */
const CASES = Number(process.env['BUSINESS_TIME_CASES'] ?? 10_000)
const SEED = Number(process.env['BUSINESS_TIME_SEED'] ?? 20261122)

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
  // Around changes: at 2 in the morning, at midnight, by half an hour, at one minute past midnight, a whole day, and a border of two pages.
  const WALLS: readonly [zone: string, around: string][] = [
    ['Asia/Shanghai', '2026-10-05T00:00:00Z'],
    ['America/New_York', '2026-03-08T00:00:00Z'],
    ['America/New_York', '2026-11-01T00:00:00Z'],
    ['Europe/London', '2026-10-25T00:00:00Z'],
    ['America/Havana', '2026-11-01T00:00:00Z'],
    ['Asia/Beirut', '2026-03-29T00:00:00Z'],
    ['Australia/Lord_Howe', '2026-04-05T00:00:00Z'],
    ['America/St_Johns', '2010-11-07T00:00:00Z'],
    ['America/St_Johns', '2010-03-14T00:00:00Z'],
    ['Pacific/Apia', '2011-12-31T00:00:00Z'],
    ['Asia/Kathmandu', '2026-01-01T00:00:00Z'],
    ['Africa/Cairo', '2026-10-30T00:00:00Z'],
    ['Asia/Shanghai', new Date(161 * 128 * 86_400_000).toISOString()],
  ]
  const walls: Wall[] = WALLS.map(([zone, around]) => wallOf(zone, around, 6))

  const timeAt = (minute: number) => `${String(Math.floor(minute / 60)).padStart(2, '0')}:${String(minute % 60).padStart(2, '0')}`

  function somePeriods(random: (below: number) => number): WorkingPeriod[] {
    const bounds = new Set(Array.from({ length: random(4) * 2 }, () => (random(4) === 0 ? random(49) * 30 : random(1441))))
    const sorted = [...bounds].sort((a, b) => a - b)
    const pairs = sorted.flatMap((from, index) => {
      const to = sorted[index + 1]
      return index % 2 === 0 && to !== undefined ? [{ from: timeAt(from), to: timeAt(to) }] : []
    })
    return random(8) === 0 ? [{ from: '00:00', to: '24:00' }] : pairs
  }

  test(`${CASES} random calendars and moments give the same answers`, () => {
    for (let index = 0; index < CASES; index += 1) {
      const random = randomFrom(SEED + index)
      const wall = walls[random(walls.length)]!
      const days = Object.fromEntries([...new Set(wall.days)].filter(() => random(4) === 0).map((day) => [day, somePeriods(random)]))
      const given = calendar(
        Array.from({ length: 7 }, () => somePeriods(random)),
        wall.timeZone,
        days,
      )
      const [time, oracle] = [workingTime(given), oracleOf(wall, given)]
      const span = wall.minutes.length * 60_000
      for (let ask = 0; ask < 4; ask += 1) {
        const at = wall.from + (ask % 2 === 0 ? random(span) : random(span / 60_000) * 60_000)
        const other = wall.from + random(span)
        const amount = random(30 * HOUR)
        const [low, high] = [new Date(Math.min(at, other)), new Date(Math.max(at, other))]
        const expected = [
          oracle.isOpen(at),
          oracle.next(true, at),
          oracle.next(false, at),
          oracle.addWorkingMs(at, amount),
          oracle.workingMsBetween(low.getTime(), high.getTime()),
        ]
        const moment = new Date(at)
        const answers = [
          time.isOpen(moment),
          time.nextOpening(moment)?.getTime(),
          time.nextClosing(moment)?.getTime(),
          time.addWorkingMs(moment, amount)?.getTime(),
          time.workingMsBetween(low, high),
        ]
        // The oracle sees six days only; beyond them it says nothing.
        if (answers.some((answer, place) => expected[place] !== undefined && answer !== expected[place])) {
          expect({ case: SEED + index, zone: wall.timeZone, at: moment, low, high, amount, answers }).toEqual({ answers: expected })
        }
      }
    }
  })

  test('adding and measuring undo each other, also over years', () => {
    for (let index = 0; index < CASES / 5; index += 1) {
      const random = randomFrom(SEED + 7 * index)
      const time = workingTime(
        calendar([somePeriods(random), office, ...Array.from({ length: 5 }, () => somePeriods(random))], 'Europe/London'),
      )
      const at = new Date(Date.UTC(2026, 0, 1) + random(366 * 24) * HOUR + random(HOUR))
      const amount = 1 + random(2_000) * HOUR
      const due = time.addWorkingMs(at, amount)
      expect(due && time.workingMsBetween(at, due)).toBe(amount)
      expect(due && time.workingMsBetween(at, new Date(due.getTime() - 1))).toBe(amount - 1)
    }
  })
})
