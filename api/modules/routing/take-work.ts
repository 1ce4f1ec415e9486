import { z } from 'zod'
import type { Ctx } from '../../core/context.ts'
import { Conflict } from '../../core/errors.ts'
import { newId } from '../../core/ids.ts'
import { dutyOf, SHARING_LIMIT } from '../teams/index.ts'

export interface Work {
  kind: 'conversation' | 'ticket'
  id: string
}

/** Why this person: stored with the assignment and shown as one readable line. */
export interface AssignmentReason {
  code: 'least_open' | 'only_agent' | 'accepted_by_hand' | 'handed_over'
  params: Record<string, string | number>
}

export interface Assigned {
  accountId: string
  name: string
  reason: AssignmentReason
}

const locked = z.object({ rows: z.array(z.object({ free: z.coerce.number() })) })

/**
 * Locks the agent, and those whose team's limit he shares; counts again under the lock, and writes the assignment. Whether he is on shift does not matter:
 * that says who is offered work, not who may take it.
 */
async function take(ctx: Ctx, work: Work, accountId: string, reason: AssignmentReason): Promise<boolean> {
  const sharing = `select ?::uuid as account_id union ${SHARING_LIMIT}`
  // A row that is not there cannot be locked. Always in the order in which claims lock, so that two wait and do not deadlock.
  await ctx.trx.raw(
    `insert into presences (account_id) select account_id from (${sharing}) as s order by account_id on conflict do nothing`,
    [accountId, accountId],
  )
  await ctx.trx.raw(`select account_id from presences where account_id in (${sharing}) order by account_id for no key update`, [
    accountId,
    accountId,
  ])
  const { rows } = locked.parse(
    await ctx.trx.raw(
      `select least(
         least(p.capacity, duty.max_conversations)
           - (select count(*) from assignments w where w.account_id = p.account_id and w.work_kind = 'conversation' and w.ended_at is null),
         (select min((team ->> 'max')::int - (
            select count(*) from team_members m join assignments w on w.account_id = m.account_id
            where m.team_id = (team ->> 'id')::uuid and w.work_kind = 'conversation' and w.ended_at is null))
          from json_array_elements(duty.limited_teams) as team)) as free
       from presences p cross join ${dutyOf('p.account_id')} where p.account_id = ?`,
      [accountId],
    ),
  )
  const [agent] = rows
  if (!agent || agent.free <= 0) return false
  await assign(ctx, work, accountId, reason)
  return true
}

/** Writes who holds the work since when and why. @throws Conflict `already_assigned` */
async function assign(ctx: Ctx, work: Work, accountId: string, reason: AssignmentReason): Promise<void> {
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
  // The load is part of what others see of him.
  await ctx
    .trx('presences')
    .where({ account_id: accountId })
    .update({ last_assigned_at: ctx.now, version: ctx.trx.raw('version + 1') })
}

/**
 * Somebody takes the work himself. @throws Conflict `already_assigned`, `at_capacity`
 * @param beyondCapacity administrators may always answer
 */
export async function takeWork(ctx: Ctx, work: Work, account: { id: string; name: string }, beyondCapacity: boolean): Promise<Assigned> {
  const reason: AssignmentReason = { code: 'accepted_by_hand', params: {} }
  if (beyondCapacity) {
    await ctx.trx('presences').insert({ account_id: account.id }).onConflict('account_id').ignore()
    await assign(ctx, work, account.id, reason)
  } else if (!(await take(ctx, work, account.id, reason))) {
    throw new Conflict('at_capacity', 'you hold as many conversations as you may')
  }
  return { accountId: account.id, name: account.name, reason }
}

/** The work is done or given back: the place is free, and whoever waits may have it. */
export async function releaseWork(ctx: Ctx, work: Work, endReason: string): Promise<void> {
  const rows = await ctx
    .trx('assignments')
    .where({ work_kind: work.kind, work_id: work.id })
    .whereNull('ended_at')
    .update({ ended_at: ctx.now, end_reason: endReason })
    .returning('account_id')
  for (const { account_id: id } of z.array(z.object({ account_id: z.string() })).parse(rows)) {
    await ctx
      .trx('presences')
      .where({ account_id: id })
      .update({ version: ctx.trx.raw('version + 1') })
    ctx.emit({ name: 'agent.available', subjectId: id })
  }
}
