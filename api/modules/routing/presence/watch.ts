/**
 * Who is really there. Every process that holds sockets notes in the database, every ten seconds, whose browsers are connected; a schedule finds those who
 * are not any more. Tabs and devices of one person are one presence: he is gone when the last of them is. Nothing of it is in Redis, and our own outage
 * makes nobody absent: the grace begins anew with the first process that serves sockets again.
 */
import { z } from 'zod'
import type { App } from '../../../core/app.ts'
import { type Ctx, inTransaction, SYSTEM } from '../../../core/context.ts'
import { oneByOne } from '../../../core/one-by-one.ts'
import { workOf } from '../hooks.ts'
import { announce, type Change, changePresence } from './presence.ts'

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

const found = z.object({ rows: z.array(z.object({ id: z.string() })) })

const ABSENT = `from presences p cross join presence_settings s
  where p.status <> 'offline' and p.last_seen_at < (select app_now()) - s.grace_seconds * interval '1 second'
    and s.serving_since < (select app_now()) - s.grace_seconds * interval '1 second'
    and s.served_at > (select app_now()) - ${OUTAGE_SECONDS} * interval '1 second'`
const AWAY = `from presences p cross join presence_settings s
  where p.status = 'online' and p.last_seen_at is not null
    and coalesce(p.active_at, p.since) < (select app_now()) - s.away_minutes * interval '1 minute'`
const IDLE = `from presences p where p.cause = 'idle'`

const whoIs = async (app: App, condition: string) =>
  found.parse(await app.db.raw(`select p.account_id as id ${condition} order by p.account_id limit ?`, [BATCH])).rows

/** Is it still so? Judged by his row as it is under its lock: he may have come back, or said something himself, while others had their turn. */
async function isStill(ctx: Ctx, accountId: string, condition: string): Promise<boolean> {
  const answer: unknown = await ctx.trx.raw(`select p.account_id as id ${condition} and p.account_id = ? for no key update of p`, [
    accountId,
  ])
  return found.parse(answer).rows.length > 0
}

/** Whose browsers are gone without a word for longer than the grace: offline, and what he holds goes back. Each in a transaction of his own. */
export const dismissAbsent = async (app: App): Promise<void> =>
  oneByOne(app, 'presence.not_dismissed', { rows: await whoIs(app, ABSENT), step: ({ id }) => dismiss(app, id) })

class BackAgain extends Error {}

/**
 * His conversations are locked before his presence, as everywhere; so they are given back first, and nothing of it happens when his row says that he is
 * there again.
 */
async function dismiss(app: App, accountId: string): Promise<void> {
  try {
    await inTransaction(app, SYSTEM, async (ctx) => {
      for (const takeBack of app.hooks.all('agent.absent')) await takeBack(ctx, accountId)
      if (!(await isStill(ctx, accountId, ABSENT))) throw new BackAgain()
      await changePresence(ctx, accountId, { status: 'offline', reason: null, cause: 'absent', note: null })
      announce(ctx, accountId)
    })
  } catch (error) {
    if (!(error instanceof BackAgain)) throw error
  }
}

/** Idle for longer than the house allows: away, until he does something again. Nobody takes his work. */
export const sendAway = async (app: App): Promise<void> =>
  oneByOne(app, 'presence.not_sent_away', {
    rows: await whoIs(app, AWAY),
    step: ({ id }) => changeWhile(app, id, AWAY, { status: 'break', reason: null, cause: 'idle', note: null }),
  })

const changeWhile = (app: App, accountId: string, condition: string, change: Change): Promise<void> =>
  inTransaction(app, SYSTEM, async (ctx) => {
    if ((await isStill(ctx, accountId, condition)) && (await changePresence(ctx, accountId, change))) announce(ctx, accountId)
  })

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

/** What he does may be to say how he is: that holds, whichever of the two is written first. */
async function comeBack(app: App, accountId: string): Promise<void> {
  const answer: unknown = await app.db.raw('update presences set active_at = app_now() where account_id = ? returning cause', [accountId])
  if (causes.parse(answer).rows[0]?.cause !== 'idle') return
  await changeWhile(app, accountId, IDLE, { status: 'online', reason: null, cause: 'self', note: null })
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
