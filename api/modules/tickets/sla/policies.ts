/** Policies as they are kept. Every change is worked into all open tickets, in the background (`recompute.ts`). */
import { z } from 'zod'
import {
  PAUSING_STATUSES,
  slaConditionsSchema,
  type SlaPolicy,
  type slaPolicyCreate,
  type slaPolicyOrder,
  type slaPolicyPatch,
  slaStepSchema,
  slaTargetsSchema,
} from '../../../contract/sla.ts'
import type { Ctx, StaffActor } from '../../../core/context.ts'
import { Conflict, Invalid, NotFound } from '../../../core/errors.ts'
import { newId } from '../../../core/ids.ts'
import { changesOf, record } from '../../audit/index.ts'
import { checkPolicy } from './check-policy.ts'
import { SlaPolicyRow } from './model.ts'

/** As many as anybody can keep an eye on. */
const MOST = 100
const objectOf = (row: SlaPolicyRow) => ({ kind: 'sla_policy', id: row.id, label: row.name })
const calendarOf = (row: SlaPolicyRow) => ({ source: row.calendar_source, calendarId: row.calendar_id })
const factsOf = ({ name, conditions, targets, pauses, steps, enabled, ...row }: SlaPolicyRow) => ({
  name,
  conditions,
  targets,
  calendarSource: row.calendar_source,
  calendarId: row.calendar_id,
  pauses,
  steps,
  enabled,
})
const announce = (ctx: Ctx, id: string): void => ctx.emit({ name: 'sla_policies.changed', subjectId: id })

const rows = z.object({
  rows: z.array(
    z.object({
      id: z.string(),
      name: z.string(),
      conditions: slaConditionsSchema,
      targets: slaTargetsSchema,
      calendar: z.object({ source: z.enum(['team', 'own', 'always']), calendarId: z.string().nullable() }),
      pauses: z.array(z.enum(PAUSING_STATUSES)),
      steps: z.array(slaStepSchema),
      position: z.number(),
      enabled: z.boolean(),
      openClocks: z.coerce.number(),
      updatedAt: z.date(),
      version: z.number(),
    }),
  ),
})
const SELECT = `
  select p.id, p.name, p.conditions, p.targets, json_build_object('source', p.calendar_source, 'calendarId', p.calendar_id) as calendar, p.pauses, p.steps,
    p.position, p.enabled, p.updated_at as "updatedAt", p.version,
    (select count(*) from sla_clocks c where c.policy_id = p.id and c.state in ('running', 'paused')) as "openClocks"
  from sla_policies p where p.removed_at is null`
const present = (answer: unknown): SlaPolicy[] => rows.parse(answer).rows.map((row) => ({ ...row, updatedAt: row.updatedAt.toISOString() }))

/** In their order. */
export const listSlaPolicies = async (ctx: Pick<Ctx, 'trx'>): Promise<SlaPolicy[]> =>
  present(await ctx.trx.raw(`${SELECT} order by p.position, p.id limit ${MOST}`))

/** @throws NotFound */
export async function slaPolicyOf(ctx: Pick<Ctx, 'trx'>, id: string): Promise<SlaPolicy> {
  const [policy] = present(await ctx.trx.raw(`${SELECT} and p.id = ?`, [id]))
  if (!policy) throw new NotFound('policy')
  return policy
}

/** Names and places change one after the other. */
const lockAll = (ctx: Ctx): Promise<SlaPolicyRow[]> =>
  Promise.resolve(SlaPolicyRow.query(ctx.trx).whereNull('removed_at').orderBy('id').forUpdate())

function nameFree(others: readonly SlaPolicyRow[], name: string, except: string | null): void {
  if (others.some((row) => row.id !== except && row.name.toLowerCase() === name.toLowerCase()))
    throw new Conflict('name_taken', 'another policy has this name', { name })
}

/** @throws as `checkPolicy`; Conflict `name_taken`, `limit_reached` */
export async function createSlaPolicy(ctx: Ctx<StaffActor>, input: z.output<typeof slaPolicyCreate>): Promise<string> {
  const others = await lockAll(ctx)
  if (others.length >= MOST) throw new Conflict('limit_reached', 'too many policies', { limit: MOST })
  nameFree(others, input.name, null)
  await checkPolicy(ctx, input)
  const row = await SlaPolicyRow.query(ctx.trx).insertAndFetch({
    id: newId(),
    ...columnsOf(input),
    position: Math.max(0, ...others.map(({ position }) => position)) + 1,
    updated_at: ctx.now,
  })
  await record(ctx, { action: 'sla_policy.created', object: objectOf(row), after: factsOf(row) })
  announce(ctx, row.id)
  return row.id
}

