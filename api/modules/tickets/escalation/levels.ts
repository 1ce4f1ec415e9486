/** The levels above where tickets begin (BP-006.8): who takes over there. The list is changed as a whole, so that no order of changes can make a loop. */
import { z } from 'zod'
import type { EscalationLevels, escalationLevelsPut } from '../../../contract/sla.ts'
import type { Ctx, StaffActor } from '../../../core/context.ts'
import { Conflict, Invalid, NotFound } from '../../../core/errors.ts'
import { changesOf, record } from '../../audit/index.ts'
import { Account } from '../../identity/index.ts'
import { TeamRow } from '../../teams/index.ts'

const levelRows = z.object({
  rows: z.array(
    z.object({
      level: z.number(),
      name: z.string(),
      team_id: z.string().nullable(),
      team_name: z.string().nullable(),
      team_active: z.boolean(),
      account_id: z.string().nullable(),
      account_name: z.string().nullable(),
      account_active: z.boolean(),
      reopenings: z.number().nullable(),
      urges: z.number().nullable(),
    }),
  ),
})
export type LevelRow = z.infer<typeof levelRows>['rows'][number]
const settings = z.object({ rows: z.tuple([z.object({ version: z.number() })]) })

/** Lowest first. */
export async function loadLevels(ctx: Pick<Ctx, 'trx'>): Promise<LevelRow[]> {
  const answer: unknown = await ctx.trx.raw(
    `select e.level, e.name, e.team_id, t.name as team_name, coalesce(t.status = 'active', false) as team_active,
       e.account_id, a.name as account_name, coalesce(a.status = 'active', false) as account_active, e.reopenings, e.urges
     from escalation_levels e left join teams t on t.id = e.team_id left join accounts a on a.id = e.account_id order by e.level`,
  )
  return levelRows.parse(answer).rows
}

const named = (id: string | null, name: string | null) => (id === null ? null : { id, name: name ?? '' })

export async function escalationLevels(ctx: Pick<Ctx, 'trx'>): Promise<EscalationLevels> {
  const rows = await loadLevels(ctx)
  const [{ version }] = settings.parse(await ctx.trx.raw('select version from escalation_settings')).rows
  return {
    levels: rows.map(({ level, name, reopenings, urges, ...row }) => ({
      level,
      name,
      team: named(row.team_id, row.team_name),
      person: named(row.account_id, row.account_name),
      reopenings,
      urges,
    })),
    version,
  }
}

type Put = z.output<typeof escalationLevelsPut>

/** @throws Conflict `version_conflict`, `escalation_loop`, `escalation_level_in_use`, `name_taken`, `team_disabled`; Invalid `invalid_request`, `staff_not_active`; NotFound */
export async function changeLevels(ctx: Ctx<StaffActor>, input: Put): Promise<EscalationLevels> {
  const answer: unknown = await ctx.trx.raw('select version from escalation_settings for update')
  const [{ version }] = settings.parse(answer).rows
  if (version !== input.version) throw new Conflict('version_conflict', 'somebody else changed the levels', { version })
  refuseLoops(input.levels)
  await refuseMissed(ctx, input.levels.length)
  await checkTeams(ctx, input.levels)
  await checkPeople(ctx, input.levels)
  const before = await escalationLevels(ctx)
  await ctx.trx('escalation_levels').delete()
  const rows = input.levels.map(({ name, teamId, accountId, reopenings, urges }, index) => ({
    level: index + 1,
    name,
    team_id: teamId,
    account_id: accountId,
    reopenings,
    urges,
  }))
  if (rows.length > 0) await ctx.trx('escalation_levels').insert(rows)
  await ctx.trx('escalation_settings').update({ version: version + 1 })
  const after = await escalationLevels(ctx)
  const changes = changesOf({ levels: before.levels }, { levels: after.levels })
  if (changes) await record(ctx, { action: 'escalation_levels.changed', object: { kind: 'escalation_levels' }, ...changes })
  return after
}

/** Pure. Whoever stands on two levels would get back what he passed on. */
function refuseLoops(levels: Put['levels']): void {
  const twice = (values: readonly (string | null)[]) =>
    values.findIndex((value, index) => value !== null && values.indexOf(value) !== index)
  const nobody = levels.findIndex(({ teamId, accountId }) => teamId === null && accountId === null)
  if (nobody >= 0) throw new Invalid('invalid_request', 'a level has a team or a person', { field: `levels.${nobody}.teamId` })
  const name = twice(levels.map((level) => level.name))
  if (name >= 0) throw new Conflict('name_taken', 'two levels have this name', { name: levels[name]?.name })
  for (const again of [twice(levels.map(({ teamId }) => teamId)), twice(levels.map(({ accountId }) => accountId))])
    if (again >= 0) throw new Conflict('escalation_loop', 'two levels lead to the same place', { level: again + 1 })
}

const leading = z.object({ rows: z.array(z.object({ name: z.string(), level: z.number() })) })

/** A rung of a promise that leads to a level which is no more would pass nothing on, without a word. */
async function refuseMissed(ctx: Ctx, highest: number): Promise<void> {
  const answer: unknown = await ctx.trx.raw(
    `select p.name, (s.step ->> 'escalateTo')::int as level from sla_policies p cross join lateral jsonb_array_elements(p.steps) as s(step)
     where p.removed_at is null and (s.step ->> 'escalateTo')::int > ? order by p.position, level limit 1`,
    [highest],
  )
  const [missed] = leading.parse(answer).rows
  if (missed) throw new Conflict('escalation_level_in_use', 'a promise leads to this level', missed)
}

async function checkTeams(ctx: Ctx, levels: Put['levels']): Promise<void> {
  const wanted = levels.flatMap(({ teamId }) => teamId ?? [])
  const teams = await TeamRow.query(ctx.trx).whereIn('id', wanted).orderBy('id').forShare().select('id', 'name', 'status')
  if (teams.length < wanted.length) throw new NotFound('team')
  const closed = teams.find(({ status }) => status === 'disabled')
  if (closed) throw new Conflict('team_disabled', 'this team takes no work', { name: closed.name })
}

async function checkPeople(ctx: Ctx, levels: Put['levels']): Promise<void> {
  const wanted = levels.flatMap(({ accountId }) => accountId ?? [])
  const known = await Account.query(ctx.trx)
    .whereIn('id', wanted)
    .where({ kind: 'staff', status: 'active' })
    .orderBy('id')
    .forShare()
    .select('id')
  const missing = wanted.filter((id) => !known.some((account) => account.id === id))
  if (missing.length > 0) throw new Invalid('staff_not_active', 'unknown or disabled', { accountIds: missing })
}
