import { z } from 'zod'
import type { Ctx } from '../../core/context.ts'
import { Conflict } from '../../core/errors.ts'
import { newId } from '../../core/ids.ts'

export interface Work {
  kind: 'conversation' | 'ticket'
  id: string
}

/** Why this person: stored with the assignment and shown as one readable line. */
export interface AssignmentReason {
  code: 'least_open' | 'only_agent' | 'accepted_by_hand'
  params: Record<string, string | number>
}

export interface Assigned {
  accountId: string
  name: string
  reason: AssignmentReason
}

const candidates = z.object({
  rows: z.array(z.object({ account_id: z.string(), name: z.string(), load: z.coerce.number(), others: z.coerce.number() })),
})

/**
 * Gives work to the online agent with the fewest open conversations; of equals, to who has waited longest (BP-003.4).
 * One agent row is locked at a time, so that two claims never count the same free place: capacity cannot be exceeded.
 * @returns null when nobody online has room
 */
export async function claimAgent(ctx: Ctx, work: Work): Promise<Assigned | null> {
  const skip: string[] = []
  for (;;) {
    const { rows } = candidates.parse(
      await ctx.trx.raw(
        `with online as (
           select p.account_id, a.name, p.capacity, p.last_assigned_at,
                  (select count(*) from assignments w where w.account_id = p.account_id and w.work_kind = 'conversation' and w.ended_at is null) as load
           from presences p join accounts a on a.id = p.account_id
           where p.status = 'online' and a.status = 'active' and p.account_id <> all(?::uuid[]))
         select account_id, name, load, count(*) over () - 1 as others from online where load < capacity
         order by load, last_assigned_at nulls first, account_id limit 1`,
        [skip],
      ),
    )
    const [best] = rows
    if (!best) return null
    const reason: AssignmentReason =
      best.others === 0 ? { code: 'only_agent', params: { open: best.load } } : { code: 'least_open', params: { open: best.load } }
    if (await take(ctx, work, best.account_id, true, reason)) return { accountId: best.account_id, name: best.name, reason }
    skip.push(best.account_id)
  }
}

const locked = z.object({ rows: z.array(z.object({ status: z.string(), free: z.coerce.number() })) })

/** Locks the agent, counts again under the lock, and writes the assignment. */
async function take(ctx: Ctx, work: Work, accountId: string, mustBeOnline: boolean, reason: AssignmentReason): Promise<boolean> {
  await ctx.trx('presences').insert({ account_id: accountId }).onConflict('account_id').ignore()
  await ctx.trx('presences').where({ account_id: accountId }).forUpdate().select('account_id')
  const { rows } = locked.parse(
    await ctx.trx.raw(
      `select p.status, p.capacity - (select count(*) from assignments w where w.account_id = p.account_id and w.work_kind = 'conversation' and w.ended_at is null) as free
       from presences p where p.account_id = ?`,
      [accountId],
    ),
  )
  const [agent] = rows
  if (!agent || agent.free <= 0 || (mustBeOnline && agent.status !== 'online')) return false
  const written = await ctx
    .trx('assignments')
    .insert({
      id: newId(),
      work_kind: work.kind,
      work_id: work.id,
      account_id: accountId,
      reason: JSON.stringify(reason),
      assigned_at: ctx.now,
    })
    .onConflict(ctx.trx.raw(`(work_kind, work_id) where ended_at is null`))
    .ignore()
    .returning('id')
  if (written.length === 0) throw new Conflict('already_assigned', 'somebody has this already')
  await ctx.trx('presences').where({ account_id: accountId }).update({ last_assigned_at: ctx.now })
  return true
}

/**
 * Somebody takes the work himself. @throws Conflict `already_assigned`, `at_capacity`
 * @param beyondCapacity administrators may always answer
 */
export async function takeWork(ctx: Ctx, work: Work, account: { id: string; name: string }, beyondCapacity: boolean): Promise<Assigned> {
  const reason: AssignmentReason = { code: 'accepted_by_hand', params: {} }
  if (beyondCapacity) await ctx.trx('presences').insert({ account_id: account.id }).onConflict('account_id').ignore()
  const taken = beyondCapacity ? await takeAnyway(ctx, work, account.id, reason) : await take(ctx, work, account.id, false, reason)
  if (!taken) throw new Conflict('at_capacity', 'you hold as many conversations as you may')
  return { accountId: account.id, name: account.name, reason }
}

async function takeAnyway(ctx: Ctx, work: Work, accountId: string, reason: AssignmentReason): Promise<boolean> {
  const written = await ctx
    .trx('assignments')
    .insert({
      id: newId(),
      work_kind: work.kind,
      work_id: work.id,
      account_id: accountId,
      reason: JSON.stringify(reason),
      assigned_at: ctx.now,
    })
    .onConflict(ctx.trx.raw(`(work_kind, work_id) where ended_at is null`))
    .ignore()
    .returning('id')
  if (written.length === 0) throw new Conflict('already_assigned', 'somebody has this already')
  return true
}

/** The work is done or given back: the place is free, and whoever waits may have it. */
export async function releaseWork(ctx: Ctx, work: Work, endReason: string): Promise<void> {
  const rows = await ctx
    .trx('assignments')
    .where({ work_kind: work.kind, work_id: work.id })
    .whereNull('ended_at')
    .update({ ended_at: ctx.now, end_reason: endReason })
    .returning('account_id')
  for (const { account_id } of z.array(z.object({ account_id: z.string() })).parse(rows))
    ctx.emit({ name: 'agent.available', subjectId: account_id })
}
