/** Wall clocks of IANA time zones: what `Intl` knows, arranged so that it is asked once per zone and year. Times are epoch milliseconds. */

export const MINUTE = 60_000
export const DAY = 86_400_000

/** From `from` until `until` the wall clock of the zone is the instant plus `offset`. */
export interface Stretch {
  from: number
  until: number
  offset: number
}

export interface Zone {
  offsetAt(instant: number): number
  /** The whole of `[from, until)` in stretches of one offset each, in order. */
  stretches(from: number, until: number): Stretch[]
}

const known = new Map<string, Zone>()

/** @throws RangeError for a name that is no time zone */
export function zoneOf(name: string): Zone {
  const found = known.get(name) ?? createZone(name)
  known.set(name, found)
  return found
}

function createZone(name: string): Zone {
  const format = new Intl.DateTimeFormat('en', { timeZone: name, timeZoneName: 'longOffset' })
  const years = new Map<number, Stretch[]>()
  const yearOf = (year: number): Stretch[] => {
    const found = years.get(year) ?? stretchesOfYear(format, year)
    years.set(year, found)
    return found
  }
  const around = (instant: number) => yearOf(new Date(instant).getUTCFullYear())
  return {
    offsetAt: (instant) => around(instant).find(({ until }) => instant < until)?.offset ?? 0,
    stretches(from, until) {
      const found: Stretch[] = []
      const last = new Date(until).getUTCFullYear()
      for (let year = new Date(from).getUTCFullYear(); year <= last; year += 1) {
        for (const stretch of yearOf(year)) {
          const clipped = { from: Math.max(from, stretch.from), until: Math.min(until, stretch.until), offset: stretch.offset }
          if (clipped.from < clipped.until) found.push(clipped)
        }
      }
      return found
    },
  }
}

/** Compared day by day, and between two days that differ down to the millisecond: no rule of any zone is assumed. */
function stretchesOfYear(format: Intl.DateTimeFormat, year: number): Stretch[] {
  const [from, until] = [Date.UTC(year, 0), Date.UTC(year + 1, 0)]
  const found: Stretch[] = []
  let start = from
  let offset = offsetBy(format, from)
  const search = (low: number, lowOffset: number, high: number, highOffset: number) => {
    if (lowOffset === highOffset) return
    if (high - low === 1) {
      found.push({ from: start, until: high, offset: lowOffset })
      start = high
      offset = highOffset
      return
    }
    const middle = Math.floor((low + high) / 2)
    const middleOffset = offsetBy(format, middle)
    search(low, lowOffset, middle, middleOffset)
    search(middle, middleOffset, high, highOffset)
  }
  for (let day = from; day < until; day += DAY) search(day, offset, day + DAY, offsetBy(format, day + DAY))
  // A change at the very turn of the year begins the next one.
  if (start < until) found.push({ from: start, until, offset })
  return found
}

function offsetBy(format: Intl.DateTimeFormat, instant: number): number {
  const [, sign, hours = '0', minutes = '0', seconds = '0'] = /GMT(?:([+-])(\d+):(\d+)(?::(\d+))?)?$/.exec(format.format(instant)) ?? []
  const amount = ((Number(hours) * 60 + Number(minutes)) * 60 + Number(seconds)) * 1000
  return sign === '-' ? -amount : amount
}

/** `yyyy-mm-dd` of this moment there. */
export const dayIn = (zone: string, at: Date): string =>
  new Date(at.getTime() + zoneOf(zone).offsetAt(at.getTime())).toISOString().slice(0, 10)

/** Days between two days, or a day moved by some: plain calendar arithmetic without any zone. */
export const dayNumber = (day: string): number => Date.parse(`${day}T00:00:00Z`) / DAY
export const addDays = (day: string, days: number): string => new Date((dayNumber(day) + days) * DAY).toISOString().slice(0, 10)

/**
 * When the wall clock of the zone shows this minute of this day. A time that comes twice is the first; one that is skipped is the moment of
 * the change.
 * @param minute of the day, from 0; 1440 and more are the following days
 */
export function momentIn(zone: string, day: string, minute: number): Date {
  const wall = dayNumber(day) * DAY + minute * MINUTE
  const stretches = zoneOf(zone).stretches(wall - 2 * DAY, wall + 2 * DAY)
  const shown = stretches.find(({ from, until, offset }) => wall - offset >= from && wall - offset < until)
  if (shown) return new Date(wall - shown.offset)
  const after = stretches.find(({ from, offset }) => from + offset > wall)
  return new Date(after?.from ?? wall)
}

/** What the wall clock shows at this moment, as minutes since the midnight that began `day`; past 1440 on following days. */
export const wallMinuteIn = (zone: string, day: string, at: Date): number =>
  Math.floor((at.getTime() + zoneOf(zone).offsetAt(at.getTime()) - dayNumber(day) * DAY) / MINUTE)
