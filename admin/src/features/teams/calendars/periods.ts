/** Editing of opening hours: lists of periods within a day, `HH:MM` each, the end up to 24:00. */
import type { Period } from '#api/contract/calendar.ts'

const DAY = 1440
const pad = (value: number): string => String(value).padStart(2, '0')

export const minutesOf = (time: string): number => {
  const [hours, minutes] = time.split(':').map(Number)
  return (hours ?? 0) * 60 + (minutes ?? 0)
}
export const timeOf = (minutes: number): string => `${pad(Math.floor(minutes / 60))}:${pad(minutes % 60)}`

/** What people type: `9`, `930`, `9:30`, `9：30`. Null: no time of a day. */
export const parseTime = (text: string, end = false): string | null => {
  const match = /^(\d{1,2})(?:[:：.]?(\d{2}))?$/.exec(text.trim())
  if (match === null) return null
  const minutes = Number(match[1]) * 60 + Number(match[2] ?? 0)
  if (Number(match[2] ?? 0) > 59) return null
  return minutes < DAY || (end && minutes === DAY) ? timeOf(minutes) : null
}

/** Every half hour; an end may be the end of the day. */
export const halfHours = (end: boolean): string[] =>
  Array.from({ length: 48 }, (_, index) => timeOf((index + (end ? 1 : 0)) * 30)).filter((time) => end || time !== '24:00')

export const sorted = (periods: readonly Period[]): Period[] =>
  periods.toSorted((a, b) => minutesOf(a.from) - minutesOf(b.from) || minutesOf(a.to) - minutesOf(b.to))

export type PeriodProblem = 'order' | 'overlap'
/** In whatever order they stand now; they are put in order when saved. */
export const problemOf = (periods: readonly Period[]): PeriodProblem | null => {
  if (periods.some(({ from, to }) => minutesOf(from) >= minutesOf(to))) return 'order'
  const inOrder = sorted(periods)
  const meets = inOrder.some(({ from }, index) => minutesOf(inOrder[index - 1]?.to ?? '00:00') > minutesOf(from))
  return meets ? 'overlap' : null
}

/** Where another period would fit: an hour after the last one. Null: the day is full. */
export const nextPeriod = (periods: readonly Period[]): Period | null => {
  const last = sorted(periods).at(-1)
  if (last === undefined) return { from: '09:00', to: '18:00' }
  const free = minutesOf(last.to)
  const from = free + 60 < DAY ? free + 60 : free
  return from >= DAY ? null : { from: timeOf(from), to: timeOf(Math.min(from + 240, DAY)) }
}

export const changedAt = <T>(list: readonly T[], index: number, value: T): T[] => list.map((old, at) => (at === index ? value : old))

/** The hours of one weekday on others as well; days are counted from Monday, 0. */
export const copiedTo = (weekly: readonly Period[][], from: number, to: readonly number[]): Period[][] =>
  weekly.map((periods, day) => (to.includes(day) ? (weekly[from] ?? []).map((period) => ({ ...period })) : periods))

export interface WeekRun {
  first: number
  last: number
  periods: Period[]
}
/** Days beside each other that are alike, so that a week can be said in a line. */
export const weekRuns = (weekly: readonly Period[][]): WeekRun[] => {
  const key = (periods: readonly Period[]): string => periods.map(({ from, to }) => `${from}-${to}`).join()
  return weekly.reduce<WeekRun[]>((runs, periods, day) => {
    const before = runs.at(-1)
    if (before !== undefined && key(before.periods) === key(periods)) return [...runs.slice(0, -1), { ...before, last: day }]
    return [...runs, { first: day, last: day, periods }]
  }, [])
}

export const minutesIn = (periods: readonly Period[]): number =>
  periods.reduce((sum, { from, to }) => sum + Math.max(0, minutesOf(to) - minutesOf(from)), 0)
