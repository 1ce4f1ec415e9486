import { z } from 'zod'
import type { Ctx } from '../../../core/context.ts'
import { companySettings } from '../../settings/index.ts'
import { loadCalendars } from '../../teams/index.ts'
import type { ClosingRow } from './model.ts'
import { afterWorkingDays, type Days } from './working-days.ts'

const teamCalendar = z.array(z.object({ calendar_id: z.string().nullable() }))

/** Working days of the team that has the ticket; without a calendar every day of the company is one. */
export async function daysOfTeam(ctx: Pick<Ctx, 'trx'>, teamId: string | null): Promise<Days> {
  const [team] = teamId === null ? [] : teamCalendar.parse(await ctx.trx('teams').where({ id: teamId }).select('calendar_id'))
  const id = team?.calendar_id ?? null
  const calendar = id === null ? undefined : (await loadCalendars(ctx.trx, [id])).get(id)
  if (calendar) return { timeZone: calendar.row.time_zone, time: calendar.time }
  return { timeZone: (await companySettings(ctx)).timeZone, time: undefined }
}

export interface Plan {
  since: Date
  closeDays: number
  /** Working days before the end; 0: no reminder. */
  noticeDays: number
}

/** Pure. */
export const momentsOf = ({ since, closeDays, noticeDays }: Plan, days: Days): { noticeAt: Date | null; closeAt: Date } => ({
  noticeAt: noticeDays === 0 ? null : afterWorkingDays(since, closeDays - noticeDays, days),
  closeAt: afterWorkingDays(since, closeDays, days),
})

type Planned = Pick<ClosingRow, 'since' | 'close_days' | 'notice_days' | 'noticed_at'>

/** The same by the calendar as it is now. Whoever was reminded keeps the days that he was promised then. Pure. */
export function replanned(row: Planned, days: Days): { noticeAt: Date | null; closeAt: Date } {
  const { noticeAt, closeAt } = momentsOf({ since: row.since, closeDays: row.close_days, noticeDays: row.notice_days }, days)
  if (row.noticed_at === null) return { noticeAt, closeAt }
  const promised = afterWorkingDays(row.noticed_at, row.notice_days, days)
  return { noticeAt, closeAt: promised > closeAt ? promised : closeAt }
}
