/** The agents' wall (BP-012.2, BP-012.3): two statements, whatever their number. */
import { z } from 'zod'
import type { BoardAgent } from '../../../contract/supervision.ts'
import type { Ctx } from '../../../core/context.ts'
import { avatarUrl } from '../../identity/index.ts'
import { dutyOf } from '../../teams/index.ts'
import type { BoardFilter, Scope } from '../scope.ts'
import { DAY_BEGAN } from './day.ts'

/** More people than this are a wall that nobody reads; the first are those who are there. */
const MOST = 1000

const labelled = z.object({ id: z.string(), labelZh: z.string(), labelEn: z.string(), level: z.number() })
const rows = z.object({
  rows: z.array(
    z.object({
      id: z.string(),
      name: z.string(),
      avatar_attachment_id: z.string().nullable(),
      on_duty: z.boolean(),
      unanswered: z.coerce.number(),
      unanswered_since: z.date().nullable(),
      taken: z.coerce.number(),
      closed: z.coerce.number(),
      teams: z.array(z.object({ id: z.string(), name: z.string() })),
      skills: z.array(labelled),
    }),
  ),
})

const AGENTS = `
  with open_now as (
    select assignee_id, count(waiting_since) as unanswered, min(waiting_since) as since
    from conversations where status = 'open' group by assignee_id),
  closed_today as (
    select assignee_id, count(*) as closed from conversations where status = 'closed' and closed_at >= ${DAY_BEGAN} group by assignee_id)
  select a.id, a.name, a.avatar_attachment_id, duty.on_duty, coalesce(o.unanswered, 0) as unanswered, o.since as unanswered_since,
    (select count(*) from assignments w where w.account_id = a.id and w.assigned_at >= ${DAY_BEGAN} and w.work_kind = 'conversation') as taken,
    coalesce(c.closed, 0) as closed,
    coalesce((select json_agg(json_build_object('id', t.id, 'name', t.name) order by t.name, t.id)
      from team_members m join teams t on t.id = m.team_id and t.status = 'active' where m.account_id = a.id), '[]') as teams,
    coalesce((select json_agg(json_build_object('id', d.id, 'labelZh', d.label_zh, 'labelEn', d.label_en, 'level', k.level) order by d.position, d.id)
      from staff_skills k join dictionary_entries d on d.id = k.skill_id where k.account_id = a.id), '[]') as skills
  from accounts a left join presences p on p.account_id = a.id cross join ${dutyOf('a.id')}
    left join open_now o on o.assignee_id = a.id left join closed_today c on c.assignee_id = a.id
  where a.kind = 'staff' and a.status = 'active'
    and (p.account_id is not null or exists (select 1 from team_members m where m.account_id = a.id))
    and (?::uuid[] is null or a.id = any(?::uuid[]))
    and (?::uuid is null or exists (select 1 from team_members m where m.account_id = a.id and m.team_id = ?::uuid))
    and (?::uuid is null or exists (select 1 from staff_skills k where k.account_id = a.id and k.skill_id = ?::uuid))
  order by case coalesce(p.status, 'offline') when 'online' then 0 when 'busy' then 1 when 'break' then 2 else 3 end,
    a.name collate "zh-x-icu", a.id
  limit ${MOST}`

export async function loadAgents(ctx: Ctx, scope: Scope, { teamId, skillId }: BoardFilter): Promise<BoardAgent[]> {
  const people = scope.accountIds === null ? null : [...scope.accountIds]
  const [team, skill] = [teamId ?? null, skillId ?? null]
  const found = rows.parse(await ctx.trx.raw(AGENTS, [people, people, team, team, skill, skill])).rows
  const presences = await ctx.app.hooks.only('account.presence')(
    ctx.trx,
    found.map(({ id }) => id),
  )
  return found.flatMap((row) => {
    const presence = presences.get(row.id)
    return presence ? [{ ...present(row), ...pick(presence) }] : []
  })
}

const pick = ({ status, reason, since, load, capacity }: Pick<BoardAgent, 'status' | 'reason' | 'since' | 'load' | 'capacity'>) => ({
  status,
  reason,
  since,
  load,
  capacity,
})

const present = (row: z.infer<typeof rows>['rows'][number]) => ({
  account: { id: row.id, name: row.name, avatarUrl: avatarUrl(row.avatar_attachment_id) },
  onDuty: row.on_duty,
  unanswered: row.unanswered,
  longestUnansweredSince: row.unanswered_since?.toISOString() ?? null,
  teams: row.teams,
  skills: row.skills,
  takenToday: row.taken,
  closedToday: row.closed,
})
