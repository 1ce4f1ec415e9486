import { z } from 'zod'
import type { Ctx } from '../../../core/context.ts'
import { companySettings } from '../../settings/index.ts'
import { loadCalendars } from '../../teams/index.ts'
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
