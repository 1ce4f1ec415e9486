/** The agents' wall (BP-012.2, BP-012.3): one statement beside the field of those who could be given work, whatever their number. */
import { z } from 'zod'
import type { BoardAgent } from '../../../contract/supervision.ts'
import type { Ctx } from '../../../core/context.ts'
import { prepared } from '../../../core/db.ts'
import { avatarUrl } from '../../identity/index.ts'
import type { Candidate, Field } from '../../routing/index.ts'
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
      reason: z.string().nullable(),
      since: z.date(),
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
    select assignee_id, count(*) as closed from conversations where status = 'closed' and closed_at >= ${DAY_BEGAN} group by assignee_id),
  in_teams as (
    select m.account_id, json_agg(json_build_object('id', t.id, 'name', t.name) order by t.name, t.id) as teams
    from team_members m join teams t on t.id = m.team_id and t.status = 'active' group by m.account_id),
  with_skills as (
    select k.account_id, json_agg(json_build_object('id', d.id, 'labelZh', d.label_zh, 'labelEn', d.label_en, 'level', k.level) order by d.position, d.id) as skills
    from staff_skills k join dictionary_entries d on d.id = k.skill_id group by k.account_id)
  select a.id, a.name, a.avatar_attachment_id, p.reason, coalesce(p.since, a.created_at) as since,
    coalesce(o.unanswered, 0) as unanswered, o.since as unanswered_since,
    (select count(*) from assignments w where w.account_id = a.id and w.assigned_at >= ${DAY_BEGAN} and w.work_kind = 'conversation') as taken,
    coalesce(c.closed, 0) as closed,
    coalesce(t.teams, '[]') as teams, coalesce(k.skills, '[]') as skills
  from accounts a left join presences p on p.account_id = a.id left join in_teams t on t.account_id = a.id left join with_skills k on k.account_id = a.id
    left join open_now o on o.assignee_id = a.id left join closed_today c on c.assignee_id = a.id
  where a.kind = 'staff' and a.status = 'active'
    and (p.account_id is not null or exists (select 1 from team_members m where m.account_id = a.id))
    and (?::uuid[] is null or a.id = any(?::uuid[]))
    and (?::uuid is null or exists (select 1 from team_members m where m.account_id = a.id and m.team_id = ?::uuid))
    and (?::uuid is null or exists (select 1 from staff_skills k where k.account_id = a.id and k.skill_id = ?::uuid))
  order by case coalesce(p.status, 'offline') when 'online' then 0 when 'busy' then 1 when 'break' then 2 else 3 end,
    a.name collate "zh-x-icu", a.id
  limit ${MOST}`

export async function loadAgents(
  ctx: Ctx,
  { scope, filter, field }: { scope: Scope; filter: BoardFilter; field: Field },
): Promise<BoardAgent[]> {
  const { teamId, skillId } = filter
  const people = scope.accountIds === null ? null : [...scope.accountIds]
  const [team, skill] = [teamId ?? null, skillId ?? null]
  const found = rows.parse(await prepared(ctx.trx, 'board-agents', AGENTS, [people, people, team, team, skill, skill])).rows
  const candidates = new Map(field.candidates.map((candidate) => [candidate.accountId, candidate]))
  return found.flatMap((row) => {
    const candidate = candidates.get(row.id)
    return candidate ? [{ ...present(row), ...pick(candidate) }] : []
  })
}

const pick = ({ status, load, capacity, onDuty }: Candidate) => ({ status, load, capacity, onDuty })

const present = (row: z.infer<typeof rows>['rows'][number]) => ({
  account: { id: row.id, name: row.name, avatarUrl: avatarUrl(row.avatar_attachment_id) },
  reason: row.reason,
  since: row.since.toISOString(),
  unanswered: row.unanswered,
  longestUnansweredSince: row.unanswered_since?.toISOString() ?? null,
  teams: row.teams,
  skills: row.skills,
  takenToday: row.taken,
  closedToday: row.closed,
})
