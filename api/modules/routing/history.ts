/** Who had what since when, why, and who else could have had it (BP-012.8). */
import { z } from 'zod'
import { type Assignment } from '../../contract/assignment.ts'
import { figuresSchema, reasonSchema, STRATEGIES, WORK_KINDS } from '../../contract/routing.ts'
import type { Ctx, StaffActor } from '../../core/context.ts'
import { decodeTimeCursor, encodeCursor } from '../../core/cursor.ts'
import { NotFound } from '../../core/errors.ts'
import { reachableStaff } from '../organisation/index.ts'
import { workOf } from './hooks.ts'
import type { Work } from './work.ts'

const considered = z.object({ others: z.array(z.object({ accountId: z.string(), figures: figuresSchema })) })
const assignmentRows = z.object({
  rows: z.array(
    z.object({
      id: z.string(),
      work_kind: z.enum(WORK_KINDS),
      work_id: z.string(),
      account: z.object({ id: z.string(), name: z.string() }),
      team: z.object({ id: z.string(), name: z.string() }).nullable(),
      policy: z.object({ id: z.string(), name: z.string() }).nullable(),
      strategy: z.enum(STRATEGIES).nullable(),
      reason: reasonSchema,
      figures: considered.nullable(),
      by: z.object({ id: z.string(), name: z.string() }).nullable(),
      note: z.string().nullable(),
      assigned_at: z.date(),
      ended_at: z.date().nullable(),
      end_reason: z.string().nullable(),
      sort_key: z.string(),
    }),
  ),
})
type Row = z.infer<typeof assignmentRows>['rows'][number]

const named = (alias: string) => `case when ${alias}.id is not null then json_build_object('id', ${alias}.id, 'name', ${alias}.name) end`
const SELECT = `
  select w.id, w.work_kind, w.work_id, ${named('a')} as account, ${named('t')} as team, ${named('p')} as policy, w.strategy, w.reason, w.figures,
    ${named('b')} as by, w.note, w.assigned_at, w.ended_at, w.end_reason, w.assigned_at::text as sort_key
  from assignments w join accounts a on a.id = w.account_id left join teams t on t.id = w.team_id
    left join assignment_policies p on p.id = w.policy_id left join accounts b on b.id = w.assigned_by`

interface Page {
  limit: number
  cursor?: string | undefined
}

async function pageOf(
  ctx: Pick<Ctx, 'app' | 'trx'>,
  where: { sql: string; bindings: string[] },
  { limit, cursor }: Page,
): Promise<{ data: Assignment[]; nextCursor: string | null }> {
  const after = decodeTimeCursor(cursor)
  const answer: unknown = await ctx.trx.raw(
    `${SELECT} where ${where.sql} ${after ? 'and (w.assigned_at, w.id) < (?::timestamptz, ?::uuid)' : ''}
     order by w.assigned_at desc, w.id desc limit ?`,
    [...where.bindings, ...(after ? [after.key, after.id] : []), limit + 1],
  )
  const { rows } = assignmentRows.parse(answer)
  const shown = rows.slice(0, limit)
  const last = rows.length > limit ? shown.at(-1) : undefined
  return { data: await present(ctx, shown), nextCursor: last ? encodeCursor(last.sort_key, last.id) : null }
}

async function present(ctx: Pick<Ctx, 'app' | 'trx'>, rows: readonly Row[]): Promise<Assignment[]> {
  const names = await namesOf(
    ctx,
    rows.flatMap(({ figures }) => figures?.others.map(({ accountId }) => accountId) ?? []),
  )
  const labels = await labelsOf(ctx, rows)
  return rows.map((row) => ({
    id: row.id,
    work: { kind: row.work_kind, id: row.work_id, label: labels.get(row.work_id) ?? null },
    account: row.account,
    team: row.team,
    reason: row.reason,
    policy: row.policy,
    strategy: row.strategy,
    considered: (row.figures?.others ?? []).map(({ accountId, figures }) => ({
      account: { id: accountId, name: names.get(accountId) ?? '' },
      figures,
    })),
    by: row.by,
    note: row.note,
    assignedAt: row.assigned_at.toISOString(),
    endedAt: row.ended_at?.toISOString() ?? null,
    endReason: row.end_reason,
  }))
}

const people = z.array(z.object({ id: z.string(), name: z.string() }))

export async function namesOf(ctx: Pick<Ctx, 'trx'>, accountIds: readonly string[]): Promise<Map<string, string>> {
  if (accountIds.length === 0) return new Map()
  const rows: unknown = await ctx
    .trx('accounts')
    .whereIn('id', [...new Set(accountIds)])
    .select('id', 'name')
  return new Map(people.parse(rows).map(({ id, name }) => [id, name]))
}

async function labelsOf(ctx: Pick<Ctx, 'app' | 'trx'>, rows: readonly Row[]): Promise<Map<string, string>> {
  const labels = new Map<string, string>()
  for (const kind of WORK_KINDS) {
    const ids = rows.filter((row) => row.work_kind === kind).map((row) => row.work_id)
    if (ids.length === 0) continue
    for (const [id, label] of (await workOf(ctx, kind)?.labels(ctx, [...new Set(ids)])) ?? []) labels.set(id, label)
  }
  return labels
}

/** Newest first. The caller has checked that the reader may see the work. */
export const assignmentsOf = (ctx: Pick<Ctx, 'app' | 'trx'>, work: Work, page: Page = { limit: 100 }) =>
  pageOf(ctx, { sql: 'w.work_kind = ? and w.work_id = ?', bindings: [work.kind, work.id] }, page)

/** Newest first. @throws NotFound outside the reader's reach */
export async function assignmentsOfStaff(ctx: Ctx<StaffActor>, accountId: string, page: Page) {
  const reach = await reachableStaff(ctx)
  if (reach !== null && !reach.includes(accountId)) throw new NotFound('member of staff')
  return pageOf(ctx, { sql: 'w.account_id = ?', bindings: [accountId] }, page)
}
