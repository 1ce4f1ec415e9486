/** How much of a promise is used up, and when it will be: working time with pauses as breaks in it (BP-006.2). Pure. */
import { workingTime, type WorkingTime } from '../../../core/business-time/index.ts'

/** From, until; `until` ≥ `from`. In order, none over another. */
export type Break = readonly [from: Date, until: Date]

export interface Counting {
  time: WorkingTime
  startedAt: Date
  breaks: readonly Break[]
  /** It stands still since then. */
  pausedAt: Date | null
}

/** Where no calendar says otherwise. */
export const EVERY_HOUR: WorkingTime = workingTime({
  timeZone: 'UTC',
  weekly: Array.from({ length: 7 }, () => [{ from: '00:00', to: '24:00' }]),
  days: new Map(),
})

/** Milliseconds counted from the beginning to `at`; 0 before the beginning. */
export function countedMs({ time, startedAt, breaks, pausedAt }: Counting, at: Date): number {
  const until = pausedAt !== null && pausedAt < at ? pausedAt : at
  let sum = 0
  let from = startedAt
  for (const [pause, resume] of breaks) {
    if (pause >= until) break
    if (pause > from) sum += time.workingMsBetween(from, pause)
    if (resume > from) from = resume
  }
  return until > from ? sum + time.workingMsBetween(from, until) : sum
}

/**
 * The first moment by which so much is counted, if it never stands still again. A pause that goes on is left out: who asks has ended it, or does not ask.
 * @param ms milliseconds, ≥ 0
 * @returns null: not within the horizon of the calendar
 */
export function momentOf({ time, startedAt, breaks }: Omit<Counting, 'pausedAt'>, ms: number): Date | null {
  let left = ms
  let from = startedAt
  for (const [pause, resume] of breaks) {
    if (pause > from) {
      const worked = time.workingMsBetween(from, pause)
      if (left <= worked) return time.addWorkingMs(from, left)
      left -= worked
    }
    if (resume > from) from = resume
  }
  return time.addWorkingMs(from, left)
}
