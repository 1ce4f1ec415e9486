import type { DAY_KINDS, Period } from '../../../contract/calendar.ts'
import { Row } from '../../../core/db.ts'

export class CalendarRow extends Row {
  static override tableName = 'calendars'
  static override jsonAttributes = ['weekly']
  declare id: string
  declare name: string
  declare time_zone: string
  /** Monday first. */
  declare weekly: Period[][]
  declare version: number
  declare created_at: Date
  declare updated_at: Date
}

/** Loaded with `day` as text: a JavaScript date would bring a time zone along. */
export interface CalendarDayRow {
  calendar_id: string
  day: string
  kind: (typeof DAY_KINDS)[number]
  name: string
  periods: Period[] | null
  source: string | null
}