const columnsOf = ({ calendar, ...rest }: z.output<typeof slaPolicyCreate>) => ({
  ...rest,
  calendar_source: calendar.source,
  calendar_id: calendar.source === 'always' ? null : calendar.calendarId,
})

/** The policy as it would be. */
const patched = (row: SlaPolicyRow, patch: z.output<typeof slaPolicyPatch>): z.output<typeof slaPolicyCreate> => ({
  name: patch.name ?? row.name,
  conditions: patch.conditions ?? row.conditions,
  targets: patch.targets ?? row.targets,
  calendar: patch.calendar ?? calendarOf(row),
  pauses: patch.pauses ?? row.pauses,
  steps: patch.steps ?? row.steps,
  enabled: patch.enabled ?? row.enabled,
})

function policyIn(all: readonly SlaPolicyRow[], id: string, version: number): SlaPolicyRow {
  const row = all.find((each) => each.id === id)
  if (!row) throw new NotFound('policy')
  if (row.version !== version) throw new Conflict('version_conflict', 'somebody else changed this policy', { version: row.version })
  return row
}

/** @throws NotFound; Conflict `version_conflict`, `name_taken`; as `checkPolicy` */
export async function changeSlaPolicy(ctx: Ctx<StaffActor>, id: string, patch: z.output<typeof slaPolicyPatch>): Promise<void> {
  const all = await lockAll(ctx)
  const row = policyIn(all, id, patch.version)
  const wanted = patched(row, patch)
  nameFree(all, wanted.name, id)
  // Switching it off must not ask whether what it names is still there.
  if ([patch.conditions, patch.targets, patch.calendar, patch.steps].some((value) => value !== undefined)) await checkPolicy(ctx, wanted)
  const before = factsOf(row)
  const changed = await row.$query(ctx.trx).patchAndFetch({ ...columnsOf(wanted), version: row.version + 1, updated_at: ctx.now })
  const changes = changesOf(before, factsOf(changed))
  if (changes) await record(ctx, { action: 'sla_policy.changed', object: objectOf(changed), ...changes })
  announce(ctx, id)
}

/** What ran under it goes by the next one that holds, or by none; its history keeps naming it. @throws NotFound; Conflict `version_conflict` */
export async function removeSlaPolicy(ctx: Ctx<StaffActor>, id: string, version: number): Promise<void> {
  const row = policyIn(await lockAll(ctx), id, version)
  await row.$query(ctx.trx).patch({ removed_at: ctx.now, version: version + 1, updated_at: ctx.now })
  await record(ctx, { action: 'sla_policy.removed', object: objectOf(row), before: factsOf(row) })
  announce(ctx, id)
}

/** @throws Conflict `version_conflict` when it is not exactly the policies that are there */
export async function orderSlaPolicies(ctx: Ctx<StaffActor>, { ids }: z.output<typeof slaPolicyOrder>): Promise<void> {
  const all = await lockAll(ctx)
  if (new Set(ids).size !== ids.length) throw new Invalid('invalid_request', 'each policy once')
  if (ids.length !== all.length || all.some(({ id }) => !ids.includes(id)))
    throw new Conflict('version_conflict', 'there are other policies by now')
  const before = all.toSorted((a, b) => a.position - b.position).map(({ name }) => name)
  await ctx.trx.raw(
    `update sla_policies p set position = t.position, version = version + 1, updated_at = ?
     from unnest(?::uuid[]) with ordinality as t(id, position) where p.id = t.id and p.position <> t.position`,
    [ctx.now, ids],
  )
  const names = new Map(all.map(({ id, name }) => [id, name]))
  const changes = changesOf({ order: before }, { order: ids.map((id) => names.get(id) ?? '') })
  if (!changes) return
  await record(ctx, { action: 'sla_policy.ordered', object: { kind: 'sla_policy' }, ...changes })
  for (const id of ids.slice(0, 1)) announce(ctx, id)
}
