/** A week of a team, to be seen. */
import { z } from 'zod'
import type { MyShift, Roster, Shift } from '../../../contract/team.ts'
import { addDays } from '../../../core/business-time/index.ts'
import type { Ctx, StaffActor } from '../../../core/context.ts'
import { avatarUrl } from '../../identity/index.ts'
import type { TeamRow } from '../model.ts'
import { type LoadedShift, selectShifts, shiftRow, shiftsOf, zoneOfTeam } from './load-shifts.ts'
import { presentTemplate, templatesOf } from './templates.ts'

const people = z.object({ rows: z.array(z.object({ id: z.string(), name: z.string(), avatar_attachment_id: z.string().nullable() })) })
const versions = z.object({ version: z.number() }).optional()

const presentShift = (row: LoadedShift): Shift => ({
  id: row.id,
  accountId: row.account_id,
  day: row.day,
  templateId: row.template_id,
  startsAt: row.starts_at.toISOString(),
  endsAt: row.ends_at.toISOString(),
  swapId: row.swap_id,
  version: row.version,
})

export async function rosterOf(ctx: Ctx, team: TeamRow, week: string): Promise<Roster> {
  const shifts = await shiftsOf(ctx.trx, team.id, week, addDays(week, 6))
  const timeZone = await zoneOfTeam(ctx, team)
  const templates = await templatesOf(ctx, team.id)
  const version: unknown = await ctx.trx('rosters').where({ team_id: team.id, week }).first('version')
  const members: unknown = await ctx.trx.raw(
    `select a.id, a.name, a.avatar_attachment_id from accounts a
     where a.id in (select account_id from team_members where team_id = ?) and a.status = 'active' or a.id = any(?::uuid[])
     order by a.name collate "zh-x-icu", a.id`,
    [team.id, shifts.map((shift) => shift.account_id)],
  )
  return {
    teamId: team.id,
    week,
    timeZone,
    members: people.parse(members).rows.map(({ id, name, avatar_attachment_id: avatar }) => ({ id, name, avatarUrl: avatarUrl(avatar) })),
    templates: templates.map(presentTemplate),
    shifts: shifts.map(presentShift),
    version: versions.parse(version)?.version ?? 0,
  }
}

const mine = z.array(shiftRow.extend({ team_name: z.string() }))

/** My shifts of a week, in all teams. */
export async function myShifts(ctx: Ctx<StaffActor>, week: string): Promise<MyShift[]> {
  const found: unknown = await selectShifts(ctx.trx)
    .join('teams as t', 't.id', 's.team_id')
    .select('t.name as team_name')
    .where('s.account_id', ctx.actor.accountId)
    .whereBetween('s.day', [week, addDays(week, 6)])
    .orderBy(['s.starts_at', 's.id'])
  return mine.parse(found).map((row) => ({
    ...presentShift(row),
    team: { id: row.team_id, name: row.team_name },
    templateName: row.template_name,
  }))
}
