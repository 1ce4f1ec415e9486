/** The rules of all queues, as the product goes by them; the pages that change them are in `change-rules.ts`. */
import type { Ctx } from '../../../core/context.ts'
import { TeamRow } from '../../teams/index.ts'
import type { WorkFacts } from '../hooks.ts'
import { QueueRuleRow } from '../model.ts'

export type Rule = QueueRuleRow

export interface Rules {
  /** Of this team's queue, else those of the house. */
  of(teamId: string | null): Rule
  /** Name of a team that has rules or is named by some. */
  nameOf(teamId: string | null): string
}

/** One statement: there are as many as teams at most. */
export async function loadRules(ctx: Pick<Ctx, 'trx'>): Promise<Rules> {
  const rows: (QueueRuleRow & { team_name?: string | null })[] = await QueueRuleRow.query(ctx.trx)
    .leftJoin('teams', 'teams.id', 'queue_rules.team_id')
    .select('queue_rules.*', 'teams.name as team_name')
  const house = rows.find((row) => row.team_id === null)
  if (!house) throw new Error('the rules of the house are missing')
  const byTeam = new Map(rows.map((row) => [row.team_id, row]))
  return { of: (teamId) => byTeam.get(teamId) ?? house, nameOf: (teamId) => byTeam.get(teamId)?.team_name ?? '' }
}

/** The rules that a queue goes by: limits, overflow, and what is said to those who wait. */
export async function queueRuleFor(ctx: Pick<Ctx, 'trx'>, teamId: string | null): Promise<Rule> {
  return (await loadRules(ctx)).of(teamId)
}

/** Points with which somebody comes in: VIP by tag, and whoever is back soon after his last conversation. */
export function priorityOf(rule: Rule, facts: Pick<WorkFacts, 'tagIds' | 'sinceLastMs'>): number {
  const vip = facts.tagIds.some((id) => rule.vip_tag_ids.includes(id)) ? rule.vip_points : 0
  const back = facts.sinceLastMs !== null && facts.sinceLastMs <= rule.returning_minutes * 60_000 ? rule.returning_points : 0
  return vip + back
}

/** Names of teams that exist, by id. */
export async function teamNames(ctx: Pick<Ctx, 'trx'>, ids: readonly string[]): Promise<Map<string, string>> {
  const rows = await TeamRow.query(ctx.trx)
    .whereIn('id', [...new Set(ids)])
    .select('id', 'name')
  return new Map(rows.map((row) => [row.id, row.name]))
}
