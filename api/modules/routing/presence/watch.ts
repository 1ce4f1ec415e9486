/**
 * Who is really there. Every process that holds sockets notes in the database, every ten seconds, whose browsers are connected; a schedule finds those who
 * are not any more. Tabs and devices of one person are one presence: he is gone when the last of them is. Nothing of it is in Redis, and our own outage
 * makes nobody absent: the grace begins anew with the first process that serves sockets again.
 */
import { z } from 'zod'
import type { App } from '../../../core/app.ts'
import { type Ctx, inTransaction, SYSTEM } from '../../../core/context.ts'
import { workOf } from '../hooks.ts'
import { announce, changePresence } from './presence.ts'

/** A missed beat or two is nothing; longer, and nobody could be connected. */
const OUTAGE_SECONDS = 45
const BATCH = 100

/** One statement per process and beat, whatever the number of sockets. */
export async function noteConnected(app: App, accountIds: readonly string[]): Promise<void> {
  await app.db.raw(
    `with beat as (
       update presence_settings set served_at = (select app_now()),
         serving_since = case when served_at > (select app_now()) - ? * interval '1 second' then coalesce(serving_since, (select app_now()))
           else (select app_now()) end)
     insert into presences (account_id, last_seen_at) select id, (select app_now()) from unnest(?::uuid[]) as id order by id
     on conflict (account_id) do update set last_seen_at = excluded.last_seen_at`,
    [OUTAGE_SECONDS, [...new Set(accountIds)]],
  )
}

const found = z.object({ rows: z.array(z.object({ account_id: z.string() })) })

/** Whose browsers are gone without a word for longer than the grace: offline, and what he holds goes back. Each in a transaction of his own. */
export async function dismissAbsent(app: App): Promise<void> {
  const answer: unknown = await app.db.raw(
    `select p.account_id from presences p cross join presence_settings s
     where p.status <> 'offline' and p.last_seen_at < (select app_now()) - s.grace_seconds * interval '1 second'
       and s.serving_since < (select app_now()) - s.grace_seconds * interval '1 second'
       and s.served_at > (select app_now()) - ? * interval '1 second'
     order by p.account_id limit ?`,
    [OUTAGE_SECONDS, BATCH],
  )
  for (const { account_id: id } of found.parse(answer).rows) await inTransaction(app, SYSTEM, (ctx) => dismiss(ctx, id))
}

/** His conversations are locked before his presence, as everywhere. */
async function dismiss(ctx: Ctx, accountId: string): Promise<void> {
  for (const takeBack of ctx.app.hooks.all('agent.absent')) await takeBack(ctx, accountId)
  await changePresence(ctx, accountId, { status: 'offline', reason: null, cause: 'absent', note: null, unless: 'offline' })
  announce(ctx, accountId)
}

/** Idle for longer than the house allows: away, until he does something again. Nobody takes his work. */
export async function sendAway(app: App): Promise<void> {
  const answer: unknown = await app.db.raw(
    `select p.account_id from presences p cross join presence_settings s
     where p.status = 'online' and p.last_seen_at is not null
       and coalesce(p.active_at, p.since) < (select app_now()) - s.away_minutes * interval '1 minute'
     order by p.account_id limit ?`,
    [BATCH],
  )
  for (const { account_id: id } of found.parse(answer).rows)
    await inTransaction(app, SYSTEM, async (ctx) => {
      if (await changePresence(ctx, id, { status: 'break', reason: null, cause: 'idle', note: null, unless: 'break' })) announce(ctx, id)
    })
}

const NOTED_FOR_MS = 30_000
const lastNoted = new WeakMap<App, Map<string, number>>()

/**
 * He did something. At most one statement in half a minute and process for each person, and nobody's request waits for it. Whoever was away for idleness is
 * back online.
 */
export function noteActive(app: App, accountId: string): void {
  const noted = lastNoted.get(app) ?? new Map<string, number>()
  lastNoted.set(app, noted)
  const now = Date.now()
  if (now - (noted.get(accountId) ?? -Infinity) < NOTED_FOR_MS) return
  noted.set(accountId, now)
  comeBack(app, accountId).catch((error: unknown) => app.log.warn({ accountId, error: String(error) }, 'presence.activity_not_noted'))
}

const causes = z.object({ rows: z.array(z.object({ cause: z.string() })) })

async function comeBack(app: App, accountId: string): Promise<void> {
  const answer: unknown = await app.db.raw('update presences set active_at = app_now() where account_id = ? returning cause', [accountId])
  if (causes.parse(answer).rows[0]?.cause !== 'idle') return
  await inTransaction(app, SYSTEM, async (ctx) => {
    if (await changePresence(ctx, accountId, { status: 'online', reason: null, cause: 'self', note: null, unless: 'online' }))
      announce(ctx, accountId)
  })
}

/** How soon everybody turned to work lately: what 负载均衡 weighs. Measured beside the decisions, never within one. */
export async function measureResponses(app: App): Promise<void> {
  await inTransaction(app, SYSTEM, async (ctx) => {
    const measured = await workOf(ctx, 'conversation')?.responses(ctx)
    if (!measured) return
    const rows = [...measured].map(([account_id, seconds]) => ({ account_id, seconds }))
    await ctx.trx.raw(
      `update presences p set response_seconds = locked.seconds
       from (select q.account_id, t.seconds from presences q
         left join json_to_recordset(?::json) as t(account_id uuid, seconds int) on t.account_id = q.account_id
         where q.response_seconds is distinct from t.seconds order by q.account_id for no key update of q) as locked
       where p.account_id = locked.account_id`,
      [JSON.stringify(rows)],
    )
  })
}
