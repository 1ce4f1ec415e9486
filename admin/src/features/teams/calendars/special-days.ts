import type { CalendarDay, Period } from '#api/contract/calendar.ts'
import type { DaysChange } from '../../../api/calendars.ts'
import { addDays } from '../shifts/week.ts'
import { sorted } from './periods.ts'

export interface DayForm {
  from: string
  /** The same as `from` for a single day. */
  to: string
  kind: CalendarDay['kind']
  name: string
  /** A worked day keeps Monday's hours unless it has its own. */
  ownHours: boolean
  periods: Period[]
}

export const dayForm = (day: CalendarDay | null): DayForm => ({
  from: day?.day ?? '',
  to: day?.day ?? '',
  kind: day?.kind ?? 'holiday',
  name: day?.name ?? '',
  ownHours: day?.kind === 'workday' && day.periods !== null,
  periods: day?.periods?.map((period) => ({ ...period })) ?? [],
})

/** How many days in a row one entry may cover. */
export const LONGEST = 60

/** Every day from the first to the last, both included. */
export const daysBetween = (from: string, to: string): string[] => {
  const days: string[] = []
  for (let day = from; day <= to && days.length <= LONGEST; day = addDays(day, 1)) days.push(day)
  return days
}

/** A holiday has no hours, an exception always its own, perhaps none. */
export const daysToSet = (form: DayForm): NonNullable<DaysChange['set']> => {
  const own = form.kind === 'exception' || (form.kind === 'workday' && form.ownHours)
  const periods = own ? sorted(form.periods) : null
  return daysBetween(form.from, form.to).map((day) => ({ day, kind: form.kind, name: form.name.trim(), periods }))
}
