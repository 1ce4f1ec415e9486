import type { Knex } from 'knex'
import { z } from 'zod'
import { PRESENCE_STATUSES, type Presence, type PresenceStatus } from '../../contract/identity.ts'
import type { Ctx, StaffActor } from '../../core/context.ts'
import { rooms } from '../../core/realtime/realtime.ts'
import { dutyOf } from '../teams/index.ts'

/** Where no team says less. */
export const DEFAULT_CAPACITY = 500

const answer = z.object({
  rows: z.array(
    z.object({
      account_id: z.string(),
      status: z.enum(PRESENCE_STATUSES),
      reason: z.string().nullable(),
      since: z.date(),
      capacity: z.number(),
      load: z.coerce.number(),
      version: z.number(),
    }),
  ),
})

/** Presence with the present load; who never said anything is offline. */
export async function presencesOf(trx: Knex, accountIds: readonly string[]): Promise<ReadonlyMap<string, Presence>> {
  const { rows: found } = answer.parse(
    await trx.raw(
      `select a.id as account_id, coalesce(p.status, 'offline') as status, p.reason, coalesce(p.since, a.created_at) as since,
                least(coalesce(p.capacity, ?::int), duty.max_conversations) as capacity, coalesce(p.version, 1) as version,
                (select count(*) from assignments w where w.account_id = a.id and w.work_kind = 'conversation' and w.ended_at is null) as load
         from accounts a left join presences p on p.account_id = a.id cross join ${dutyOf('a.id')} where a.id = any(?::uuid[])`,
      [DEFAULT_CAPACITY, [...accountIds]],
    ),
  )
  return new Map(found.map(({ account_id, since, ...row }) => [account_id, { accountId: account_id, ...row, since: since.toISOString() }]))
}

/** Says who is there. Coming online makes the queue drain. Saying the same again changes nothing. */
export async function setPresence(ctx: Ctx<StaffActor>, input: { status: PresenceStatus; reason?: string | undefined }): Promise<Presence> {
  const { accountId } = ctx.actor
  await ctx.trx.raw(
    `insert into presences (account_id, status, reason, since, capacity) values (?, ?, ?, app_now(), ?)
     on conflict (account_id) do update set status = excluded.status, reason = excluded.reason, version = presences.version + 1,
       since = case when presences.status = excluded.status then presences.since else excluded.since end
     where (presences.status, presences.reason) is distinct from (excluded.status, excluded.reason)`,
    [accountId, input.status, input.reason ?? null, DEFAULT_CAPACITY],
  )
  if (input.status === 'online') ctx.emit({ name: 'agent.available', subjectId: accountId })
  return announce(ctx, accountId)
}

/** Tells every member of staff how one of them stands now. */
export async function announce(ctx: Ctx, accountId: string): Promise<Presence> {
  const presence = (await presencesOf(ctx.trx, [accountId])).get(accountId)
  if (!presence) throw new Error('presence of an unknown account')
  ctx.push({
    namespace: 'staff',
    rooms: [rooms.everyone],
    event: { type: 'presence.updated', id: accountId, version: presence.version, patch: { presence } },
  })
  return presence
}
