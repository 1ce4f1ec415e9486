/**
 * Working-time arithmetic (BP-007.5), pure. A moment is worked when the wall clock of the calendar's zone, on its day, stands within a period. So an
 * hour that daylight saving repeats is worked twice and one that it skips never, and a day that a zone skips altogether has no length.
 */
import { dayNumber, DAY, MINUTE, zoneOf } from './zones.ts'

/** Wall-clock times `HH:MM`, `from` < `to`, `24:00` being the end of the day. */
export interface WorkingPeriod {
  from: string
  to: string
}

export interface WorkingCalendar {
  /** IANA name. */
  timeZone: string
  /** Periods of each weekday, Monday first; in order, none over another. */
  weekly: readonly (readonly WorkingPeriod[])[]
  /** Days (`yyyy-mm-dd`) that have periods of their own instead; none: closed. */
  days: ReadonlyMap<string, readonly WorkingPeriod[]>
}

export interface WorkingTime {
  isOpen(at: Date): boolean
  /** The first worked moment at or after `at`; null: none within the horizon. */
  nextOpening(at: Date): Date | null
  /** The first moment at or after `at` that is not worked; null: none within the horizon. */
  nextClosing(at: Date): Date | null
  /**
   * The first moment by which so much has been worked since `at`; null: not within the horizon.
   * @param ms milliseconds, ≥ 0; 0 gives `at` itself
   * @throws RangeError for a negative or endless amount
   */
  addWorkingMs(at: Date, ms: number): Date | null
  /** Milliseconds worked from `a` to `b`; negative when `b` is before `a`. @throws RangeError beyond the horizon */
  workingMsBetween(a: Date, b: Date): number
}

/** Nothing is looked for longer than twenty years, so a calendar without hours answers too. */
export const HORIZON_MS = 20 * 366 * DAY

/** A page is a fixed piece of time with all its worked intervals; only pages that are asked for are made. */
const PAGE_MS = 128 * DAY
const PAGES_KEPT = 128

interface Page {
  starts: number[]
  ends: number[]
  /** Worked on this page before each interval. */
  before: number[]
  total: number
}

/** Ready to be asked: cheap to make, quick to ask again. */
export function workingTime(calendar: WorkingCalendar): WorkingTime {
  const pageAt = pagesOf(calendar)
  return {
    isOpen: (at) => isWorked(pageAt, at.getTime()),
    nextOpening: (at) => asDate(nextWorked(pageAt, at.getTime())),
    nextClosing: (at) => asDate(nextFree(pageAt, at.getTime())),
    addWorkingMs(at, ms) {
      if (!(ms >= 0 && ms < Infinity)) throw new RangeError('an amount of working time is a number, 0 or more')
      return ms === 0 ? new Date(at) : asDate(momentAfter(pageAt, at.getTime(), ms))
    },
    workingMsBetween(a, b) {
      const [from, until] = [a.getTime(), b.getTime()]
      if (!(Math.abs(until - from) <= HORIZON_MS)) throw new RangeError('too far apart')
      return from <= until ? worked(pageAt, from, until) : -worked(pageAt, until, from)
    },
  }
}

type PageAt = (index: number) => Page
const pageOf = (instant: number) => Math.floor(instant / PAGE_MS)
const asDate = (instant: number | null) => (instant === null ? null : new Date(instant))

/** The first interval that ends after `instant`; the number of intervals when there is none. */
function intervalAt(page: Page, instant: number): number {
  let [low, high] = [0, page.ends.length]
  while (low < high) {
    const middle = (low + high) >>> 1
    if ((page.ends[middle] ?? 0) > instant) high = middle
    else low = middle + 1
  }
  return low
}

function isWorked(pageAt: PageAt, instant: number): boolean {
  const page = pageAt(pageOf(instant))
  return (page.starts[intervalAt(page, instant)] ?? Infinity) <= instant
}

