/** Coming into a queue, leaving it, moving to another (BP-003.5). */
import { z } from 'zod'
import type { Reason, WorkKind } from '../../../contract/routing.ts'
import type { Ctx } from '../../../core/context.ts'
import { newId } from '../../../core/ids.ts'
import { type WorkFacts, workOf } from '../hooks.ts'
import type { SkillNeed } from '../strategies/strategy.ts'
import { QUEUE_STANDINGS_TOPIC } from '../waiting/topic.ts'
import type { Work } from '../work.ts'
import { overflowing } from './overflow.ts'
import { loadRules, priorityOf, type Rule, type Rules } from './rules.ts'

export interface QueueEntry {
  work: Work
  /** Null: it is about nobody. */
  customerId: string | null
  channelAccountId: string | null
  /** Null: the general queue. */
  teamId?: string | null
  businessTypeId?: string | null
  /** Since when the person waits; default now. A return keeps what it had. */
  waitingSince?: Date | null
  /** Offered to him first, while he can take it. */
  preferredAccountId?: string | null
  requiredSkills?: readonly SkillNeed[]
  /** They had it and let it pass. */
  passedBy?: readonly string[]
  /** Why it waits here: `queueReason.{code}` on screen. */
  reason?: Reason
  /** It is put into this very queue, however full: it comes back to it, or somebody chose it. Only who arrives overflows. */
  stays?: true
}

/** Where it waits now, after whatever overflowed. */
export interface Placed {
  teamId: string | null
  priority: number
  overflow: 'form' | 'bot' | null
}

const ARRIVED: Reason = { code: 'arrived', params: {} }
const NOTHING: WorkFacts = { channelKind: null, tagIds: [], sinceLastMs: null }

/**
 * Puts work into its queue. Priority and what a full queue does come from the queue's rules. What waits already stays where it is. Three statements,
 * whatever the number. Rings whoever hands out (`work.queued` is for the caller to emit, with its own name).
 * Emits `queue.overflowed` {kind, action, teamId} where a full queue offers the form or the bot's words.
 * @returns by work
 */
export async function enterQueue(ctx: Ctx, entries: readonly QueueEntry[]): Promise<Map<string, Placed>> {
  if (entries.length === 0) return new Map()
  const rules = await loadRules(ctx)
  const facts = await factsOf(ctx, entries)
  const overflow = await overflowing(
    ctx,
    rules,
    entries.map(({ work, teamId, stays = false }) => ({ kind: work.kind, teamId: teamId ?? null, stays })),
  )
  const rows = entries.map((entry, index) => rowOf(ctx, entry, { rules, facts: facts[index] ?? NOTHING, place: overflow[index] }))
  await insert(ctx, rows)
  ctx.wake(QUEUE_STANDINGS_TOPIC)
  for (const { work_kind: kind, work_id: workId, team_id: teamId, action } of rows) {
    if (action) ctx.emit({ name: 'queue.overflowed', subjectId: workId, payload: { kind, action, teamId } })
  }
  return new Map(rows.map((row) => [row.work_id, { teamId: row.team_id, priority: row.priority, overflow: row.action }]))
}

async function factsOf(ctx: Ctx, entries: readonly QueueEntry[]): Promise<WorkFacts[]> {
  const known: WorkFacts[] = entries.map(() => NOTHING)
  for (const kind of new Set(entries.map(({ work }) => work.kind))) {
    const places = entries.flatMap((entry, index) => (entry.work.kind === kind ? [{ entry, index }] : []))
    const found = await workOf(ctx, kind)?.facts(
      ctx,
      places.map(({ entry }) => entry),
    )
    places.forEach(({ index }, nth) => (known[index] = found?.[nth] ?? NOTHING))
  }
  return known
}

interface Settled {
  rules: Rules
  facts: WorkFacts
  place: { teamId: string | null; passed: string[]; action: 'form' | 'bot' | null } | undefined
}

function rowOf(ctx: Ctx, entry: QueueEntry, { rules, facts, place }: Settled) {
  const wanted = entry.teamId ?? null
  const { teamId, passed, action } = place ?? { teamId: wanted, passed: [], action: null }
  const priority = priorityOf(rules.of(teamId), facts)
  const since = entry.waitingSince ?? ctx.now
  return {
    id: newId(),
    work_kind: entry.work.kind,
    work_id: entry.work.id,
    team_id: teamId,
    business_type_id: entry.businessTypeId ?? null,
    priority,
    waiting_since: since.toISOString(),
    points_per_minute: rules.of(teamId).points_per_minute,
    preferred_account_id: entry.preferredAccountId ?? null,
    required_skills: entry.requiredSkills ?? [],
    facts: {
      channelKind: facts.channelKind,
      channelAccountId: entry.channelAccountId,
      tagIds: facts.tagIds,
      sinceLastMs: facts.sinceLastMs,
    },
    passed_by: entry.passedBy ?? [],
    passed_teams: passed,
    overflowed: action !== null,
    action,
    reason: teamId === wanted ? (entry.reason ?? ARRIVED) : { code: 'overflow_full', params: { from: rules.nameOf(wanted) } },
  }
}

