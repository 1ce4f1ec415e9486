/** Work that somebody takes himself, gives back, or is given by hand. */
import { z } from 'zod'
import type { Ctx } from '../../../core/context.ts'
import { Conflict } from '../../../core/errors.ts'
import { newId } from '../../../core/ids.ts'
import type { WorkKind } from '../../../contract/routing.ts'
import type { Assigned, AssignmentReason, Work } from '../work.ts'
import { freePlaces } from './free-places.ts'
import { takeTurn } from './turn.ts'

const ids = z.object({ rows: z.array(z.object({ work_id: z.string() })) })
const holders = z.array(z.object({ account_id: z.string() }))

export interface Gift {
  kind: WorkKind
  workIds: readonly string[]
  to: { id: string; name: string }
  reason: AssignmentReason
  /** Written to what ends: `reassigned`, `transferred` … */
  endReason: string
  note?: string | null | undefined
  /** Somebody who sees the numbers decided: his limit does not matter. */
  beyondCapacity?: boolean | undefined
}

/**
 * Gives work to somebody by hand, whoever has it now (BP-012.5–7). The same number of statements for one as for a hundred; what is beyond his room stays
 * where it is. The caller has locked the work.
 * @returns by work, in the order given; what is missing had no room
 */
export async function giveWork(ctx: Ctx, gift: Gift): Promise<Map<string, Assigned>> {
  const { kind, to, reason } = gift
  await takeTurn(ctx)
  const free = gift.beyondCapacity || kind === 'ticket' ? Infinity : Math.max(0, await freePlaces(ctx, to.id))
  const workIds = gift.workIds.slice(0, free)
  if (workIds.length === 0) return new Map()
  await ctx.trx('presences').insert({ account_id: to.id }).onConflict('account_id').ignore()
  await endAssignments(ctx, kind, workIds, gift.endReason)
  const by = ctx.actor.kind === 'staff' ? ctx.actor.accountId : null
  const rows = workIds.map((workId) => ({ id: newId(), work_id: workId }))
  const answer: unknown = await ctx.trx.raw(
    `with t as (select * from json_to_recordset(:rows::json) as t(id uuid, work_id uuid)),
     q as (update queue_entries e set left_at = :now::timestamptz, left_reason = 'assigned' from t
       where e.work_kind = :kind and e.work_id = t.work_id and e.left_at is null returning e.work_id, e.team_id),
     u as (update presences set last_assigned_at = :now::timestamptz where account_id = :to)
     insert into assignments (id, work_kind, work_id, account_id, reason, assigned_at, team_id, assigned_by, note)
     select t.id, :kind, t.work_id, :to, :reason::jsonb, :now::timestamptz, q.team_id, :by, :note from t left join q on q.work_id = t.work_id
     on conflict (work_kind, work_id) where ended_at is null do nothing returning work_id`,
    {
      rows: JSON.stringify(rows),
      kind,
      now: ctx.now.toISOString(),
      to: to.id,
      reason: JSON.stringify(reason),
      by,
      note: gift.note ?? null,
    },
  )
  const written = new Set(ids.parse(answer).rows.map((row) => row.work_id))
  return new Map(workIds.filter((id) => written.has(id)).map((id) => [id, { accountId: to.id, name: to.name, reason }]))
}

/** @returns accounts that held it */
async function endAssignments(ctx: Ctx, kind: WorkKind, workIds: readonly string[], endReason: string): Promise<string[]> {
  const rows: unknown = await ctx
    .trx('assignments')
    .where({ work_kind: kind })
    .whereIn('work_id', [...workIds])
    .whereNull('ended_at')
    .update({ ended_at: ctx.now, end_reason: endReason })
    .returning('account_id')
  const accountIds = [...new Set(holders.parse(rows).map((row) => row.account_id))]
  for (const id of accountIds) ctx.emit({ name: 'agent.available', subjectId: id })
  return accountIds
}

/**
 * Somebody takes the work himself. @throws Conflict `already_assigned`, `at_capacity`
 * @param beyondCapacity administrators may always answer
 */
export async function takeWork(ctx: Ctx, work: Work, account: { id: string; name: string }, beyondCapacity: boolean): Promise<Assigned> {
  await takeTurn(ctx)
  const held: unknown = await ctx.trx('assignments').where({ work_kind: work.kind, work_id: work.id }).whereNull('ended_at').first('id')
  if (held !== undefined) throw new Conflict('already_assigned', 'somebody has this already')
  const given = await giveWork(ctx, {
    kind: work.kind,
    workIds: [work.id],
    to: account,
    reason: { code: 'accepted_by_hand', params: {} },
    endReason: 'reassigned',
    beyondCapacity,
  })
  const assigned = given.get(work.id)
  if (!assigned) throw new Conflict('at_capacity', 'you hold as many conversations as you may')
  return assigned
}

/** The work is done or given back: the place is free, and whoever waits may have it. One statement, whatever its number. */
export async function releaseWork(ctx: Ctx, works: Work | { kind: WorkKind; ids: readonly string[] }, endReason: string): Promise<void> {
  await endAssignments(ctx, works.kind, 'id' in works ? [works.id] : works.ids, endReason)
}
