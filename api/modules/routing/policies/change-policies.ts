/** Policies as they are kept (BP-015). Every change holds from the next decision. */
import type { z } from 'zod'
import type { policyCreate, policyOrder, policyPatch, WorkKind } from '../../../contract/routing.ts'
import type { Ctx, StaffActor } from '../../../core/context.ts'
import { Conflict, Invalid, NotFound } from '../../../core/errors.ts'
import { newId } from '../../../core/ids.ts'
import { changesOf, record } from '../../audit/index.ts'
import { TeamRow } from '../../teams/index.ts'
import { PolicyRow } from '../model.ts'
import { checkMayChange } from '../scope.ts'
import { checkPolicy } from './check-policy.ts'

type Create = z.output<typeof policyCreate>
type Patch = z.output<typeof policyPatch>

const objectOf = (row: PolicyRow) => ({ kind: 'assignment_policy', id: row.id, label: row.name })

async function factsOf(ctx: Ctx, row: PolicyRow) {
  const team = row.team_id === null ? null : await TeamRow.query(ctx.trx).findById(row.team_id).select('name')
  return {
    name: row.name,
    team: team?.name ?? null,
    strategy: row.strategy,
    settings: row.settings,
    conditions: row.conditions,
    otherwise: row.otherwise,
    enabled: row.enabled,
    effectiveFrom: row.effective_from?.toISOString() ?? null,
    effectiveUntil: row.effective_until?.toISOString() ?? null,
  }
}

/** Positions of one kind change one after the other. */
const lockKind = (ctx: Ctx, kind: WorkKind) => PolicyRow.query(ctx.trx).where({ work_kind: kind }).orderBy('id').forUpdate()

/** What waits may be somebody's now. */
const ring = (ctx: Ctx, row: PolicyRow): void => ctx.emit({ name: 'agent.available', subjectId: row.id })

async function nameFree(ctx: Ctx, { kind, name, except }: { kind: WorkKind; name: string; except: string | null }): Promise<void> {
  const other = await PolicyRow.query(ctx.trx)
    .where({ work_kind: kind })
    .whereRaw('lower(name) = lower(?)', [name])
    .modify((builder) => void (except !== null && builder.whereNot('id', except)))
    .first()
  if (other) throw new Conflict('name_taken', 'another policy has this name', { name })
}

/** @throws Forbidden; Conflict `name_taken`; NotFound for what it names; Invalid `invalid_request`, `dates_reversed`, `staff_not_active`, `entry_unknown`, `tag_unknown` */
export async function createPolicy(ctx: Ctx<StaffActor>, input: Create): Promise<string> {
  await checkMayChange(ctx, [input.teamId])
  await checkPolicy(ctx, input)
  const others = await lockKind(ctx, input.workKind)
  await nameFree(ctx, { kind: input.workKind, name: input.name, except: null })
  const row = await PolicyRow.query(ctx.trx).insertAndFetch({
    id: newId(),
    work_kind: input.workKind,
    ...columnsOf(input),
    position: Math.max(0, ...others.map(({ position }) => position)) + 1,
    updated_at: ctx.now,
  })
  await record(ctx, { action: 'policy.created', object: objectOf(row), after: await factsOf(ctx, row) })
  ring(ctx, row)
  return row.id
}

const columnsOf = (input: Create) => ({
  name: input.name,
  team_id: input.teamId,
  strategy: input.strategy,
  settings: input.settings,
  conditions: input.conditions,
  calendar_id: input.conditions.calendar?.id ?? null,
  otherwise: input.otherwise,
  enabled: input.enabled,
  effective_from: input.effectiveFrom === null ? null : new Date(input.effectiveFrom),
  effective_until: input.effectiveUntil === null ? null : new Date(input.effectiveUntil),
})

