import type { z } from 'zod'
import type { Calendar, calendarListQuery } from '../../../contract/calendar.ts'
import type { Ctx, StaffActor } from '../../../core/context.ts'
import { decodeCursor, encodeCursor } from '../../../core/cursor.ts'
import { NotFound } from '../../../core/errors.ts'
import { likePattern } from '../like-pattern.ts'
import { TeamRow } from '../model.ts'
import { maySee, standingOf } from '../policy.ts'
import { daysOf, openStateOf, workingTimeOf } from './load-calendars.ts'
import { CalendarRow } from './model.ts'

export async function listCalendars(
  ctx: Ctx<StaffActor>,
  query: z.output<typeof calendarListQuery>,
): Promise<{ data: Calendar[]; nextCursor: string | null }> {
  const after = decodeCursor(query.cursor)
  const rows = await CalendarRow.query(ctx.trx)
    .modify((builder) => {
      if (query.q) void builder.whereILike('name', likePattern(query.q))
      if (after) void builder.whereRaw('(name, id) > (?, ?::uuid)', [after.key, after.id])
    })
    .orderBy(['name', 'id'])
    .limit(query.limit + 1)
  const shown = rows.slice(0, query.limit)
  const last = rows.length > query.limit ? shown.at(-1) : undefined
  return { data: await presentCalendars(ctx, shown), nextCursor: last ? encodeCursor(last.name, last.id) : null }
}

/** @throws NotFound */
export async function calendarOf(ctx: Ctx<StaffActor>, id: string): Promise<Calendar> {
  const [calendar] = await presentCalendars(ctx, await CalendarRow.query(ctx.trx).where({ id }))
  if (!calendar) throw new NotFound('calendar')
  return calendar
}

export async function presentCalendars(ctx: Ctx<StaffActor>, rows: readonly CalendarRow[]): Promise<Calendar[]> {
  const ids = rows.map((row) => row.id)
  const days = await daysOf(ctx.trx, ids)
  const teams = await TeamRow.query(ctx.trx)
    .whereIn('calendar_id', ids)
    .orderBy(['name', 'id'])
    .select('id', 'name', 'leader_id', 'calendar_id')
  const standing = await standingOf(ctx)
  return rows.map((row) => {
    const own = days.filter((day) => day.calendar_id === row.id)
    const users = teams.filter((team) => team.calendar_id === row.id)
    return {
      id: row.id,
      name: row.name,
      timeZone: row.time_zone,
      weekly: row.weekly,
      days: own.map(({ day, kind, name, periods, source }) => ({ day, kind, name, periods, source })),
      teams: users.filter((team) => maySee(standing, team)).map(({ id, name }) => ({ id, name })),
      teamCount: users.length,
      state: openStateOf(workingTimeOf(row, own), ctx.now),
      version: row.version,
    }
  })
}
