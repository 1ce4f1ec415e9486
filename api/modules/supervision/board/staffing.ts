/** Who could take something now: everybody online, by team. What a queue waits for is read from it. */
import { z } from 'zod'
import type { Ctx } from '../../../core/context.ts'
import { dutyOf } from '../../teams/index.ts'
import type { Staffing } from './waiting-reason.ts'

const rows = z.object({
  rows: z.array(
    z.object({
      account_id: z.string(),
      capacity: z.number(),
      load: z.coerce.number(),
      on_duty: z.boolean(),
      team_ids: z.array(z.string()),
      skills: z.array(z.object({ id: z.string(), level: z.number() })),
    }),
  ),
})
export type OnlineAgent = z.infer<typeof rows>['rows'][number]

/** One statement; of the whole house, since the general queue is served by all of it. */
export async function onlineAgents(ctx: Ctx): Promise<OnlineAgent[]> {
  return rows.parse(
    await ctx.trx.raw(
      `select p.account_id, least(p.capacity, duty.max_conversations) as capacity, duty.on_duty,
         (select count(*) from assignments w where w.account_id = p.account_id and w.work_kind = 'conversation' and w.ended_at is null) as load,
         coalesce((select json_agg(m.team_id) from team_members m where m.account_id = p.account_id), '[]') as team_ids,
         coalesce((select json_agg(json_build_object('id', k.skill_id, 'level', k.level)) from staff_skills k where k.account_id = p.account_id), '[]')
           as skills
       from presences p join accounts a on a.id = p.account_id cross join ${dutyOf('p.account_id')}
       where p.status = 'online' and a.status = 'active' order by p.account_id`,
    ),
  ).rows
}

/** @param teams name and whether it is open, of those the reader reaches */
export function staffingBy(
  online: readonly OnlineAgent[],
  teams: ReadonlyMap<string, { name: string; open: boolean }>,
): (teamId: string | null) => Staffing {
  const known = new Map<string | null, Staffing>()
  const make = (teamId: string | null): Staffing => {
    const team = teamId === null ? undefined : teams.get(teamId)
    const there = online.filter((agent) => agent.on_duty && (teamId === null || agent.team_ids.includes(teamId)))
    return {
      name: team?.name ?? null,
      open: team?.open ?? true,
      agents: there.map(({ load, capacity, skills }) => ({ load, capacity, skills: new Map(skills.map(({ id, level }) => [id, level])) })),
    }
  }
  return (teamId) => {
    const staffing = known.get(teamId) ?? make(teamId)
    known.set(teamId, staffing)
    return staffing
  }
}
