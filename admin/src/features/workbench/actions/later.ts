/** Moments that people mean by later, in the clock of whoever chooses. Pure. */
export const LATER = ['hour', 'threeHours', 'evening', 'tomorrow', 'monday'] as const
export type Later = (typeof LATER)[number]

const MORNING_HOUR = 9
const EVENING_HOUR = 18
const HOUR_MS = 3_600_000

const atHour = (now: number, days: number, hour: number): number => {
  const day = new Date(now)
  day.setDate(day.getDate() + days)
  return day.setHours(hour, 0, 0, 0)
}
const daysToMonday = (now: number): number => (8 - new Date(now).getDay()) % 7 || 7

const MOMENTS: Record<Later, (now: number) => number> = {
  hour: (now) => now + HOUR_MS,
  threeHours: (now) => now + 3 * HOUR_MS,
  evening: (now) => atHour(now, 0, EVENING_HOUR),
  tomorrow: (now) => atHour(now, 1, MORNING_HOUR),
  monday: (now) => atHour(now, daysToMonday(now), MORNING_HOUR),
}

export interface Moment {
  later: Later
  at: string
}

/** This evening is left out once it is near or over, next Monday when it is tomorrow. */
export const moments = (now: number): Moment[] =>
  LATER.map((later) => ({ later, time: MOMENTS[later](now) }))
    .filter(({ later, time }) => later !== 'evening' || time - now > HOUR_MS)
    .filter(({ time }, index, all) => all.findIndex((one) => one.time === time) === index)
    .map(({ later, time }) => ({ later, at: new Date(time).toISOString() }))