/** The policy as it would be. */
const patched = (row: PolicyRow, patch: Patch) => ({
  workKind: row.work_kind,
  name: patch.name ?? row.name,
  teamId: patch.teamId === undefined ? row.team_id : patch.teamId,
  strategy: patch.strategy ?? row.strategy,
  settings: patch.settings ?? row.settings,
  conditions: patch.conditions ?? row.conditions,
  otherwise: patch.otherwise ?? row.otherwise,
  enabled: patch.enabled ?? row.enabled,
  effectiveFrom: patch.effectiveFrom === undefined ? (row.effective_from?.toISOString() ?? null) : patch.effectiveFrom,
  effectiveUntil: patch.effectiveUntil === undefined ? (row.effective_until?.toISOString() ?? null) : patch.effectiveUntil,
})

/** @throws NotFound; Forbidden; Conflict `version_conflict`; as `createPolicy` */
export async function changePolicy(ctx: Ctx<StaffActor>, id: string, patch: Patch): Promise<void> {
  const row = await policyToChange(ctx, id, patch.version)
  const wanted = patched(row, patch)
  await checkMayChange(ctx, [row.team_id, wanted.teamId])
  if (touchesContent(patch)) await checkPolicy(ctx, wanted)
  await nameFree(ctx, { kind: row.work_kind, name: wanted.name, except: id })
  const before = await factsOf(ctx, row)
  const changed = await row.$query(ctx.trx).patchAndFetch({ ...columnsOf(wanted), version: row.version + 1, updated_at: ctx.now })
  const changes = changesOf(before, await factsOf(ctx, changed))
  if (changes) await record(ctx, { action: 'policy.changed', object: objectOf(changed), ...changes })
  ring(ctx, changed)
}

/** Switching it off must not ask whether what it names is still in use. */
const touchesContent = ({ teamId, strategy, settings, conditions, effectiveFrom, effectiveUntil }: Patch): boolean =>
  [teamId, strategy, settings, conditions, effectiveFrom, effectiveUntil].some((value) => value !== undefined)

async function policyToChange(ctx: Ctx, id: string, version: number): Promise<PolicyRow> {
  const row = await PolicyRow.query(ctx.trx).findById(id).forUpdate()
  if (!row) throw new NotFound('policy')
  if (row.version !== version) throw new Conflict('version_conflict', 'somebody else changed this policy', { version: row.version })
  return row
}

/** Assignments that it made keep their reason. @throws NotFound; Forbidden; Conflict `version_conflict` */
export async function removePolicy(ctx: Ctx<StaffActor>, id: string, version: number): Promise<void> {
  const row = await policyToChange(ctx, id, version)
  await checkMayChange(ctx, [row.team_id])
  await row.$query(ctx.trx).delete()
  await record(ctx, { action: 'policy.removed', object: objectOf(row), before: await factsOf(ctx, row) })
  ring(ctx, row)
}

/** The order decides for all of them. @throws Forbidden unless he may change each; Conflict `version_conflict` when it is not exactly the policies that are there */
export async function orderPolicies(ctx: Ctx<StaffActor>, { workKind, ids }: z.output<typeof policyOrder>): Promise<void> {
  const rows = await lockKind(ctx, workKind)
  if (new Set(ids).size !== ids.length) throw new Invalid('invalid_request', 'each policy once')
  if (ids.length !== rows.length || rows.some(({ id }) => !ids.includes(id)))
    throw new Conflict('version_conflict', 'there are other policies by now')
  await checkMayChange(
    ctx,
    rows.map(({ team_id: teamId }) => teamId),
  )
  const before = [...rows].sort((a, b) => a.position - b.position).map(({ name }) => name)
  await ctx.trx.raw(
    `update assignment_policies p set position = t.position, version = version + 1, updated_at = ?
     from unnest(?::uuid[]) with ordinality as t(id, position) where p.id = t.id and p.position <> t.position`,
    [ctx.now, ids],
  )
  const names = new Map(rows.map(({ id, name }) => [id, name]))
  const after = ids.map((id) => names.get(id) ?? '')
  const changes = changesOf({ order: before }, { order: after })
  if (!changes) return
  await record(ctx, { action: 'policy.ordered', object: { kind: 'assignment_policy' }, ...changes, context: { workKind } })
  const [first] = rows
  if (first) ring(ctx, first)
}
