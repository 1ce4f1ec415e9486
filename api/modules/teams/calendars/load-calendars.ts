/** Calendars as the arithmetic wants them, and how they stand now. */
import type { Knex } from 'knex'
import { z } from 'zod'
import { DAY_KINDS, type Period } from '../../../contract/calendar.ts'
import { type WorkingTime, workingTime } from '../../../core/business-time/index.ts'
import { type CalendarDayRow, CalendarRow } from './model.ts'

const periods = z.array(z.object({ from: z.string(), to: z.string() }))
const dayRows = z.object({
  rows: z.array(
    z.object({
      calendar_id: z.string(),
      day: z.string(),
      kind: z.enum(DAY_KINDS),
      name: z.string(),
      periods: periods.nullable(),
      source: z.string().nullable(),
    }),
  ),
})

/** Days of their own from a year ago on, or from `since` where that is earlier, of several calendars in one statement. */
export async function daysOf(trx: Knex, calendarIds: readonly string[], since: Date | null = null): Promise<CalendarDayRow[]> {
  if (calendarIds.length === 0) return []
  const answer: unknown = await trx.raw(
    `select calendar_id, day::text, kind, name, periods, source from calendar_days
     where calendar_id = any(?::uuid[]) and day >= least(app_now() - interval '1 year', ?::timestamptz - interval '2 days')::date
     order by calendar_id, day`,
    [[...calendarIds], since],
  )
  return dayRows.parse(answer).rows
}

const periodsOn = (day: Pick<CalendarDayRow, 'kind' | 'periods'>, weekly: readonly Period[][]): readonly Period[] =>
  day.periods ?? (day.kind === 'workday' ? (weekly[0] ?? []) : [])

export const workingTimeOf = (calendar: Pick<CalendarRow, 'time_zone' | 'weekly'>, days: readonly CalendarDayRow[]): WorkingTime =>
  workingTime({
    timeZone: calendar.time_zone,
    weekly: calendar.weekly,
    days: new Map(days.map((day) => [day.day, periodsOn(day, calendar.weekly)])),
  })

export interface LoadedCalendar {
  row: CalendarRow
  days: CalendarDayRow[]
  time: WorkingTime
}

/**
 * Two statements, however many.
 * @param since what is counted from a moment more than a year ago needs the holidays since then, too
 */
export async function loadCalendars(trx: Knex, ids: readonly string[], since: Date | null = null): Promise<Map<string, LoadedCalendar>> {
  const wanted = [...new Set(ids)]
  if (wanted.length === 0) return new Map()
  const rows = await CalendarRow.query(trx).whereIn('id', wanted)
  const days = await daysOf(trx, wanted, since)
  return new Map(
    rows.map((row) => {
      const own = days.filter(({ calendar_id: id }) => id === row.id)
      return [row.id, { row, days: own, time: workingTimeOf(row, own) }]
    }),
  )
}

/** Without a calendar: always open. */
export function openStateOf(time: WorkingTime | undefined, now: Date): { open: boolean; changesAt: string | null } {
  if (!time) return { open: true, changesAt: null }
  const open = time.isOpen(now)
  const changesAt = open ? time.nextClosing(now) : time.nextOpening(now)
  return { open, changesAt: changesAt?.toISOString() ?? null }
}
