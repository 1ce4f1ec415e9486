import { z } from 'zod'
import type { WorkKind } from '../../../contract/routing.ts'
import type { Ctx } from '../../../core/context.ts'
import { prepared } from '../../../core/db.ts'
import { newId } from '../../../core/ids.ts'
import { workOf } from '../hooks.ts'
import { nextWaiting, type Place, type Waiting } from '../queue/next-waiting.ts'
import type { Assigned } from '../work.ts'
import { type Candidate, decideAll, type Decision, exclusionOf, type Field, type Job } from './decide.ts'
import { loadField } from './load-field.ts'
import { takeTurn } from './turn.ts'

const writtenRows = z.object({ rows: z.array(z.object({ work_id: z.string() })) })
const anyRow = z.object({ rows: z.array(z.unknown()) })

/** One turn at handing out what waits. */
export interface Round {
  /** In the order of the queue: work that somebody with room could be given. */
  workIds: string[]
  /** Where the next page begins; null: there is no more. */
  next: Place | null
  /**
   * Decides and writes, for those of `workIds` that the caller has locked. By work; what is missing found nobody.
   * Capacity cannot be exceeded: it is counted and filled under the turn, and the turn lasts until the commit.
   */
  claim(lockedIds: ReadonlySet<string>): Promise<Map<string, Assigned>>
}

/** Nothing waits: asked without a lock, by far the most frequent answer. */
async function isEmpty(ctx: Ctx, kind: WorkKind): Promise<boolean> {
  const sql = 'select 1 from queue_entries where work_kind = ? and left_at is null limit 1'
  const { rows } = anyRow.parse(await prepared(ctx.trx, 'nobody-waits', sql, [kind]))
  return rows.length === 0
}

/**
 * Opens a round over what waits (BP-003.4, BP-003.5): the oldest by rank first, of the queues in which somebody has room. The same few statements for one
 * piece of work and for a hundred.
 * @param limit of work at once
 */
export async function openRound(ctx: Ctx, kind: WorkKind, page: { limit: number; after: Place | null }): Promise<Round | null> {
  if (await isEmpty(ctx, kind)) return null
  await takeTurn(ctx)
  const [field, first] = await Promise.all([loadField(ctx, { kind }), nextWaiting(ctx, kind, { ...page, teamIds: null })])
  const free = field.candidates.filter((agent) => hasRoom(field, agent))
  if (free.length === 0) return null
  const waiting = await servable(ctx, kind, { ...page, first, teamIds: new Set(free.flatMap((agent) => [...agent.teamIds])) })
  const last = waiting.length === page.limit ? waiting.at(-1) : undefined
  return {
    workIds: waiting.map(({ workId }) => workId),
    next: last ? { rank: last.rank, id: last.id } : null,
    claim: (lockedIds) =>
      claim(
        ctx,
        { kind, field },
        waiting.filter(({ workId }) => lockedIds.has(workId)),
      ),
  }
}

/** Of the queues in which somebody has room. What came with the field is all there is, but where more waits than a page holds. */
async function servable(
  ctx: Ctx,
  kind: WorkKind,
  { first, teamIds, ...page }: { limit: number; after: Place | null; first: Waiting[]; teamIds: ReadonlySet<string> },
): Promise<Waiting[]> {
  const isServed = ({ teamId }: Waiting) => teamId === null || teamIds.has(teamId)
  if (first.length < page.limit || first.every(isServed)) return first.filter(isServed)
  return nextWaiting(ctx, kind, { ...page, teamIds: [...teamIds] })
}

const ANY_WORK: Job = {
  workId: '',
  teamId: null,
  facts: { channelKind: null, channelAccountId: null, tagIds: [], businessTypeId: null },
  skills: [],
  preferredAccountId: null,
  passedBy: [],
  familiar: [],
}
const hasRoom = (field: Field, agent: Candidate): boolean => exclusionOf(field, ANY_WORK, agent) === null

