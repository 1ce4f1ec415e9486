/** Queue rules as they are kept (BP-015.7). */
import { z } from 'zod'
import type { QueueRule, queueRulePut } from '../../../contract/routing.ts'
import type { Ctx, StaffActor } from '../../../core/context.ts'
import { Conflict, Invalid, NotFound } from '../../../core/errors.ts'
import { newId } from '../../../core/ids.ts'
import { changesOf, record } from '../../audit/index.ts'
import { checkTags } from '../../customers/index.ts'
import { QueueRuleRow } from '../model.ts'
import { checkTeam } from '../policies/check-policy.ts'
import { checkMayChange, whatHeMayChange } from '../scope.ts'
import { bindingsOf, PRIORITY } from './enter-queue.ts'
import { teamNames } from './rules.ts'

type Put = z.output<typeof queueRulePut>

const waitingRows = z.object({ rows: z.array(z.object({ team_id: z.string().nullable(), waiting: z.coerce.number() })) })

export async function listRules(ctx: Ctx<StaffActor>): Promise<QueueRule[]> {
  const mayChange = await whatHeMayChange(ctx)
  const rows = await QueueRuleRow.query(ctx.trx).orderByRaw('team_id is not null, id').limit(500)
  const names = await teamNames(
    ctx,
    rows.flatMap(({ team_id, overflow_team_id }) => [team_id, overflow_team_id].flatMap((id) => id ?? [])),
  )
  const waiting = waitingRows.parse(
    await ctx.trx.raw(
      `select team_id, count(*) as waiting from queue_entries where work_kind = 'conversation' and left_at is null group by team_id`,
    ),
  ).rows
  const team = (id: string | null) => (id === null ? null : { id, name: names.get(id) ?? '' })
  return rows.map((row) => ({
    id: row.id,
    team: team(row.team_id),
    ...factsOf(row),
    overflowTeam: team(row.overflow_team_id),
    waiting: waiting.find(({ team_id: id }) => id === row.team_id)?.waiting ?? 0,
    canChange: mayChange(row.team_id),
    updatedAt: row.updated_at.toISOString(),
    version: row.version,
  }))
}

const factsOf = (row: QueueRuleRow) => ({
  maxWaiting: row.max_waiting,
  maxWaitSeconds: row.max_wait_seconds,
  overflow: row.overflow,
  overflowTeamId: row.overflow_team_id,
  vipTagIds: row.vip_tag_ids,
  vipPoints: row.vip_points,
  returningMinutes: row.returning_minutes,
  returningPoints: row.returning_points,
  pointsPerMinute: row.points_per_minute,
  acceptSeconds: row.accept_seconds,
  texts: { queued: row.texts.queued ?? null, moved: row.texts.moved ?? null, overflow: row.texts.overflow ?? null },
})

const columnsOf = (input: Put) => ({
  max_waiting: input.maxWaiting,
  max_wait_seconds: input.maxWaitSeconds,
  overflow: input.overflow,
  overflow_team_id: input.overflow === 'team' ? input.overflowTeamId : null,
  vip_tag_ids: input.vipTagIds,
  vip_points: input.vipPoints,
  returning_minutes: input.returningMinutes,
  returning_points: input.returningPoints,
  points_per_minute: input.pointsPerMinute,
  accept_seconds: input.acceptSeconds,
  texts: input.texts,
})

/**
 * All rules at once: whether overflow goes in a circle is a question about all of them, and two who each save half of one take turns at the row that is
 * always there. Read by a statement of its own, which sees what the one before has added.
 */
async function lockRules(ctx: Ctx): Promise<QueueRuleRow[]> {
  await QueueRuleRow.query(ctx.trx).whereNull('team_id').forUpdate().select('id')
  return QueueRuleRow.query(ctx.trx).orderBy('id').forUpdate()
}

/**
 * Makes or replaces the rules of one queue. What waits there is put in their order.
 * @throws NotFound; Forbidden; Conflict `team_disabled`, `version_conflict`; Invalid `overflow_cycle`, `invalid_request`, `tag_unknown`
 */
