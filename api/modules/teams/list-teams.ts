import type { QueryBuilder } from 'objection'
import { z } from 'zod'
import type { Team, teamListQuery } from '../../contract/team.ts'
import { TEAM_STATUSES } from '../../contract/team.ts'
import type { Ctx, StaffActor } from '../../core/context.ts'
import { decodeCursor, encodeCursor } from '../../core/cursor.ts'
import { NotFound } from '../../core/errors.ts'
import { avatarUrl } from '../identity/index.ts'
import { type LoadedCalendar, loadCalendars, openStateOf } from './calendars/load-calendars.ts'
import { likePattern } from './like-pattern.ts'
import { TeamRow } from './model.ts'
import { may, maySee, type Standing, standingOf, withinPower, withinStanding } from './policy.ts'

type Query = z.output<typeof teamListQuery>

/** Of pinyin, as people look for names. */
const NAME = `teams.name collate "zh-x-icu"`

const labelled = z.object({ id: z.string(), labelZh: z.string(), labelEn: z.string() })
const shown = z.object({
  id: z.string(),
  name: z.string(),
  description: z.string(),
  status: z.enum(TEAM_STATUSES),
  leader_id: z.string().nullable(),
  leader_name: z.string().nullable(),
  leader_avatar: z.string().nullable(),
  calendar_id: z.string().nullable(),
  max_conversations: z.number().nullable(),
  member_max_conversations: z.number().nullable(),
  uses_shifts: z.boolean(),
  businesses: z.array(labelled),
  skills: z.array(labelled.extend({ level: z.number() })),
  members: z.array(z.string()),
  version: z.number(),
})
type Shown = z.infer<typeof shown>

const DETAILS = `
  select t.id, t.name, t.description, t.status, t.leader_id, l.name as leader_name, l.avatar_attachment_id as leader_avatar, t.calendar_id,
    t.max_conversations, t.member_max_conversations, t.uses_shifts, t.version,
    coalesce((select json_agg(json_build_object('id', d.id, 'labelZh', d.label_zh, 'labelEn', d.label_en) order by d.position, d.id)
      from team_business_types b join dictionary_entries d on d.id = b.business_type_id where b.team_id = t.id), '[]') as businesses,
    coalesce((select json_agg(json_build_object('id', d.id, 'labelZh', d.label_zh, 'labelEn', d.label_en, 'level', s.level) order by d.position, d.id)
      from team_skills s join dictionary_entries d on d.id = s.skill_id where s.team_id = t.id), '[]') as skills,
    coalesce((select json_agg(m.account_id order by m.account_id) from team_members m where m.team_id = t.id), '[]') as members
  from teams t left join accounts l on l.id = t.leader_id where t.id = any(?::uuid[])`

function filter(builder: QueryBuilder<TeamRow>, query: Query, standing: Standing): void {
  withinStanding(builder, standing)
  if (query.manageable === 'true') withinPower(builder, standing, 'manage')
  if (query.status) void builder.where('teams.status', query.status)
  if (query.q) void builder.whereILike('teams.name', likePattern(query.q))
  if (query.businessTypeId) {
    // A team without a list serves every business.
    void builder.whereRaw(
      `(exists (select 1 from team_business_types b where b.team_id = teams.id and b.business_type_id = ?)
        or not exists (select 1 from team_business_types b where b.team_id = teams.id))`,
      [query.businessTypeId],
    )
  }
}

/** Ids are made in time order: they sort by creation. */
function order(builder: QueryBuilder<TeamRow>, query: Query): void {
  const after = decodeCursor(query.cursor)
  const direction = query.sort.startsWith('-') ? 'desc' : 'asc'
  const beyond = direction === 'asc' ? '>' : '<'
  if (query.sort.endsWith('created')) {
    if (after) void builder.whereRaw(`teams.id ${beyond} ?::uuid`, [after.id])
    void builder.orderBy('teams.id', direction)
  } else {
    if (after) void builder.whereRaw(`(${NAME}, teams.id) ${beyond} (?, ?::uuid)`, [after.key, after.id])
    void builder.orderByRaw(`${NAME} ${direction}, teams.id ${direction}`)
  }
}

export async function listTeams(ctx: Ctx<StaffActor>, query: Query): Promise<{ data: Team[]; nextCursor: string | null }> {
  const standing = await standingOf(ctx)
  const rows = await TeamRow.query(ctx.trx)
    .select('teams.id', 'teams.name')
    .modify((builder) => {
      filter(builder, query, standing)
      order(builder, query)
    })
    .limit(query.limit + 1)
  const page = rows.slice(0, query.limit)
  const last = rows.length > query.limit ? page.at(-1) : undefined
  const data = await presentTeams(
    ctx,
    page.map((row) => row.id),
    standing,
  )
  return { data, nextCursor: last ? encodeCursor(last.name, last.id) : null }
}

/** @throws NotFound also outside the reader's scope */
export async function teamOf(ctx: Ctx<StaffActor>, id: string): Promise<Team> {
  const standing = await standingOf(ctx)
  const row = await TeamRow.query(ctx.trx).findById(id).select('id', 'leader_id')
  const [team] = row && maySee(standing, row) ? await presentTeams(ctx, [id], standing) : []
  if (!team) throw new NotFound('team')
  return team
}

/** In the order of `ids`; the same number of statements for one and for a hundred. */
async function presentTeams(ctx: Ctx, ids: readonly string[], standing: Standing): Promise<Team[]> {
  if (ids.length === 0) return []
  const { rows } = z.object({ rows: z.array(shown) }).parse(await ctx.trx.raw(DETAILS, [[...ids]]))
  const calendars = await loadCalendars(
    ctx.trx,
    rows.flatMap((row) => row.calendar_id ?? []),
  )
  const presences = await ctx.app.hooks.only('account.presence')(ctx.trx, [...new Set(rows.flatMap((row) => row.members))])
  const byId = new Map(rows.map((row) => [row.id, row]))
  const loadOf = (row: Shown) => row.members.reduce((sum, id) => sum + (presences.get(id)?.load ?? 0), 0)
  return ids.flatMap((id) => {
    const row = byId.get(id)
    return row ? [present(row, { standing, calendar: calendars.get(row.calendar_id ?? ''), load: loadOf(row), now: ctx.now })] : []
  })
}

interface Surroundings {
  standing: Standing
  calendar: LoadedCalendar | undefined
  load: number
  now: Date
}

function present(row: Shown, { standing, calendar, load, now }: Surroundings): Team {
  return {
    id: row.id,
    name: row.name,
    description: row.description,
    leader: row.leader_id === null ? null : { id: row.leader_id, name: row.leader_name ?? '', avatarUrl: avatarUrl(row.leader_avatar) },
    status: row.status,
    businessTypes: row.businesses,
    skills: row.skills,
    calendar: calendar ? { id: calendar.row.id, name: calendar.row.name, timeZone: calendar.row.time_zone } : null,
    openState: openStateOf(calendar?.time, now),
    maxConversations: row.max_conversations,
    memberMaxConversations: row.member_max_conversations,
    usesShifts: row.uses_shifts,
    memberCount: row.members.length,
    load,
    myRole: standing.roles.get(row.id) ?? null,
    may: { manage: may(standing, row, 'manage'), planShifts: may(standing, row, 'planShifts'), relate: may(standing, row, 'relate') },
    version: row.version,
  }
}