async function claim(
  ctx: Ctx,
  { kind, field }: { kind: WorkKind; field: Field },
  waiting: readonly Waiting[],
): Promise<Map<string, Assigned>> {
  if (waiting.length === 0) return new Map()
  const jobs = await jobsOf(ctx, kind, field, waiting)
  const decided = decideAll(field, jobs, nextTurn(field, ctx.now))
  return decided.size === 0 ? new Map() : write(ctx, kind, waiting, decided)
}

/** After the last one that anybody had, also where a clock was set back or a round began earlier and came later. */
const nextTurn = (field: Field, now: Date): number =>
  field.candidates.reduce((latest, { lastAssigned }) => Math.max(latest, lastAssigned), now.getTime() * 1000)

export async function jobsOf(
  ctx: Pick<Ctx, 'app' | 'trx'>,
  kind: WorkKind,
  field: Pick<Field, 'policies'>,
  waiting: readonly Waiting[],
): Promise<Job[]> {
  const asks = field.policies.some(({ enabled, strategy }) => enabled && strategy === 'familiar_first')
  const ids = waiting.map(({ workId }) => workId)
  const familiar = asks ? await workOf(ctx, kind)?.familiar(ctx, ids) : undefined
  const looks = field.policies.some(
    ({ enabled, conditions }) => enabled && conditions.ticketTypeIds.length + conditions.priorities.length > 0,
  )
  const traits = looks ? await workOf(ctx, kind)?.traits?.(ctx, ids) : undefined
  return waiting.map((job) => ({
    ...job,
    facts: { ...job.facts, ...traits?.get(job.workId) },
    familiar: familiar?.get(job.workId) ?? [],
  }))
}

async function write(
  ctx: Ctx,
  kind: WorkKind,
  waiting: readonly Waiting[],
  decided: ReadonlyMap<string, Decision>,
): Promise<Map<string, Assigned>> {
  const teamOf = new Map(waiting.map(({ workId, teamId }) => [workId, teamId]))
  const rows = [...decided].map(([workId, decision]) => ({ id: newId(), work_id: workId, ...columnsOf(decision, teamOf.get(workId)) }))
  const answer: unknown = await prepared(
    ctx.trx,
    'claim',
    `with t as (select * from json_to_recordset(:rows::json) as t(id uuid, work_id uuid, account_id uuid, turn bigint, reason jsonb, policy_id uuid,
         strategy text, figures jsonb, team_id uuid)),
     w as (insert into assignments (id, work_kind, work_id, account_id, reason, assigned_at, team_id, policy_id, strategy, figures)
       select id, :kind, work_id, account_id, reason, :now::timestamptz, team_id, policy_id, strategy, figures from t
       on conflict (work_kind, work_id) where ended_at is null do nothing returning work_id, account_id),
     q as (update queue_entries e set left_at = :now::timestamptz, left_reason = 'assigned' from w
       where e.work_kind = :kind and e.work_id = w.work_id and e.left_at is null),
     -- In the order in which all lock presences.
     p as (select account_id from presences where account_id in (select account_id from w) order by account_id for no key update),
     u as (update presences s set last_assigned_at = timestamptz 'epoch' + x.turn * interval '1 microsecond'
       from (select t.account_id, max(t.turn) as turn from t join p on p.account_id = t.account_id group by 1) as x where s.account_id = x.account_id)
     select work_id from w`,
    { rows: JSON.stringify(rows), kind, now: ctx.now.toISOString() },
  )
  const written = new Set(writtenRows.parse(answer).rows.map((row) => row.work_id))
  return new Map(
    [...decided]
      .filter(([workId]) => written.has(workId))
      .map(([workId, { agent, reason }]) => [workId, { accountId: agent.accountId, name: agent.name, reason }]),
  )
}

const columnsOf = (decision: Decision, teamId: string | null | undefined) => ({
  account_id: decision.agent.accountId,
  turn: decision.agent.lastAssigned,
  reason: decision.reason,
  policy_id: decision.policy?.id ?? null,
  strategy: decision.strategy,
  figures: {
    own: decision.figures,
    others: decision.others.map(({ agent, figures }) => ({ accountId: agent.accountId, figures })),
  },
  team_id: teamId ?? null,
})
