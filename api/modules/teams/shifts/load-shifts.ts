import type { Knex } from 'knex'
import { z } from 'zod'
import type { Ctx } from '../../../core/context.ts'
import { companySettings } from '../../settings/index.ts'
import { CalendarRow } from '../calendars/model.ts'
import type { TeamRow } from '../model.ts'

/** `day` as text: a JavaScript date would bring a time zone along. */
export const shiftRow = z.object({
  id: z.string(),
  team_id: z.string(),
  account_id: z.string(),
  day: z.string(),
  template_id: z.string().nullable(),
  template_name: z.string().nullable(),
  starts_at: z.date(),
  ends_at: z.date(),
  swap_id: z.string().nullable(),
  version: z.number(),
})
export type LoadedShift = z.infer<typeof shiftRow>

export const selectShifts = (trx: Knex): Knex.QueryBuilder =>
  trx('shifts as s')
    .leftJoin('shift_templates as p', 'p.id', 's.template_id')
    .select('s.id', 's.team_id', 's.account_id', 's.template_id', 's.starts_at', 's.ends_at', 's.version', 'p.name as template_name')
    .select(trx.raw('s.day::text as day'))
    .select(
      trx.raw(
        `(select w.id from shift_swaps w where w.state = 'requested' and (w.shift_id = s.id or w.return_shift_id = s.id)
          order by w.id limit 1) as swap_id`,
      ),
    )

export async function shiftsOf(trx: Knex, teamId: string, from: string, until: string): Promise<LoadedShift[]> {
  const rows: unknown = await selectShifts(trx)
    .where('s.team_id', teamId)
    .whereBetween('s.day', [from, until])
    .orderBy(['s.starts_at', 's.id'])
  return z.array(shiftRow).parse(rows)
}

/** Shifts are planned by the wall clock of the team's calendar, else the company's. */
export async function zoneOfTeam(ctx: Pick<Ctx, 'trx'>, team: Pick<TeamRow, 'calendar_id'>): Promise<string> {
  const calendar = team.calendar_id === null ? undefined : await CalendarRow.query(ctx.trx).findById(team.calendar_id).select('time_zone')
  return calendar?.time_zone ?? (await companySettings(ctx)).timeZone
}
