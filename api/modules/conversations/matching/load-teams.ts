import { z } from 'zod'
import type { Ctx } from '../../../core/context.ts'
import { loadCalendars, openStateOf } from '../../teams/index.ts'
import type { Team } from './decide.ts'

const teamRows = z.object({
  rows: z.array(
    z.object({
      id: z.string(),
      name: z.string(),
      calendar_id: z.string().nullable(),
      business_type_ids: z.array(z.string()),
      skills: z.array(z.object({ id: z.string(), level: z.number() })),
    }),
  ),
})

export interface Wanted {
  teamIds: readonly string[]
  businessTypeIds: readonly string[]
  skillIds: readonly string[]
  calendarIds: readonly string[]
}

export interface Hours {
  open: boolean
  opensAt: Date | null
}

/**
 * Active teams that are named, or that could serve what is asked for, with how they stand now; and the hours of these calendars. Three statements
 * at most, and none where nothing is wanted.
 */
export async function loadTeams(ctx: Ctx, wanted: Wanted): Promise<{ teams: Map<string, Team>; hours: Map<string, Hours> }> {
  const rows = await teamsIn(ctx, wanted)
  const calendars = await loadCalendars(ctx.trx, [...rows.flatMap((row) => row.calendar_id ?? []), ...wanted.calendarIds])
  const hoursOf = (calendarId: string | null): Hours => {
    const { open, changesAt } = openStateOf(calendars.get(calendarId ?? '')?.time, ctx.now)
    return { open, opensAt: open || changesAt === null ? null : new Date(changesAt) }
  }
  const teams = new Map(
    rows.map((row): [string, Team] => [
      row.id,
      {
        id: row.id,
        name: row.name,
        businessTypeIds: row.business_type_ids,
        skills: new Map(row.skills.map(({ id, level }) => [id, level])),
        ...hoursOf(row.calendar_id),
      },
    ]),
  )
  return { teams, hours: new Map(wanted.calendarIds.map((id) => [id, hoursOf(id)])) }
}

async function teamsIn(ctx: Ctx, { teamIds, businessTypeIds, skillIds }: Wanted) {
  if (teamIds.length + businessTypeIds.length + skillIds.length === 0) return []
  const answer: unknown = await ctx.trx.raw(
    `select t.id, t.name, t.calendar_id,
       (select coalesce(json_agg(b.business_type_id), '[]') from team_business_types b where b.team_id = t.id) as business_type_ids,
       (select coalesce(json_agg(json_build_object('id', k.skill_id, 'level', k.level)), '[]') from team_skills k where k.team_id = t.id) as skills
     from teams t
     where t.status = 'active' and t.id in (
       select unnest(?::uuid[])
       union select team_id from team_business_types where business_type_id = any(?::uuid[])
       union select team_id from team_skills where skill_id = any(?::uuid[]))`,
    [[...teamIds], [...businessTypeIds], [...skillIds]],
  )
  return teamRows.parse(answer).rows
}
