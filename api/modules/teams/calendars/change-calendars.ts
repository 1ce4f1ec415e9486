/** Making and changing calendars (BP-007.5). Several teams may share one: whoever changes it must be able to change all of them. */
import { ForeignKeyViolationError } from 'objection'
import { z } from 'zod'
import type { calendarCreate, calendarDaysChange, calendarPatch } from '../../../contract/calendar.ts'
import type { Ctx, StaffActor } from '../../../core/context.ts'
import { Conflict, Forbidden, NotFound } from '../../../core/errors.ts'
import { newId } from '../../../core/ids.ts'
import { changesOf, record } from '../../audit/index.ts'
import { explaining } from '../database-errors.ts'
import { TeamRow } from '../model.ts'
import { checkVersion, may, standingOf } from '../policy.ts'
import { HOLIDAY_YEARS } from './holidays.ts'
import { type CalendarDayRow, CalendarRow } from './model.ts'

const facts = (row: CalendarRow) => ({ name: row.name, timeZone: row.time_zone, weekly: row.weekly })
const objectOf = (row: CalendarRow) => ({ kind: 'calendar', id: row.id, label: row.name })
const taken = (name: string) => ({ calendars_name_key: () => new Conflict('name_taken', 'another calendar has this name', { name }) })

/** @throws Conflict `name_taken` */
export async function createCalendar(ctx: Ctx<StaffActor>, input: z.output<typeof calendarCreate>): Promise<CalendarRow> {
  const row = await explaining(taken(input.name), () =>
    CalendarRow.query(ctx.trx).insertAndFetch({ id: newId(), name: input.name, time_zone: input.timeZone, weekly: input.weekly }),
  )
  await record(ctx, { action: 'calendar.created', object: objectOf(row), after: facts(row) })
  return row
}

/** Locked. @throws NotFound; Forbidden when a team that uses it is not the caller's to change; Conflict `version_conflict` */
export async function calendarToChange(ctx: Ctx<StaffActor>, id: string, version: number): Promise<CalendarRow> {
  const row = await CalendarRow.query(ctx.trx).findById(id).forUpdate()
  if (!row) throw new NotFound('calendar')
  const standing = await standingOf(ctx)
  const teams = await TeamRow.query(ctx.trx).where({ calendar_id: id }).select('id', 'leader_id')
  if (!teams.every((team) => may(standing, team, 'manage')))
    throw new Forbidden('forbidden', 'teams that you do not manage use this calendar')
  checkVersion(row, version)
  return row
}

/** The last step of every change: those who count by it may refuse, and hear of it after the commit. */
async function bump(ctx: Ctx, row: CalendarRow, change: Partial<CalendarRow> = {}): Promise<CalendarRow> {
  const changed = await row.$query(ctx.trx).patchAndFetch({ ...change, version: row.version + 1, updated_at: ctx.now })
  for (const check of ctx.app.hooks.all('calendar.changing')) await check(ctx, row.id)
  ctx.emit({ name: 'calendar.changed', subjectId: row.id })
  return changed
}

/** @throws as `calendarToChange`; Conflict `name_taken` */
export async function updateCalendar(ctx: Ctx<StaffActor>, id: string, patch: z.output<typeof calendarPatch>): Promise<CalendarRow> {
  const row = await calendarToChange(ctx, id, patch.version)
  const before = facts(row)
  const changed = await explaining(taken(patch.name ?? ''), () =>
    bump(ctx, row, {
      ...(patch.name === undefined ? {} : { name: patch.name }),
      ...(patch.timeZone === undefined ? {} : { time_zone: patch.timeZone }),
      ...(patch.weekly === undefined ? {} : { weekly: patch.weekly }),
    }),
  )
  const changes = changesOf(before, facts(changed))
  if (changes) await record(ctx, { action: 'calendar.changed', object: objectOf(changed), ...changes })
  return changed
}

