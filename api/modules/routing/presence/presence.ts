import type { Knex } from 'knex'
import { z } from 'zod'
import { PRESENCE_STATUSES, type Presence, type PresenceStatus } from '../../../contract/identity.ts'
import { PRESENCE_CAUSES, type PresenceCause } from '../../../contract/presence.ts'
import type { App } from '../../../core/app.ts'
import { type Ctx, inTransaction, type StaffActor, SYSTEM } from '../../../core/context.ts'
import { NotFound } from '../../../core/errors.ts'
import { newId } from '../../../core/ids.ts'
import { rooms } from '../../../core/realtime/realtime.ts'
import { record } from '../../audit/index.ts'
import { reachableStaff } from '../../organisation/index.ts'
import { Account } from '../../identity/index.ts'
import { dutyOf } from '../../teams/index.ts'
import { DEFAULT_CAPACITY } from '../model.ts'

const answer = z.object({
  rows: z.array(
    z.object({
      account_id: z.string(),
      status: z.enum(PRESENCE_STATUSES),
      reason: z.string().nullable(),
      cause: z.enum(PRESENCE_CAUSES),
      note: z.string().nullable(),
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
      `select a.id as account_id, coalesce(p.status, 'offline') as status, p.reason, coalesce(p.cause, 'self') as cause, p.note,
                coalesce(p.since, a.created_at) as since,
                least(coalesce(p.capacity, ?::int), duty.max_conversations) as capacity, coalesce(p.version, 1) as version,
                (select count(*) from assignments w where w.account_id = a.id and w.work_kind = 'conversation' and w.ended_at is null) as load
         from accounts a left join presences p on p.account_id = a.id cross join ${dutyOf('a.id')} where a.id = any(?::uuid[])`,
      [DEFAULT_CAPACITY, [...accountIds]],
    ),
  )
  return new Map(found.map(({ account_id, since, ...row }) => [account_id, { accountId: account_id, ...row, since: since.toISOString() }]))
}

export interface Change {
  status: PresenceStatus
  reason: string | null
  cause: PresenceCause
  note: string | null
  /** Only while he still is so: he may have said something himself meanwhile. */
  unless?: PresenceStatus | undefined
}

const changedRows = z.object({ rows: z.array(z.object({ account_id: z.string() })) })

/**
 * Writes how somebody is, and the period that begins with it. Saying the same again changes nothing. Coming online makes the queue drain.
 * @returns whether anything changed
 */
export async function changePresence(ctx: Ctx, accountId: string, change: Change): Promise<boolean> {
  const { rows } = changedRows.parse(
    await ctx.trx.raw(
      `insert into presences as p (account_id, status, reason, cause, note, since, capacity, active_at)
       values (:account, :status, :reason, :cause, :note, :now::timestamptz, :capacity, :now::timestamptz)
       on conflict (account_id) do update set status = excluded.status, reason = excluded.reason, cause = excluded.cause, note = excluded.note,
         version = p.version + 1, since = case when p.status = excluded.status then p.since else excluded.since end,
         active_at = case when excluded.cause in ('self', 'supervisor') then excluded.active_at else p.active_at end,
         -- He is connected as far as we know: his grace begins anew.
         last_seen_at = case when excluded.status <> 'offline' and p.last_seen_at is not null then excluded.active_at else p.last_seen_at end
       where (p.status, p.reason, p.cause, p.note) is distinct from (excluded.status, excluded.reason, excluded.cause, excluded.note)
         and (:unless::text is null or p.status <> :unless)
       returning p.account_id`,
      {
        account: accountId,
        status: change.status,
        reason: change.reason,
        cause: change.cause,
        note: change.note,
        now: ctx.now.toISOString(),
        capacity: DEFAULT_CAPACITY,
        unless: change.unless ?? null,
      },
    ),
  )
  if (rows.length === 0) return false
  await beginPeriod(ctx, accountId, change)
  if (change.status === 'online') ctx.emit({ name: 'agent.available', subjectId: accountId })
  ctx.emit({ name: 'presence.changed', subjectId: accountId, payload: { status: change.status, cause: change.cause } })
  return true
}

/** The row of presences is locked: two changes of one person follow one another. A clock that was set back makes an empty period, not a negative one. */
async function beginPeriod(ctx: Ctx, accountId: string, { status, reason, cause, note }: Change): Promise<void> {
  await ctx.trx.raw(
    `update presence_periods set ended_at = greatest(started_at, ?::timestamptz) where account_id = ? and ended_at is null`,
    [ctx.now, accountId],
  )
  await ctx.trx('presence_periods').insert({
    id: newId(),
    account_id: accountId,
    status,
    reason,
    cause,
    set_by: cause === 'supervisor' && ctx.actor.kind === 'staff' ? ctx.actor.accountId : null,
    note,
    started_at: ctx.now,
  })
}

/** Says who is there. */
export async function setPresence(ctx: Ctx<StaffActor>, input: { status: PresenceStatus; reason?: string | undefined }): Promise<Presence> {
  const { accountId } = ctx.actor
  await changePresence(ctx, accountId, { status: input.status, reason: input.reason ?? null, cause: 'self', note: null })
  announce(ctx, accountId)
  return presenceOf(ctx, accountId)
}

/**
 * A supervisor changes somebody's status, with a note that he reads (BP-012.2). What he holds stays his.
 * @throws NotFound outside one's reach
 */
export async function setPresenceOf(
  ctx: Ctx<StaffActor>,
  accountId: string,
  input: { status: PresenceStatus; note: string },
): Promise<Presence> {
  const reach = await reachableStaff(ctx)
  const account = await Account.query(ctx.trx).findOne({ id: accountId, kind: 'staff', status: 'active' }).select('id', 'name')
  if (!account || (reach !== null && !reach.includes(accountId))) throw new NotFound('member of staff')
  const before = await presenceOf(ctx, accountId)
  const changed = await changePresence(ctx, accountId, { status: input.status, reason: null, cause: 'supervisor', note: input.note })
  if (changed) {
    await record(ctx, {
      action: 'presence.changed',
      object: { kind: 'staff', id: accountId, label: account.name },
      before: { status: before.status },
      after: { status: input.status },
      context: { note: input.note },
    })
    announce(ctx, accountId)
  }
  return presenceOf(ctx, accountId)
}

async function presenceOf(ctx: Pick<Ctx, 'trx'>, accountId: string): Promise<Presence> {
  const presence = (await presencesOf(ctx.trx, [accountId])).get(accountId)
  if (!presence) throw new Error('presence of an unknown account')
  return presence
}

const told = new WeakMap<Ctx, Set<string>>()

/**
 * Tells every member of staff how these stand now, after the commit and once a transaction, however often it is asked for: the load is part of what others
 * see, and whoever gives work away must not hold the rows of everybody for it.
 */
export function announce(ctx: Ctx, accountIds: string | readonly string[]): void {
  const ids = typeof accountIds === 'string' ? [accountIds] : accountIds
  const already = told.get(ctx)
  if (already) return void ids.forEach((id) => already.add(id))
  const waiting = new Set(ids)
  told.set(ctx, waiting)
  ctx.afterCommit(() => tell(ctx.app, [...waiting]))
}

/** Bumped in the order in which all lock presences, so that what is told last is also the newest. */
const tell = (app: App, accountIds: readonly string[]): Promise<void> =>
  inTransaction(app, SYSTEM, async (ctx) => {
    await ctx.trx.raw(
      `update presences p set version = p.version + 1
       from (select account_id from presences where account_id = any(?::uuid[]) order by account_id for no key update) as locked
       where p.account_id = locked.account_id`,
      [[...accountIds]],
    )
    for (const [id, presence] of await presencesOf(ctx.trx, accountIds)) {
      ctx.push({
        namespace: 'staff',
        rooms: [rooms.everyone],
        event: { type: 'presence.updated', id, version: presence.version, patch: { presence } },
      })
    }
  })

/** Nobody shall see him waiting for work. */
export async function signOff(ctx: Ctx, accountId: string): Promise<void> {
  await changePresence(ctx, accountId, { status: 'offline', reason: null, cause: 'disabled', note: null, unless: 'offline' })
  announce(ctx, accountId)
}
