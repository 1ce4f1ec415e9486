/** Working days after a moment. Pure. */
import { addDays, dayIn, momentIn, wallMinuteIn, type WorkingTime } from '../../../core/business-time/index.ts'

export interface Days {
  timeZone: string
  /** Undefined: every day is worked. */
  time: WorkingTime | undefined
}

/** Nobody waits longer than this for a working day: a calendar without any counts every day. */
const LONGEST_DAYS = 400

/**
 * The same time of day, so many working days later; the day of `at` itself does not count.
 * @param days whole days, ≥ 0; 0 gives `at`
 */
export function afterWorkingDays(at: Date, days: number, { timeZone, time }: Days): Date {
  if (days === 0) return at
  const first = dayIn(timeZone, at)
  const minute = wallMinuteIn(timeZone, first, at)
  const worked = (day: string) =>
    time === undefined || time.workingMsBetween(momentIn(timeZone, day, 0), momentIn(timeZone, addDays(day, 1), 0)) > 0
  let left = days
  for (let step = 1; step <= LONGEST_DAYS; step += 1) {
    const day = addDays(first, step)
    if (worked(day)) left -= 1
    if (left === 0) return momentIn(timeZone, day, minute)
  }
  return momentIn(timeZone, addDays(first, days), minute)
}