/** @throws as `calendarToChange`; Conflict `calendar_in_use`, also where policies or past clocks name it */
export async function removeCalendar(ctx: Ctx<StaffActor>, id: string, version: number): Promise<void> {
  const row = await calendarToChange(ctx, id, version)
  const users = await TeamRow.query(ctx.trx).where({ calendar_id: id }).resultSize()
  if (users > 0) throw new Conflict('calendar_in_use', 'teams use this calendar', { teams: users })
  try {
    await row.$query(ctx.trx).delete()
  } catch (error) {
    if (error instanceof ForeignKeyViolationError)
      throw new Conflict('calendar_in_use', 'policies or clocks use this calendar', { teams: 0 })
    throw error
  }
  await record(ctx, { action: 'calendar.removed', object: objectOf(row), before: facts(row) })
}

type NewDay = Pick<CalendarDayRow, 'day' | 'kind' | 'name' | 'periods'>

async function writeDays(ctx: Ctx, calendarId: string, days: readonly NewDay[], source: string | null): Promise<void> {
  if (days.length === 0) return
  await ctx.trx.raw(
    `insert into calendar_days (calendar_id, day, kind, name, periods, source)
     select ?, day, kind, name, nullif(periods, 'null'), ? from json_to_recordset(?::json) as t(day date, kind text, name text, periods jsonb)
     on conflict (calendar_id, day) do update
       set kind = excluded.kind, name = excluded.name, periods = excluded.periods, source = excluded.source`,
    [calendarId, source, JSON.stringify(days)],
  )
}

const removeDays = (ctx: Ctx, calendarId: string, days: readonly string[]): Promise<number> =>
  ctx
    .trx('calendar_days')
    .where({ calendar_id: calendarId })
    .whereIn('day', [...days])
    .delete()

/** Temporary exceptions, holidays by hand. @throws as `calendarToChange` */
export async function changeDays(ctx: Ctx<StaffActor>, id: string, change: z.output<typeof calendarDaysChange>): Promise<CalendarRow> {
  const row = await calendarToChange(ctx, id, change.version)
  await removeDays(ctx, id, change.remove)
  await writeDays(ctx, id, change.set, null)
  await record(ctx, { action: 'calendar.days_changed', object: objectOf(row), after: { set: change.set, remove: change.remove } })
  return bump(ctx, row)
}

const dayRows = z.object({ rows: z.array(z.object({ day: z.string() })) })

/** Which of these days have something of their own. */
async function setDays(ctx: Ctx, calendarId: string, days: readonly string[]): Promise<string[]> {
  const answer: unknown = await ctx.trx.raw('select day::text from calendar_days where calendar_id = ? and day = any(?::date[])', [
    calendarId,
    [...days],
  ])
  return dayRows.parse(answer).rows.map(({ day }) => day)
}

/** A year of public holidays; days entered by hand stay. @throws as `calendarToChange`; NotFound for an unknown year */
export async function importHolidays(
  ctx: Ctx<StaffActor>,
  id: string,
  input: { holidays: string; version: number },
): Promise<{ row: CalendarRow; imported: number; kept: string[] }> {
  const year = HOLIDAY_YEARS.find((each) => each.id === input.holidays)
  if (!year) throw new NotFound('holidays')
  const row = await calendarToChange(ctx, id, input.version)
  await ctx.trx('calendar_days').where({ calendar_id: id, source: year.id }).delete()
  const byHand = await setDays(
    ctx,
    id,
    year.days.map(({ day }) => day),
  )
  const free = year.days.filter(({ day }) => !byHand.includes(day))
  await writeDays(
    ctx,
    id,
    free.map((day) => ({ ...day, periods: null })),
    year.id,
  )
  await record(ctx, { action: 'calendar.holidays_imported', object: objectOf(row), after: { holidays: year.id, days: free.length } })
  const kept = year.days.map(({ day }) => day).filter((day) => byHand.includes(day))
  return { row: await bump(ctx, row), imported: free.length, kept }
}
