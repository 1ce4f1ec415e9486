/** Who could be given work, as they stand now. Loads are counted from the assignments themselves: there is no counter that could be wrong. */
import { z } from 'zod'
import { PRESENCE_STATUSES } from '../../../contract/identity.ts'
import type { WorkKind } from '../../../contract/routing.ts'
import type { Ctx } from '../../../core/context.ts'
import { prepared } from '../../../core/db.ts'
import { OFF_SHIFT } from '../../teams/index.ts'
import { workOf } from '../hooks.ts'
import { DEFAULT_CAPACITY } from '../model.ts'
import { loadPolicies } from '../policies/load-policies.ts'
import type { Candidate, Field } from './decide.ts'
import { loadRoster, type Person, type Roster } from './roster.ts'

const presentRows = z.object({
  rows: z.array(
    z.object({
      account_id: z.string(),
      status: z.enum(PRESENCE_STATUSES).nullable(),
      capacity: z.number().nullable(),
      last_assigned: z.number().nullable(),
      response_seconds: z.number().nullable(),
      load: z.number(),
    }),
  ),
})
type Present = z.infer<typeof presentRows>['rows'][number]
const offRows = z.object({ rows: z.array(z.object({ account_id: z.string() })) })

/** What has no limit yet: tickets. */
const UNLIMITED = 1_000_000

interface Asked {
  kind: WorkKind
  /** Also those who are not there, to say why not. */
  everybody?: boolean
}

/** Four statements that travel together, one where the roster changed, and those of calendars where a policy asks for one. */
export async function loadField(ctx: Pick<Ctx, 'app' | 'trx' | 'now'>, asked: Asked): Promise<Field> {
  const [roster, present, offShift, policies] = await Promise.all([
    loadRoster(ctx),
    presentOf(ctx, asked.kind),
    offShiftOf(ctx),
    loadPolicies(ctx, asked.kind),
  ])
  const presenceMatters = asked.kind === 'conversation'
  const onlineOnly = presenceMatters && !asked.everybody
  const people = roster.people.filter(({ id, active }) => active && (!onlineOnly || present.get(id)?.status === 'online'))
  const able = await workOf(ctx, asked.kind)?.able?.(
    ctx,
    people.map(({ id }) => id),
  )
  return {
    candidates: people
      .filter(({ id }) => able?.has(id) ?? true)
      .map((person) => candidateOf(person, present.get(person.id), { onDuty: !offShift.has(person.id), presenceMatters })),
    rooms: presenceMatters ? roomsOf(roster, present) : new Map<string, number>(),
    policies: policies.list,
    moment: policies.moment,
    presenceMatters,
  }
}

/** Who has never said whether he is there is not. */
function candidateOf(
  person: Person,
  present: Present | undefined,
  { onDuty, presenceMatters }: { onDuty: boolean; presenceMatters: boolean },
): Candidate {
  const own = present?.capacity ?? DEFAULT_CAPACITY
  return {
    accountId: person.id,
    name: person.name,
    status: present?.status ?? 'offline',
    onDuty,
    load: present?.load ?? 0,
    capacity: presenceMatters ? Math.min(own, person.maxConversations ?? own) : UNLIMITED,
    teamIds: person.teamIds,
    limitedTeamIds: presenceMatters ? person.limitedTeamIds : [],
    skills: person.skills,
    lastAssigned: present?.last_assigned ?? -Infinity,
    responseSeconds: present?.response_seconds ?? null,
  }
}

/** A team's limit is for all its members together, those not online and those who left included. */
function roomsOf({ people, limits }: Roster, present: ReadonlyMap<string, Present>): Map<string, number> {
  const rooms = new Map(limits)
  for (const { id, limitedTeamIds } of people) {
    const load = present.get(id)?.load ?? 0
    for (const team of limitedTeamIds) rooms.set(team, (rooms.get(team) ?? 0) - load)
  }
  return rooms
}

/** All loads by one walk of an index that holds nothing else. Microseconds fit a double. */
async function presentOf(ctx: Pick<Ctx, 'trx'>, kind: WorkKind): Promise<ReadonlyMap<string, Present>> {
  const answer: unknown = await prepared(
    ctx.trx,
    'field-present',
    `select coalesce(p.account_id, w.account_id) as account_id, p.status, p.capacity, p.response_seconds,
       (extract(epoch from p.last_assigned_at) * 1000000)::float8 as last_assigned, coalesce(w.load, 0) as load
     from presences p full join (
       select account_id, count(*)::int as load from assignments where work_kind = ? and ended_at is null group by account_id) as w
       on w.account_id = p.account_id`,
    [kind],
  )
  return new Map(presentRows.parse(answer).rows.map((row) => [row.account_id, row]))
}

async function offShiftOf(ctx: Pick<Ctx, 'trx'>): Promise<ReadonlySet<string>> {
  const answer: unknown = await prepared(ctx.trx, 'field-off-shift', OFF_SHIFT)
  return new Set(offRows.parse(answer).rows.map((row) => row.account_id))
}
