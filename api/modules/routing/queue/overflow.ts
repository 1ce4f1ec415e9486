/** A queue that is full, or in which somebody has waited too long (BP-015.7). */
import { z } from 'zod'
import type { WorkKind } from '../../../contract/routing.ts'
import type { App } from '../../../core/app.ts'
import { type Ctx, inTransaction, SYSTEM } from '../../../core/context.ts'
import { workOf } from '../hooks.ts'
import { moveQueue } from './enter-queue.ts'
import { teamNames, type Rules } from './rules.ts'

export interface Place {
  teamId: string | null
  /** Teams it came through. */
  passed: string[]
  action: 'form' | 'bot' | null
}

const lengthRows = z.object({
  rows: z.array(z.object({ work_kind: z.string(), team_id: z.string().nullable(), waiting: z.coerce.number() })),
})
const keyOf = (kind: WorkKind, teamId: string | null): string => `${kind} ${teamId ?? ''}`

/**
 * Where each goes in fact: on from a queue that is full, as its rules say. A chain ends where there is room, where it would come back to a queue it was in,
 * and where a queue has no overflow to a team: then it waits there all the same, or is offered the form or the bot's words.
 */
export async function overflowing(
  ctx: Pick<Ctx, 'trx'>,
  rules: Rules,
  wanted: readonly { kind: WorkKind; teamId: string | null }[],
): Promise<Place[]> {
  const limited = wanted.some(({ teamId }) => rules.of(teamId).max_waiting !== null)
  if (!limited) return wanted.map(({ teamId }) => ({ teamId, passed: [], action: null }))
  const lengths = await queueLengths(ctx)
  return wanted.map(({ kind, teamId }) => {
    const place = placeFor(rules, teamId, (team) => lengths.get(keyOf(kind, team)) ?? 0)
    const key = keyOf(kind, place.teamId)
    lengths.set(key, (lengths.get(key) ?? 0) + 1)
    return place
  })
}

/** Pure: follows the overflow from queue to queue. */
export function placeFor(rules: Pick<Rules, 'of'>, teamId: string | null, lengthOf: (teamId: string | null) => number): Place {
  const passed: string[] = []
  const seen = new Set<string | null>()
  for (let here = teamId; ;) {
    const rule = rules.of(here)
    if (rule.max_waiting === null || lengthOf(here) < rule.max_waiting) return { teamId: here, passed, action: null }
    seen.add(here)
    if (rule.overflow === 'form' || rule.overflow === 'bot') return { teamId: here, passed, action: rule.overflow }
    const next = rule.overflow_team_id
    if (next === null || seen.has(next)) return { teamId: here, passed, action: null }
    if (here !== null) passed.push(here)
    here = next
  }
}

async function queueLengths(ctx: Pick<Ctx, 'trx'>): Promise<Map<string, number>> {
  const answer: unknown = await ctx.trx.raw(
    'select work_kind, team_id, count(*) as waiting from queue_entries where left_at is null group by work_kind, team_id',
  )
  return new Map(lengthRows.parse(answer).rows.map((row) => [`${row.work_kind} ${row.team_id ?? ''}`, row.waiting]))
}

const BATCH = 200
const overdueRows = z.object({
  rows: z.array(
    z.object({
      id: z.string(),
      work_kind: z.enum(['conversation', 'ticket']),
      work_id: z.string(),
      team_id: z.string().nullable(),
      passed_teams: z.array(z.string()),
      overflow: z.enum(['team', 'form', 'bot']),
      overflow_team_id: z.string().nullable(),
    }),
  ),
})
type Overdue = z.infer<typeof overdueRows>['rows'][number]

/**
 * What waited too long overflows: judged by the database's time, so a restart or an emptied Redis changes nothing. What somebody is just taking is left
 * alone; it comes again with the next look.
 */
export const overflowOverdue = (app: App): Promise<void> =>
  inTransaction(app, SYSTEM, async (ctx) => {
    const found = await overdue(ctx)
    const locked = await lockWork(ctx, found)
    const rows = found.filter(({ work_id: id }) => locked.has(id))
    if (rows.length === 0) return
    const moving = rows.filter(goesOn)
    await moveOverdue(ctx, moving)
    const staying = rows.filter((row) => !goesOn(row))
    await ctx
      .trx('queue_entries')
      .whereIn(
        'id',
        staying.map(({ id }) => id),
      )
      .whereNull('left_at')
      .update({ overflowed_at: ctx.now })
    for (const { overflow: action, work_kind: kind, work_id: id, team_id: teamId } of staying)
      if (action !== 'team') ctx.emit({ name: 'queue.overflowed', subjectId: id, payload: { kind, action, teamId } })
  })

async function lockWork(ctx: Ctx, rows: readonly Overdue[]): Promise<Set<string>> {
  const locked = new Set<string>()
  for (const kind of new Set(rows.map((row) => row.work_kind))) {
    const ids = rows.filter((row) => row.work_kind === kind).map(({ work_id: id }) => id)
    for (const id of (await workOf(ctx, kind)?.lockWaiting(ctx, ids)) ?? []) locked.add(id)
  }
  return locked
}

async function overdue(ctx: Ctx): Promise<Overdue[]> {
  const answer: unknown = await ctx.trx.raw(
    `select e.id, e.work_kind, e.work_id, e.team_id, e.passed_teams, r.overflow, r.overflow_team_id
     from queue_entries e join lateral (
       select * from queue_rules r where r.team_id = e.team_id or r.team_id is null order by r.team_id is null limit 1) r on true
     where e.left_at is null and e.overflowed_at is null and r.overflow <> 'none'
       and e.entered_at <= (select app_now()) - r.max_wait_seconds * interval '1 second'
     order by e.entered_at, e.id limit ?`,
    [BATCH],
  )
  return overdueRows.parse(answer).rows
}

/** Never back to a queue it was in, whatever the rules have become since: then it waits where it is. */
const goesOn = (row: Overdue): boolean =>
  row.overflow === 'team' &&
  row.overflow_team_id !== null &&
  row.overflow_team_id !== row.team_id &&
  !row.passed_teams.includes(row.overflow_team_id)

/** One move for all that go the same way. */
async function moveOverdue(ctx: Ctx, rows: readonly Overdue[]): Promise<void> {
  const ways = new Map<string, Overdue[]>()
  for (const row of rows) {
    const way = `${row.work_kind} ${row.team_id ?? ''} ${row.overflow_team_id ?? ''}`
    ways.set(way, [...(ways.get(way) ?? []), row])
  }
  for (const way of ways.values()) {
    const [first] = way
    if (!first) continue
    const works = { kind: first.work_kind, ids: way.map(({ work_id: id }) => id) }
    const from = first.team_id === null ? '' : ((await teamNames(ctx, [first.team_id])).get(first.team_id) ?? '')
    const to = {
      teamId: first.overflow_team_id,
      reason: { code: 'overflow_waited', params: { from } },
      passedTeams: new Map(way.map((row) => [row.work_id, [...row.passed_teams, ...(row.team_id === null ? [] : [row.team_id])]])),
    }
    await moveQueue(ctx, works, to)
    await workOf(ctx, works.kind)?.moved(ctx, works.ids, to)
  }
}
