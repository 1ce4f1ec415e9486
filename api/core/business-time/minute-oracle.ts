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
  const minutesOn = new Map([...new Set(wall.days)].map((day) => [day, minutesOf(calendar, day)]))
  const worked = Uint8Array.from(wall.days, (day, index) => minutesOn.get(day)?.[wall.minutes[index] ?? 0] ?? 0)
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
      let sum = 0
      for (let index = indexOf(a); index <= indexOf(b); index += 1) {
        if (worked[index]) sum += Math.max(0, Math.min(b, startOf(index + 1)) - Math.max(a, startOf(index)))
      }
      return sum
    },
  }
}

/** For every minute of the wall clock of that day: is it worked? */
function minutesOf(calendar: WorkingCalendar, day: string): Uint8Array {
  const weekday = (new Date(`${day}T00:00:00Z`).getUTCDay() + 6) % 7
  const periods = (calendar.days.get(day) ?? calendar.weekly[weekday] ?? []).map(({ from, to }) => [minuteOf(from), minuteOf(to)] as const)
  return Uint8Array.from({ length: 1440 }, (_, minute) => (periods.some(([from, to]) => from <= minute && minute < to) ? 1 : 0))
}
