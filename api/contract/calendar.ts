/** Working calendars (BP-007.5): when a team, or whoever else uses one, is open. */
import { z } from 'zod'
import { listQuery } from './list.ts'
import { safeText } from './message.ts'

/** `yyyy-mm-dd`, a day of the calendar's (or company's) own time zone. */
export const daySchema = z.iso.date()
/** `HH:MM`, a wall-clock time of the calendar's zone. */
export const timeOfDay = z.string().regex(/^([01]\d|2[0-3]):[0-5]\d$/)
const endOfPeriod = z.string().regex(/^(([01]\d|2[0-3]):[0-5]\d|24:00)$/)

/** Within one day; `to` 24:00 is its end. Work past midnight is two periods: up to 24:00, and from 00:00 on the next day. */
export const periodSchema = z
  .strictObject({ from: timeOfDay, to: endOfPeriod })
  .refine(({ from, to }) => from < to, 'a period ends after it begins')
export type Period = z.infer<typeof periodSchema>
export const periodsSchema = z
  .array(periodSchema)
  .max(12)
  .refine(
    (periods) => periods.every((period, index) => index === 0 || (periods[index - 1]?.to ?? '') <= period.from),
    'periods stand in order and do not overlap',
  )

/** Seven lists of periods, Monday first; an empty list: closed that day. */
export const weeklySchema = z.array(periodsSchema).length(7)

export const timeZoneSchema = z
  .string()
  .max(60)
  .regex(/^(UTC|[A-Za-z_]+(\/[A-Za-z0-9_+-]+)+)$/)
  .refine((zone) => {
    try {
      return Boolean(new Intl.DateTimeFormat('en', { timeZone: zone }))
    } catch {
      return false
    }
  }, 'an IANA time zone, such as Asia/Shanghai')

/** `holiday`: closed. `workday` (调休): a weekend day that is worked. `exception`: any day with periods of its own, perhaps none. */
export const DAY_KINDS = ['holiday', 'workday', 'exception'] as const
export const calendarDaySchema = z.object({
  day: daySchema,
  kind: z.enum(DAY_KINDS),
  name: z.string(),
  /** holiday: null. workday: null means as on a Monday. exception: always given. */
  periods: z.array(z.object({ from: z.string(), to: z.string() })).nullable(),
  /** Which import it came from, such as `cn-2026`; null: entered by hand. An import replaces only days of its own. */
  source: z.string().nullable(),
})
export type CalendarDay = z.infer<typeof calendarDaySchema>

export const calendarSchema = z.object({
  id: z.uuid(),
  name: z.string(),
  timeZone: z.string(),
  weekly: z.array(z.array(z.object({ from: z.string(), to: z.string() }))),
  /** Of the last year and the future, by date. */
  days: z.array(calendarDaySchema),
  /** Teams that use it: changing it changes all of them. Only those within the reader's scope are named. */
  teams: z.array(z.object({ id: z.uuid(), name: z.string() })),
  teamCount: z.int().nonnegative(),
  /** Now, by this calendar. `changesAt`: when it opens or closes next; null: never. */
  state: z.object({ open: z.boolean(), changesAt: z.iso.datetime().nullable() }),
  version: z.int().positive(),
})
export type Calendar = z.infer<typeof calendarSchema>

export const calendarListQuery = listQuery.extend({ q: safeText(60).optional() })
export const calendarCreate = z.strictObject({ name: safeText(60, 1), timeZone: timeZoneSchema, weekly: weeklySchema })
export const calendarPatch = z.strictObject({
  name: safeText(60, 1).optional(),
  timeZone: timeZoneSchema.optional(),
  weekly: weeklySchema.optional(),
  version: z.int().positive(),
})
export const calendarRemove = z.strictObject({ version: z.coerce.number().int().positive() })

const dayInput = z
  .strictObject({ day: daySchema, kind: z.enum(DAY_KINDS), name: safeText(60, 1), periods: periodsSchema.nullable() })
  .refine(({ kind, periods }) => kind !== 'holiday' || periods === null, 'a holiday has no periods')
  .refine(({ kind, periods }) => kind !== 'exception' || periods !== null, 'an exception has periods of its own, perhaps none')
/** Sets these days, each replacing what was there, and takes others back to the week. */
export const calendarDaysChange = z
  .strictObject({
    set: z.array(dayInput).max(400).default([]),
    remove: z.array(daySchema).max(400).default([]),
    version: z.int().positive(),
  })
  .refine(({ set, remove }) => new Set([...set.map(({ day }) => day), ...remove]).size === set.length + remove.length, 'each day once')

/** A year of public holidays that the product brings along. */
export const holidayYearSchema = z.object({
  /** `cn-2026` */
  id: z.string(),
  year: z.int(),
  /** Who announced it: number of the notice, and its address. */
  source: z.object({ title: z.string(), url: z.url() }),
  /** False: only the days by law; the moved days (调休) are not announced yet. */
  complete: z.boolean(),
  days: z.array(z.object({ day: daySchema, kind: z.enum(['holiday', 'workday']), name: z.string() })),
})
export type HolidayYear = z.infer<typeof holidayYearSchema>
/** Takes over a year into a calendar. Days entered by hand stay as they are and are counted as `kept`. */
export const holidayImport = z.strictObject({ holidays: z.string().regex(/^[a-z]{2}-\d{4}$/), version: z.int().positive() })
export const holidayImportResult = z.object({ calendar: calendarSchema, imported: z.int().nonnegative(), kept: z.array(daySchema) })
