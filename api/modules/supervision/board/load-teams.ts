/** Teams as they stand now: three statements with their calendars, whatever their number. */
import { z } from 'zod'
import type { BoardTeam } from '../../../contract/supervision.ts'
import type { Ctx } from '../../../core/context.ts'
import { loadCalendars, openStateOf } from '../../teams/index.ts'
import type { Candidate } from '../../routing/index.ts'
import type { Scope } from '../scope.ts'

const rows = z.object({
  rows: z.array(
    z.object({
      id: z.string(),
      name: z.string(),
      calendar_id: z.string().nullable(),
      max_conversations: z.number().nullable(),
      members: z.coerce.number(),
      load: z.coerce.number(),
      waiting: z.coerce.number(),
      waiting_since: z.date().nullable(),
    }),
  ),
})

const TEAMS = `
  with waiting as (
    select team_id, count(*) as waiting, min(waiting_since) as since from queue_entries
    where work_kind = 'conversation' and left_at is null group by team_id),
  loads as (
    select account_id, count(*) as load from assignments where work_kind = 'conversation' and ended_at is null group by account_id),
  staff as (
    select m.team_id, count(*) filter (where a.status = 'active') as members, sum(l.load) as load
    from team_members m join accounts a on a.id = m.account_id left join loads l on l.account_id = m.account_id group by m.team_id)
  select t.id, t.name, t.calendar_id, t.max_conversations, coalesce(s.members, 0) as members, coalesce(s.load, 0) as load, coalesce(q.waiting, 0) as waiting, q.since as waiting_since
  from teams t left join waiting q on q.team_id = t.id left join staff s on s.team_id = t.id
  where t.status = 'active' and (?::uuid[] is null or t.id = any(?::uuid[]))
  order by t.name collate "zh-x-icu", t.id`

export async function loadTeams(ctx: Ctx, scope: Scope, online: readonly Candidate[]): Promise<BoardTeam[]> {
  const ids = scope.teamIds === null ? null : [...scope.teamIds]
  const found = rows.parse(await ctx.trx.raw(TEAMS, [ids, ids])).rows
  const calendars = await loadCalendars(
    ctx.trx,
    found.flatMap((row) => row.calendar_id ?? []),
  )
  return found.map((row) => {
    const members = online.filter(({ teamIds }) => teamIds.has(row.id))
    const onDuty = members.filter(({ onDuty }) => onDuty)
    const places = onDuty.reduce((sum, { capacity }) => sum + capacity, 0)
    return {
      id: row.id,
      name: row.name,
      openState: openStateOf(calendars.get(row.calendar_id ?? '')?.time, ctx.now),
      memberCount: row.members,
      online: members.length,
      onDuty: onDuty.length,
      load: row.load,
      capacity: Math.min(places, row.max_conversations ?? places),
      queueLength: row.waiting,
      longestWaitSince: row.waiting_since?.toISOString() ?? null,
    }
  })
}