export async function putRule(ctx: Ctx<StaffActor>, input: Put): Promise<void> {
  if (input.overflow === 'team' && input.overflowTeamId === null)
    throw new Invalid('invalid_request', 'which team?', { field: 'overflowTeamId' })
  await checkMayChange(ctx, [input.teamId])
  if (input.teamId !== null) await checkTeam(ctx, input.teamId)
  if (input.overflow === 'team' && input.overflowTeamId !== null) await checkTeam(ctx, input.overflowTeamId)
  await checkTags(ctx, input.vipTagIds)
  const rows = await lockRules(ctx)
  const before = rows.find(({ team_id: id }) => id === input.teamId)
  if ((before?.version ?? 0) !== input.version)
    throw new Conflict('version_conflict', 'somebody else changed these rules', { version: before?.version ?? 0 })
  refuseCircle(rows, input)
  const columns = { ...columnsOf(input), updated_at: ctx.now }
  const after = before
    ? await before.$query(ctx.trx).patchAndFetch({ ...columns, version: before.version + 1 })
    : await QueueRuleRow.query(ctx.trx).insertAndFetch({ id: newId(), team_id: input.teamId, ...columns })
  await arrange(ctx, after)
  await tell(ctx, { action: 'queue_rule.changed', rule: after, before: before ? factsOf(before) : null })
}

/** A team goes by the rules of the house again; those cannot be removed. @throws NotFound; Forbidden; Conflict `version_conflict` */
export async function removeRule(ctx: Ctx<StaffActor>, id: string, version: number): Promise<void> {
  const rows = await lockRules(ctx)
  const rule = rows.find((row) => row.id === id && row.team_id !== null)
  const house = rows.find((row) => row.team_id === null)
  if (!rule || !house) throw new NotFound('queue rule')
  await checkMayChange(ctx, [rule.team_id])
  if (rule.version !== version) throw new Conflict('version_conflict', 'somebody else changed these rules', { version: rule.version })
  refuseCircle(
    rows.filter((row) => row.id !== id),
    null,
  )
  await rule.$query(ctx.trx).delete()
  await arrange(ctx, house, rule.team_id)
  await tell(ctx, { action: 'queue_rule.removed', rule, before: factsOf(rule) })
}

interface Hop {
  team_id: string | null
  overflow: string
  overflow_team_id: string | null
}

/**
 * Pure: a queue's overflow must never lead back to it. A team without rules of its own goes by those of the house, so those are followed for it too.
 * @throws Invalid `overflow_cycle`
 */
export function refuseCircle(rows: readonly Hop[], wanted: Put | null): void {
  const hops = new Map(rows.map((row) => [row.team_id, row.overflow === 'team' ? row.overflow_team_id : null]))
  if (wanted) hops.set(wanted.teamId, wanted.overflow === 'team' ? wanted.overflowTeamId : null)
  const house = hops.get(null) ?? null
  for (const start of hops.keys()) {
    const seen = new Set<string | null>()
    for (let here = start; ;) {
      if (seen.has(here)) throw new Invalid('overflow_cycle', 'overflow would come back to where it was', { teamId: here })
      seen.add(here)
      const next: string | null = hops.has(here) ? (hops.get(here) ?? null) : house
      // The house's overflow ends at its own team, which has nowhere else to go.
      if (next === null || (next === here && !hops.has(here))) break
      here = next
    }
  }
}

/** Those who wait go by the new rules at once. @param teamId whose queue; default: that of the rule, for the house also of teams without rules */
async function arrange(ctx: Ctx, rule: QueueRuleRow, teamId: string | null = rule.team_id): Promise<void> {
  const scope =
    teamId === null
      ? 'g.team_id is null or not exists (select 1 from queue_rules r where r.team_id = g.team_id)'
      : 'g.team_id = :team::uuid'
  await ctx.trx.raw(
    `update queue_entries e set priority = s.points, rank_at = e.waiting_since - s.points * interval '1 minute' / :perMinute::int
     from (select g.id, ${PRIORITY} as points from queue_entries g where g.left_at is null and (${scope}) order by g.id for no key update) as s
     where e.id = s.id`,
    { ...bindingsOf(rule), ...(teamId === null ? {} : { team: teamId }) },
  )
}

async function tell(
  ctx: Ctx<StaffActor>,
  { action, rule, before }: { action: string; rule: QueueRuleRow; before: ReturnType<typeof factsOf> | null },
): Promise<void> {
  const name = rule.team_id === null ? null : ((await teamNames(ctx, [rule.team_id])).get(rule.team_id) ?? null)
  const object = { kind: 'queue_rule', id: rule.id, label: name }
  const after = action === 'queue_rule.removed' ? null : factsOf(rule)
  const changes = before && after ? changesOf(before, after) : { before, after }
  if (changes) await record(ctx, { action, object, ...changes })
  ctx.emit({ name: 'agent.available', subjectId: rule.id })
}
