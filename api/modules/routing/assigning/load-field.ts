/** Who could be given work, as they stand now. Loads are counted from the assignments themselves: there is no counter that could be wrong. */
import { z } from 'zod'
import { PRESENCE_STATUSES } from '../../../contract/identity.ts'
import type { WorkKind } from '../../../contract/routing.ts'
import type { Ctx } from '../../../core/context.ts'
import { prepared } from '../../../core/db.ts'
import { workOf } from '../hooks.ts'
import { dutiesOf } from '../../teams/index.ts'
import { asksForSkills, loadPolicies, type Policies } from '../policies/load-policies.ts'
import { DEFAULT_CAPACITY } from '../model.ts'
import type { Candidate, Field } from './decide.ts'

const limited = z.array(z.object({ id: z.string(), max: z.number() }))
const staffRows = z.object({
  rows: z.array(
    z.object({
      account_id: z.string(),
      name: z.string(),
      status: z.enum(PRESENCE_STATUSES),
      capacity: z.number(),
      load: z.coerce.number(),
      team_ids: z.array(z.string()),
      limited_teams: limited,
      on_duty: z.boolean(),
      skills: z.record(z.string(), z.number()).nullable(),
      last_assigned: z.coerce.number().nullable(),
      response_seconds: z.number().nullable(),
    }),
  ),
})
type StaffRow = z.infer<typeof staffRows>['rows'][number]

/** What has no limit yet: tickets. */
const UNLIMITED = 1_000_000
/** Far more than anybody reads; a dry run names no more. */
const MOST = 2000

interface Asked {
  kind: WorkKind
  /** Also those who are not there, to say why not. */
  everybody?: boolean
  /** Skills count, whatever the policies say. */
  skills?: boolean
}

/** Three statements, and those of calendars where a policy asks for one. */
export async function loadField(ctx: Pick<Ctx, 'app' | 'trx' | 'now'>, asked: Asked): Promise<Field> {
  const policies = await loadPolicies(ctx, asked.kind)
  return fieldOf(ctx, asked, policies)
}

async function fieldOf(ctx: Pick<Ctx, 'app' | 'trx' | 'now'>, asked: Asked, { list, moment }: Policies): Promise<Field> {
  const presenceMatters = asked.kind === 'conversation'
  const staff = await staffOf(ctx, {
    kind: asked.kind,
    onlineOnly: presenceMatters && !asked.everybody,
    withSkills: asked.skills === true || list.some(asksForSkills),
  })
  const able = await workOf(ctx, asked.kind)?.able?.(
    ctx,
    staff.map(({ account_id: id }) => id),
  )
  const rows = able ? staff.filter(({ account_id: id }) => able.has(id)) : staff
  const limits = new Map(rows.flatMap((row) => row.limited_teams.map(({ id, max }) => [id, max] as const)))
  const loads = presenceMatters ? await teamLoads(ctx, [...limits.keys()]) : new Map<string, number>()
  return {
    candidates: rows.map((row) => candidateOf(row, presenceMatters)),
    rooms: new Map(presenceMatters ? [...limits].map(([id, max]) => [id, max - (loads.get(id) ?? 0)]) : []),
    policies: list,
    moment,
    presenceMatters,
  }
}

const candidateOf = (row: StaffRow, presenceMatters: boolean): Candidate => ({
  accountId: row.account_id,
  name: row.name,
  status: row.status,
  onDuty: row.on_duty,
  load: row.load,
  capacity: presenceMatters ? row.capacity : UNLIMITED,
  teamIds: new Set(row.team_ids),
  limitedTeamIds: presenceMatters ? row.limited_teams.map(({ id }) => id) : [],
  skills: new Map(Object.entries(row.skills ?? {})),
  lastAssigned: row.last_assigned ?? -Infinity,
  responseSeconds: row.response_seconds,
})

const ONLINE = `
  select p.account_id, a.name, p.status, p.capacity, p.last_assigned_at, p.response_seconds
  from presences p join accounts a on a.id = p.account_id where p.status = 'online' and a.status = 'active'`
/** Also who has never said whether he is there. */
const EVERYBODY = `
  select a.id as account_id, a.name, coalesce(p.status, 'offline') as status, coalesce(p.capacity, ${DEFAULT_CAPACITY}) as capacity,
    p.last_assigned_at, p.response_seconds
  from accounts a left join presences p on p.account_id = a.id where a.kind = 'staff' and a.status = 'active' order by a.id limit ${MOST}`

/**
 * Looked up person by person: how many are online changes faster than statistics are made, and joins of sets that are thought to be small compared everybody
 * with everybody.
 */
async function staffOf(ctx: Pick<Ctx, 'trx'>, asked: { kind: WorkKind; onlineOnly: boolean; withSkills: boolean }): Promise<StaffRow[]> {
  const skills = asked.withSkills
    ? `left join lateral (select json_object_agg(skill_id, level) as skills from staff_skills where account_id = p.account_id) as s on true`
    : `cross join (select null::json as skills) as s`
  const answer: unknown = await prepared(
    ctx.trx,
    `field-${asked.onlineOnly ? 'online' : 'all'}${asked.withSkills ? '-skills' : ''}`,
    `with staff as materialized (
       ${asked.onlineOnly ? ONLINE : EVERYBODY})
     select p.account_id, p.name, p.status, least(p.capacity, d.max_conversations) as capacity, coalesce(w.load, 0) as load,
       coalesce(d.team_ids, '[]') as team_ids, coalesce(d.limited_teams, '[]') as limited_teams, coalesce(d.on_duty, true) as on_duty,
       s.skills, (extract(epoch from p.last_assigned_at) * 1000000)::bigint as last_assigned, p.response_seconds
     from staff p
     left join lateral (${dutiesOf('select p.account_id')}) as d on true
     left join lateral (select count(*) as load from assignments where account_id = p.account_id and work_kind = ? and ended_at is null) as w on true
     ${skills}`,
    [asked.kind],
  )
  return staffRows.parse(answer).rows
}

const teamRows = z.object({ rows: z.array(z.object({ team_id: z.string(), load: z.coerce.number() })) })

/** Open conversations of all members together, those not online included. */
async function teamLoads(ctx: Pick<Ctx, 'trx'>, teamIds: readonly string[]): Promise<Map<string, number>> {
  const answer: unknown = await prepared(
    ctx.trx,
    'field-team-loads',
    `select m.team_id, count(*) as load from team_members m join assignments w on w.account_id = m.account_id
     where m.team_id = any(?::uuid[]) and w.work_kind = 'conversation' and w.ended_at is null group by m.team_id`,
    [[...teamIds]],
  )
  return new Map(teamRows.parse(answer).rows.map((row) => [row.team_id, row.load]))
}
