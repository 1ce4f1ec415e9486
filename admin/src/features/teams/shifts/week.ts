/** Days are `yyyy-mm-dd` without a zone; a week is known by its Monday. */
const DAY_MS = 86_400_000
const IS_DAY = /^\d{4}-\d{2}-\d{2}$/

const atNoon = (day: string): number => Date.parse(`${day}T12:00:00Z`)
const dayAt = (ms: number): string => new Date(ms).toISOString().slice(0, 10)

export const addDays = (day: string, count: number): string => dayAt(atNoon(day) + count * DAY_MS)
/** 0 Monday … 6 Sunday. */
export const weekdayOf = (day: string): number => (new Date(atNoon(day)).getUTCDay() + 6) % 7
export const mondayOf = (day: string): string => addDays(day, -weekdayOf(day))
export const weekDays = (week: string): string[] => Array.from({ length: 7 }, (_, index) => addDays(week, index))

/** The week an address names; null when it names none. */
export const weekIn = (text: string): string | null => (IS_DAY.test(text) && Number.isFinite(atNoon(text)) ? mondayOf(text) : null)

export const dayIn = (zone: string, moment: Date): string =>
  new Intl.DateTimeFormat('en-CA', { timeZone: zone, year: 'numeric', month: '2-digit', day: '2-digit' }).format(moment)

/** What a clock on the wall of the zone shows, `HH:MM`. */
export const wallTime = (iso: string, zone: string): string =>
  new Intl.DateTimeFormat('en-GB', { timeZone: zone, hour: '2-digit', minute: '2-digit', hourCycle: 'h23' }).format(new Date(iso))

/** The ISO number of the week. */
export const weekNumber = (week: string): number => {
  const thursday = addDays(week, 3)
  return 1 + Math.floor((atNoon(thursday) - atNoon(`${thursday.slice(0, 4)}-01-01`)) / DAY_MS / 7)
}
