import type { Calendar, Period } from '#api/contract/calendar.ts'
import { problemOf, sorted } from './periods.ts'

export interface CalendarForm {
  name: string
  timeZone: string
  /** Seven lists, Monday first. */
  weekly: Period[][]
}

const office = (): Period[] => [
  { from: '09:00', to: '12:00' },
  { from: '13:30', to: '18:00' },
]

/** A new one begins as an office week. */
export const calendarForm = (calendar: Calendar | null): CalendarForm =>
  calendar === null
    ? { name: '', timeZone: 'Asia/Shanghai', weekly: [...Array.from({ length: 5 }, office), [], []] }
    : {
        name: calendar.name,
        timeZone: calendar.timeZone,
        weekly: calendar.weekly.map((periods) => periods.map((period) => ({ ...period }))),
      }

export const calendarBody = (form: CalendarForm): CalendarForm => ({ ...form, name: form.name.trim(), weekly: form.weekly.map(sorted) })

export const isSound = (form: CalendarForm): boolean =>
  form.name.trim() !== '' && form.weekly.every((periods) => problemOf(periods) === null)
