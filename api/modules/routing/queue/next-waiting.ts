import { z } from 'zod'
import type { WorkKind } from '../../../contract/routing.ts'
import type { Ctx } from '../../../core/context.ts'
import { prepared } from '../../../core/db.ts'
import type { Job } from '../assigning/decide.ts'

/** A place in the order of all queues: microseconds as text, a JavaScript date would lose them. */
export interface Place {
  rank: string
  id: string
}

export type Waiting = Job & Place

const waitingRows = z.object({
  rows: z.array(
    z.object({
      id: z.string(),
      rank: z.string(),
      work_id: z.string(),
      team_id: z.string().nullable(),
      business_type_id: z.string().nullable(),
      preferred_account_id: z.string().nullable(),
      required_skills: z.array(z.object({ skillId: z.string(), level: z.number() })),
      facts: z.object({
        channelKind: z.string().nullable().default(null),
        channelAccountId: z.string().nullable().default(null),
        tagIds: z.array(z.string()).default([]),
      }),
      passed_by: z.array(z.string()),
    }),
  ),
})

const COLUMNS = `e.id, e.rank_at::text as rank, e.work_id, case when t.id is null then null else e.team_id end as team_id, e.business_type_id,
  e.preferred_account_id, e.required_skills, e.facts, e.passed_by`
/** What waits for a team that serves nobody any more waits for everybody. */
const FROM = `queue_entries e left join teams t on t.id = e.team_id and t.status = 'active'`

const parse = (answer: unknown): Waiting[] =>
  waitingRows.parse(answer).rows.map((row) => ({
    id: row.id,
    rank: row.rank,
    workId: row.work_id,
    teamId: row.team_id,
    facts: { ...row.facts, businessTypeId: row.business_type_id },
    skills: row.required_skills,
    preferredAccountId: row.preferred_account_id,
    passedBy: row.passed_by,
    familiar: [],
  }))

/** The next in the order of all queues; of these teams and of the general one, where `teamIds` are given. */
export async function nextWaiting(
  ctx: Pick<Ctx, 'trx'>,
  kind: WorkKind,
  page: { limit: number; after: Place | null; teamIds: readonly string[] | null },
): Promise<Waiting[]> {
  const after = page.after ? 'and (e.rank_at, e.id) > (?::timestamptz, ?::uuid)' : ''
  const served = page.teamIds ? 'and (t.id is null or e.team_id = any(?::uuid[]))' : ''
  return parse(
    await prepared(
      ctx.trx,
      `next-waiting${page.after ? '-after' : ''}${page.teamIds ? '-served' : ''}`,
      `select ${COLUMNS} from ${FROM}
       where e.work_kind = ? and e.left_at is null ${after} ${served}
       order by e.rank_at, e.id limit ?`,
      [kind, ...(page.after ? [page.after.rank, page.after.id] : []), ...(page.teamIds ? [[...page.teamIds]] : []), page.limit],
    ),
  )
}

/** As each waited last, whether or not it still does; what never waited is missing. */
export async function lastWaits(ctx: Pick<Ctx, 'trx'>, kind: WorkKind, workIds: readonly string[]): Promise<Waiting[]> {
  return parse(
    await ctx.trx.raw(
      `select distinct on (e.work_id) ${COLUMNS} from ${FROM} where e.work_kind = ? and e.work_id = any(?::uuid[])
       order by e.work_id, e.entered_at desc, e.id desc`,
      [kind, [...workIds]],
    ),
  )
}

/** As it waits; undefined when it does not. */
export async function waitingOf(ctx: Pick<Ctx, 'trx'>, kind: WorkKind, workId: string): Promise<Waiting | undefined> {
  const answer: unknown = await ctx.trx.raw(
    `select ${COLUMNS} from ${FROM} where e.work_kind = ? and e.work_id = ? and e.left_at is null`,
    [kind, workId],
  )
  return parse(answer)[0]
}