/** What a point is worth in waiting time. */
export const RANK = `waiting_since - priority * interval '1 minute' / points_per_minute`

async function insert(ctx: Ctx, rows: readonly ReturnType<typeof rowOf>[]): Promise<void> {
  await ctx.trx.raw(
    `insert into queue_entries (id, work_kind, work_id, team_id, business_type_id, priority, waiting_since, entered_at, rank_at, preferred_account_id,
       required_skills, facts, passed_by, passed_teams, overflowed_at, reason)
     select id, work_kind, work_id, team_id, business_type_id, priority, waiting_since, :now::timestamptz, ${RANK}, preferred_account_id,
       required_skills, facts, passed_by, passed_teams, case when overflowed then :now::timestamptz end, reason
     from json_to_recordset(:rows::json) as t(id uuid, work_kind text, work_id uuid, team_id uuid, business_type_id uuid, priority int,
       waiting_since timestamptz, points_per_minute int, preferred_account_id uuid, required_skills jsonb, facts jsonb, passed_by uuid[],
       passed_teams uuid[], overflowed boolean, reason jsonb)
     on conflict (work_kind, work_id) where left_at is null do nothing`,
    { rows: JSON.stringify(rows), now: ctx.now.toISOString() },
  )
}

/** It does not wait any more: `cancelled`, `left_by_customer`, `closed` … One statement, whatever the number. */
export async function leaveQueue(ctx: Ctx, works: { kind: WorkKind; ids: readonly string[] }, reason: string): Promise<void> {
  if (works.ids.length === 0) return
  await ctx
    .trx('queue_entries')
    .where({ work_kind: works.kind })
    .whereIn('work_id', [...works.ids])
    .whereNull('left_at')
    .update({ left_at: ctx.now, left_reason: reason })
  ctx.wake(QUEUE_STANDINGS_TOPIC)
}

const movedRows = z.object({ rows: z.array(z.object({ work_id: z.string() })) })

/**
 * To another queue, with the time waited so far; its priority is that of the new queue's rules. The wait in the old one ends (`moved`), so that its
 * figures stay honest. @returns ids of what did wait
 */
export async function moveQueue(
  ctx: Ctx,
  works: { kind: WorkKind; ids: readonly string[] },
  to: { teamId: string | null; reason: Reason; passedTeams?: ReadonlyMap<string, readonly string[]> },
): Promise<string[]> {
  if (works.ids.length === 0) return []
  const rules = await loadRules(ctx)
  const rule: Rule = rules.of(to.teamId)
  const rows = works.ids.map((workId) => ({ id: newId(), work_id: workId, passed: to.passedTeams?.get(workId) ?? null }))
  const answer: unknown = await ctx.trx.raw(
    `with t as (select * from json_to_recordset(:rows::json) as t(id uuid, work_id uuid, passed uuid[])),
     gone as (update queue_entries e set left_at = :now::timestamptz, left_reason = 'moved' from t
       where e.work_kind = :kind and e.work_id = t.work_id and e.left_at is null returning e.*, t.id as new_id, t.passed),
     scored as (select g.*, ${PRIORITY} as points from gone g)
     insert into queue_entries (id, work_kind, work_id, team_id, business_type_id, priority, waiting_since, entered_at, rank_at, preferred_account_id,
       required_skills, facts, passed_by, passed_teams, overflowed_at, reason)
     select new_id, work_kind, work_id, :team, business_type_id, points, waiting_since, :now::timestamptz,
       waiting_since - points * interval '1 minute' / :perMinute::int, preferred_account_id, required_skills, facts, passed_by,
       coalesce(passed, '{}'), null, :reason::jsonb
     from scored returning work_id`,
    {
      rows: JSON.stringify(rows),
      now: ctx.now.toISOString(),
      kind: works.kind,
      team: to.teamId,
      reason: JSON.stringify(to.reason),
      ...bindingsOf(rule),
    },
  )
  ctx.wake(QUEUE_STANDINGS_TOPIC)
  return movedRows.parse(answer).rows.map((row) => row.work_id)
}

/** The same as `priorityOf`, over entries `g` that wait already. */
export const PRIORITY = `
  (case when exists (select 1 from jsonb_array_elements_text(g.facts -> 'tagIds') as tag where tag::uuid = any(:vipTags::uuid[])) then :vipPoints::int else 0 end
   + case when (g.facts ->> 'sinceLastMs')::bigint <= :returningMs::bigint then :returningPoints::int else 0 end)`

export const bindingsOf = (rule: Rule) => ({
  vipTags: rule.vip_tag_ids,
  vipPoints: rule.vip_points,
  returningMs: rule.returning_minutes * 60_000,
  returningPoints: rule.returning_points,
  perMinute: rule.points_per_minute,
})
