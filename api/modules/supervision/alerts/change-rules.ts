/** When to be told: the house's rules, and those of a team instead. */
import { z } from 'zod'
import { ALERT_KINDS, type AlertRule, type alertRuleCreate, type alertRulePatch } from '../../../contract/supervision.ts'
import type { Ctx, StaffActor } from '../../../core/context.ts'
import { Conflict, Forbidden, NotFound } from '../../../core/errors.ts'
import { newId } from '../../../core/ids.ts'
import { changesOf, record } from '../../audit/index.ts'
import { TeamRow } from '../../teams/index.ts'
import { checkTeam, reachesTeam, type Scope, scopeOf } from '../scope.ts'

const rule = z.object({
  id: z.string(),
  kind: z.enum(ALERT_KINDS),
  team_id: z.string().nullable(),
  team_name: z.string().nullable(),
  threshold: z.number(),
  enabled: z.boolean(),
  version: z.number(),
})
type RuleRow = z.infer<typeof rule>
const rules = z.object({ rows: z.array(rule) })

/** One's own teams'; the house's by whoever reaches everything. */
const mayChange = (ctx: Ctx<StaffActor>, scope: Scope, teamId: string | null): boolean =>
  ctx.actor.permissions.has('supervision.rules') && (teamId === null ? scope.teamIds === null : reachesTeam(scope, teamId))

const present = (row: RuleRow, may: boolean): AlertRule => ({
  id: row.id,
  kind: row.kind,
  team: row.team_id === null ? null : { id: row.team_id, name: row.team_name ?? '' },
  threshold: row.threshold,
  enabled: row.enabled,
  may: { change: may },
  version: row.version,
})

async function find(ctx: Ctx, where: string, bindings: readonly (string | readonly string[])[]): Promise<RuleRow[]> {
  const answer: unknown = await ctx.trx.raw(
    `select r.id, r.kind, r.team_id, t.name as team_name, r.threshold, r.enabled, r.version
     from alert_rules r left join teams t on t.id = r.team_id where ${where}
     order by array_position(array['queue_length', 'queue_wait', 'no_reply', 'channel_down', 'delivery_failures'], r.kind),
       t.name collate "zh-x-icu" nulls first, r.id limit 1000`,
    bindings.map((value) => (typeof value === 'string' ? value : [...value])),
  )
  return rules.parse(answer).rows
}

export async function listRules(ctx: Ctx<StaffActor>): Promise<AlertRule[]> {
  const scope = await scopeOf(ctx)
  const rows =
    scope.teamIds === null
      ? await find(ctx, 'true', [])
      : await find(ctx, '(r.team_id is null or r.team_id = any(?::uuid[]))', [scope.teamIds])
  return rows.map((row) => present(row, mayChange(ctx, scope, row.team_id)))
}

/** Loads one to be changed, locked. @throws NotFound, Forbidden */
async function ruleFor(ctx: Ctx<StaffActor>, id: string): Promise<RuleRow> {
  const scope = await scopeOf(ctx)
  await ctx.trx('alert_rules').where({ id }).forNoKeyUpdate().select('id')
  const [row] = await find(ctx, 'r.id = ?', [id])
  if (!row || !reachesTeam(scope, row.team_id)) throw new NotFound('alert rule')
  if (!mayChange(ctx, scope, row.team_id)) throw new Forbidden('forbidden', 'this rule holds for all teams')
  return row
}

const objectOf = (row: RuleRow) => ({ kind: 'alert_rule', id: row.id, label: row.team_name ?? row.kind })

/** @throws Conflict `name_taken` when the team has one of this kind; NotFound for a foreign team */
export async function createRule(ctx: Ctx<StaffActor>, input: z.output<typeof alertRuleCreate>): Promise<AlertRule> {
  checkTeam(await scopeOf(ctx), input.teamId)
  const team = await TeamRow.query(ctx.trx).findById(input.teamId).where({ status: 'active' }).select('id')
  if (!team) throw new NotFound('team')
  const id = newId()
  const written = await ctx
    .trx('alert_rules')
    .insert({ id, kind: input.kind, team_id: input.teamId, threshold: input.threshold, enabled: input.enabled, created_at: ctx.now })
    .onConflict(ctx.trx.raw('(kind, team_id)'))
    .ignore()
    .returning('id')
  if (written.length === 0) throw new Conflict('already_there', 'this team has a rule of this kind')
  const row = await ruleFor(ctx, id)
  await record(ctx, { action: 'alert_rule.created', object: objectOf(row), after: { kind: row.kind, threshold: row.threshold } })
  return present(row, true)
}

/** @throws NotFound, Forbidden, Conflict `version_conflict` */
export async function updateRule(ctx: Ctx<StaffActor>, id: string, patch: z.output<typeof alertRulePatch>): Promise<AlertRule> {
  const before = await ruleFor(ctx, id)
  if (before.version !== patch.version)
    throw new Conflict('version_conflict', 'somebody else changed this rule', { version: before.version })
  const after = {
    ...before,
    threshold: patch.threshold ?? before.threshold,
    enabled: patch.enabled ?? before.enabled,
    version: before.version + 1,
  }
  const { threshold, enabled, version } = after
  await ctx.trx('alert_rules').where({ id }).update({ threshold, enabled, version, updated_at: ctx.now })
  const facts = (row: RuleRow) => ({ threshold: row.threshold, enabled: row.enabled })
  const changes = changesOf(facts(before), facts(after))
  if (changes) await record(ctx, { action: 'alert_rule.changed', object: objectOf(after), ...changes })
  return present(after, true)
}

/** The team goes by the house's rule again. @throws NotFound, Forbidden also for the house's own, Conflict `version_conflict` */
export async function deleteRule(ctx: Ctx<StaffActor>, id: string, version: number): Promise<void> {
  const row = await ruleFor(ctx, id)
  if (row.team_id === null) throw new Forbidden('forbidden', 'the rule of the house can be switched off, not deleted')
  if (row.version !== version) throw new Conflict('version_conflict', 'somebody else changed this rule', { version: row.version })
  await ctx.trx('alert_rules').where({ id }).delete()
  await record(ctx, { action: 'alert_rule.deleted', object: objectOf(row), before: { kind: row.kind, threshold: row.threshold } })
}
