import type { z } from 'zod'
import type {
  Calendar,
  HolidayYear,
  calendarCreate,
  calendarDaysChange,
  calendarListQuery,
  calendarPatch,
  holidayImportResult,
} from '#api/contract/calendar.ts'
import { http, type Page } from './http.ts'

export type CalendarBody = z.input<typeof calendarCreate>
export type CalendarPatch = z.input<typeof calendarPatch>
export type DaysChange = z.input<typeof calendarDaysChange>
/** What came of taking over a year; the route answers with the calendar in it. */
export type HolidayResult = z.infer<typeof holidayImportResult>

const at = (id: string) => `/calendars/${encodeURIComponent(id)}`

export const fetchCalendars = (query: Partial<z.input<typeof calendarListQuery>> = {}): Promise<Page<Calendar>> =>
  http.page('/calendars', { ...query, limit: Number(query.limit ?? 100) })
export const fetchCalendar = (id: string): Promise<Calendar> => http.get(at(id))
export const createCalendar = (body: CalendarBody): Promise<Calendar> => http.post('/calendars', body)
export const patchCalendar = (id: string, body: CalendarPatch): Promise<Calendar> => http.patch(at(id), body)
export const removeCalendar = (id: string, version: number): Promise<null> => http.delete(at(id), { version })
export const changeCalendarDays = (id: string, body: DaysChange): Promise<Calendar> => http.post(`${at(id)}/days`, body)
export const fetchHolidayYears = (): Promise<HolidayYear[]> => http.get('/holidays')
export const importHolidays = (id: string, holidays: string, version: number): Promise<HolidayResult> =>
  http.post(`${at(id)}/holidays`, { holidays, version })