function nextWorked(pageAt: PageAt, instant: number): number | null {
  for (let index = pageOf(instant); index * PAGE_MS < instant + HORIZON_MS; index += 1) {
    const page = pageAt(index)
    const start = page.starts[intervalAt(page, instant)]
    if (start !== undefined) return Math.max(start, instant)
  }
  return null
}

function nextFree(pageAt: PageAt, instant: number): number | null {
  let free = instant
  while (free < instant + HORIZON_MS) {
    const page = pageAt(pageOf(free))
    const place = intervalAt(page, free)
    if ((page.starts[place] ?? Infinity) > free) return free
    // Only an interval that reaches the end of its page can go on: within one, neighbours are joined.
    free = page.ends[place] ?? free
  }
  return null
}

/** Worked on this page before `instant`. */
function workedBefore(page: Page, instant: number): number {
  const place = intervalAt(page, instant)
  const start = page.starts[place]
  return start === undefined ? page.total : (page.before[place] ?? 0) + Math.max(0, instant - start)
}

function momentAfter(pageAt: PageAt, instant: number, ms: number): number | null {
  const first = pageOf(instant)
  let left = ms + workedBefore(pageAt(first), instant)
  for (let index = first; index * PAGE_MS < instant + HORIZON_MS; index += 1) {
    const page = pageAt(index)
    if (left <= page.total) return momentOn(page, left)
    left -= page.total
  }
  return null
}

/** When `ms` (more than 0, at most the total) have been worked on this page. */
function momentOn(page: Page, ms: number): number {
  let [low, high] = [0, page.before.length - 1]
  while (low < high) {
    const middle = (low + high + 1) >>> 1
    if ((page.before[middle] ?? 0) < ms) low = middle
    else high = middle - 1
  }
  return (page.starts[low] ?? 0) + ms - (page.before[low] ?? 0)
}

function worked(pageAt: PageAt, from: number, until: number): number {
  const last = pageOf(until)
  let sum = workedBefore(pageAt(last), until) - workedBefore(pageAt(pageOf(from)), from)
  for (let index = pageOf(from); index < last; index += 1) sum += pageAt(index).total
  return sum
}

function pagesOf(calendar: WorkingCalendar): PageAt {
  const zone = zoneOf(calendar.timeZone)
  const weekly = calendar.weekly.map((periods) => periods.map(asMinutes))
  const days = new Map([...calendar.days].map(([day, periods]) => [dayNumber(day), periods.map(asMinutes)]))
  // Day 0, 1 January 1970, was a Thursday.
  const periodsOn = (day: number) => days.get(day) ?? weekly[(((day + 3) % 7) + 7) % 7] ?? []
  const pages = new Map<number, Page>()
  const build = (index: number): Page => {
    const page: Page = { starts: [], ends: [], before: [], total: 0 }
    for (const { from, until, offset } of zone.stretches(index * PAGE_MS, (index + 1) * PAGE_MS)) {
      const lastDay = Math.floor((until + offset - 1) / DAY)
      for (let day = Math.floor((from + offset) / DAY); day <= lastDay; day += 1) {
        for (const [opens, closes] of periodsOn(day)) {
          append(page, Math.max(from, day * DAY + opens - offset), Math.min(until, day * DAY + closes - offset))
        }
      }
    }
    return page
  }
  return (index) => {
    const found = pages.get(index) ?? build(index)
    if (pages.size >= PAGES_KEPT) pages.clear()
    pages.set(index, found)
    return found
  }
}

function append(page: Page, start: number, end: number): void {
  if (start >= end) return
  const last = page.ends.length - 1
  if (page.ends[last] === start) page.ends[last] = end
  else {
    page.starts.push(start)
    page.ends.push(end)
    page.before.push(page.total)
  }
  page.total += end - start
}

const asMinutes = ({ from, to }: WorkingPeriod): readonly [opens: number, closes: number] => [
  minuteOf(from) * MINUTE,
  minuteOf(to) * MINUTE,
]

/** Minutes since midnight of `HH:MM`. */
export function minuteOf(time: string): number {
  return Number(time.slice(0, 2)) * 60 + Number(time.slice(3))
}
