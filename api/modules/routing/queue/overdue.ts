/** A queue in which somebody has waited too long (BP-015.7). */
import { z } from 'zod'
import type { App } from '../../../core/app.ts'
import { type Ctx, inTransaction, SYSTEM } from '../../../core/context.ts'
import { workOf } from '../hooks.ts'
import { moveQueue } from './enter-queue.ts'
import { teamNames } from './rules.ts'

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
 * Of work for which somebody sits and waits (a ticket has its own clocks), what waited too long overflows: judged by the database's time, so a restart or an emptied Redis changes nothing. What somebody is just taking is left
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
     where e.work_kind = 'conversation' and e.left_at is null and e.overflowed_at is null and r.overflow <> 'none'
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
