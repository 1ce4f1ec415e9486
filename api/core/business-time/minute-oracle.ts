/** For tests: the same questions answered the slow way, by looking at the wall clock of every single minute. */
import { DAY, MINUTE } from './zones.ts'
import { minuteOf, type WorkingCalendar } from './working-time.ts'

/** Wall clock of each minute of a piece of time, as `Intl` tells it. */
export interface Wall {
  timeZone: string
  from: number
  days: readonly string[]
  minutes: readonly number[]
}

export function wallOf(timeZone: string, around: string, days: number): Wall {
  // Swedish writes 2026-11-01 01:30.
  const format = new Intl.DateTimeFormat('sv', { timeZone, dateStyle: 'short', timeStyle: 'short' })
  const from = Date.parse(around) - Math.floor(days / 2) * DAY
  const shown = Array.from({ length: (days * DAY) / MINUTE }, (_, index) => format.format(from + index * MINUTE))
  return { timeZone, from, days: shown.map((text) => text.slice(0, 10)), minutes: shown.map((text) => minuteOf(text.slice(11))) }
}

export interface Oracle {
  isOpen(at: number): boolean
  /** Undefined: not within what the wall covers. */
  next(open: boolean, at: number): number | undefined
  addWorkingMs(at: number, ms: number): number | undefined
  workingMsBetween(a: number, b: number): number
}

export function oracleOf(wall: Wall, calendar: WorkingCalendar): Oracle {
  const worked = workedMinutes(wall, calendar)
  const indexOf = (at: number) => Math.floor((at - wall.from) / MINUTE)
  const startOf = (index: number) => wall.from + index * MINUTE
  return {
    isOpen: (at) => worked[indexOf(at)] === 1,
    next(open, at) {
      const index = worked.indexOf(open ? 1 : 0, indexOf(at))
      return index < 0 ? undefined : Math.max(at, startOf(index))
    },
    addWorkingMs(at, ms) {
      let left = ms
      if (left === 0) return at
      for (let index = indexOf(at); index < worked.length; index += 1) {
        if (!worked[index]) continue
        const start = Math.max(at, startOf(index))
        const length = startOf(index + 1) - start
        if (left <= length) return start + left
        left -= length
      }
      return undefined
    },
    workingMsBetween(a, b) {
      const [first, last] = [indexOf(a), indexOf(b)]
      if (first === last) return worked[first] ? b - a : 0
      let whole = 0
      for (let index = first + 1; index < last; index += 1) whole += worked[index] ?? 0
      return whole * MINUTE + (worked[first] ? startOf(first + 1) - a : 0) + (worked[last] ? b - startOf(last) : 0)
    },
  }
}

/** 1 for every minute that is worked, as the wall shows it. */
function workedMinutes({ days, minutes }: Wall, calendar: WorkingCalendar): Uint8Array {
  const worked = new Uint8Array(days.length)
  let shown = ''
  let onThatDay: Uint8Array = new Uint8Array()
  for (let index = 0; index < worked.length; index += 1) {
    const day = days[index] ?? ''
    if (day !== shown) [shown, onThatDay] = [day, minutesOf(calendar, day)]
    worked[index] = onThatDay[minutes[index] ?? 0] ?? 0
  }
  return worked
}

/** For every minute of the wall clock of that day: is it worked? */
function minutesOf(calendar: WorkingCalendar, day: string): Uint8Array {
  const weekday = (new Date(`${day}T00:00:00Z`).getUTCDay() + 6) % 7
  const periods = (calendar.days.get(day) ?? calendar.weekly[weekday] ?? []).map(({ from, to }) => [minuteOf(from), minuteOf(to)] as const)
  const open = new Uint8Array(1440)
  for (const [from, to] of periods) open.fill(1, from, to)
  return open
}
