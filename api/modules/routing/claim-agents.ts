import { z } from 'zod'
import type { Ctx } from '../../core/context.ts'
import { newId } from '../../core/ids.ts'
import { dutyOf } from '../teams/index.ts'
import { shareOut } from './share-out.ts'
import type { Assigned, Work } from './take-work.ts'

const limitedTeams = z.array(z.object({ id: z.string(), max: z.number() }))
const onlineRows = z.object({
  rows: z.array(
    z.object({
      account_id: z.string(),
      name: z.string(),
      capacity: z.number(),
      limited_teams: limitedTeams,
      on_duty: z.boolean(),
      last_assigned_at: z.date().nullable(),
    }),
  ),
})
const loadRows = z.object({ rows: z.array(z.object({ holder: z.string(), load: z.coerce.number() })) })
const writtenRows = z.object({ rows: z.array(z.object({ work_id: z.string() })) })

/**
 * Gives pieces of work to the online agents who are on duty, in this order (BP-003.4). Five statements, whatever their number.
 * The agents stay locked until the transaction ends, so that two claims never count the same free place: neither an agent's limit nor a team's can be
 * exceeded (BP-007.6). Claims of agents who share a team meet at the lock of whoever of them is online for both.
 * @returns by work; what is missing found nobody with room, or has somebody already
 */
export async function claimAgents(ctx: Ctx, kind: Work['kind'], workIds: readonly string[]): Promise<Map<string, Assigned>> {
  if (workIds.length === 0) return new Map()
  // Also who is not on duty is locked: the claims of two moments must meet.
  const online = onlineRows.parse(
    await ctx.trx.raw(
      `select p.account_id, a.name, least(p.capacity, duty.max_conversations) as capacity, duty.limited_teams, duty.on_duty, p.last_assigned_at
       from presences p join accounts a on a.id = p.account_id cross join ${dutyOf('p.account_id')}
       where p.status = 'online' and a.status = 'active' order by p.account_id for no key update of p`,
    ),
  ).rows
  const teams = new Map(online.flatMap((row) => row.limited_teams.map(({ id, max }) => [id, max] as const)))
  const loads = await loadsOf(
    ctx,
    online.map((row) => row.account_id),
    [...teams.keys()],
  )
  const onDuty = online.filter((row) => row.on_duty)
  const candidates = onDuty.map((row) => ({
    accountId: row.account_id,
    name: row.name,
    capacity: row.capacity,
    load: loads.get(row.account_id) ?? 0,
    teamIds: row.limited_teams.map(({ id }) => id),
    lastAssignedAt: row.last_assigned_at,
  }))
  const rooms = new Map([...teams].map(([id, max]) => [id, max - (loads.get(id) ?? 0)]))
  const shared = shareOut({ candidates, rooms }, workIds, ctx.now)
  return shared.size === 0 ? shared : write(ctx, kind, shared)
}

/** Of agents and of whole teams. Counted under the lock: a statement that began before might not have seen the last claim. */
async function loadsOf(ctx: Ctx, accountIds: readonly string[], teamIds: readonly string[]): Promise<Map<string, number>> {
  const { rows } = loadRows.parse(
    await ctx.trx.raw(
      `select account_id as holder, count(*) as load from assignments
       where account_id = any(?::uuid[]) and work_kind = 'conversation' and ended_at is null group by account_id
       union all
       select m.team_id, count(*) from team_members m join assignments w on w.account_id = m.account_id
       where m.team_id = any(?::uuid[]) and w.work_kind = 'conversation' and w.ended_at is null group by m.team_id`,
      [[...accountIds], [...teamIds]],
    ),
  )
  return new Map(rows.map((row) => [row.holder, row.load]))
}

async function write(ctx: Ctx, kind: Work['kind'], shared: ReadonlyMap<string, Assigned>): Promise<Map<string, Assigned>> {
  const assignments = [...shared].map(([work_id, { accountId, reason }]) => ({ id: newId(), work_id, account_id: accountId, reason }))
  const { rows } = writtenRows.parse(
    await ctx.trx.raw(
      `insert into assignments (id, work_kind, work_id, account_id, reason, assigned_at)
       select id, ?, work_id, account_id, reason, (select app_now())
       from json_to_recordset(?::json) as t(id uuid, work_id uuid, account_id uuid, reason jsonb)
       on conflict (work_kind, work_id) where ended_at is null do nothing returning work_id`,
      [kind, JSON.stringify(assignments)],
    ),
  )
  const written = new Set(rows.map((row) => row.work_id))
  const claimed = new Map([...shared].filter(([workId]) => written.has(workId)))
  // The load is part of what others see of an agent.
  await ctx
    .trx('presences')
    .whereIn('account_id', [...new Set([...claimed.values()].map(({ accountId }) => accountId))])
    .update({ last_assigned_at: ctx.now, version: ctx.trx.raw('version + 1') })
  return claimed
}
