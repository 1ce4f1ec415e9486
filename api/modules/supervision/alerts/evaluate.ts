/**
 * Alerts are raised once, grow while it gets worse, and are resolved when it is over (BP-012). Safe to run in several processes at once: one open alert
 * of a kind and a team is a unique index. Run by a schedule, and at once by whoever sees the board change.
 */
import { z } from 'zod'
import type { App } from '../../../core/app.ts'
import { type Ctx, inTransaction, SYSTEM } from '../../../core/context.ts'
import { newId } from '../../../core/ids.ts'
import { ALERT_COLUMNS, ALERT_JOINS, alertRows } from './present-alert.ts'
import { SITUATIONS } from './situations.ts'
import { tellOfAlerts } from './tell.ts'

/** Over for so long before it counts as over: a queue that swings about its threshold is one alert and not twenty. */
const CALM_SECONDS = 20

const changed = z.object({ rows: z.array(z.object({ id: z.string(), is_new: z.boolean() })) })
const ids = z.object({ rows: z.array(z.object({ id: z.string() })) })

/** When a channel began to fail is remembered here: its own row says only when it was last looked at. */
const REMEMBER_FAULTS = `
  with over as (
    delete from channel_faults f using channel_accounts a where a.id = f.channel_account_id and (a.health <> 'failing' or a.status <> 'active'))
  insert into channel_faults (channel_account_id, since)
  select id, app_now() from channel_accounts where health = 'failing' and status = 'active' on conflict do nothing`

/** Raised, or seen again. The figures are written when they say something new: a clock that runs on does not. */
const RAISE = `
  with ${SITUATIONS},
  numbered as (
    select s.*, row_number() over (order by s.kind, s.team_id, s.channel_account_id) as nth from situations s)
  insert into alerts as al (id, kind, team_id, channel_account_id, value, count, threshold, raised_at, last_true_at)
  select (?::uuid[])[n.nth], n.kind, n.team_id, n.channel_account_id, n.value, n.count, n.threshold, app_now(), app_now() from numbered n
  where n.nth <= ?
  on conflict (kind, team_id, channel_account_id) where resolved_at is null do update set
    last_true_at = excluded.last_true_at, count = excluded.count, value = greatest(al.value, excluded.value),
    version = al.version + case when al.count <> excluded.count or excluded.value > al.value * 1.25 then 1 else 0 end
  where al.last_true_at < excluded.last_true_at - interval '1 second' or al.count <> excluded.count
  returning al.id, al.version = 1 and al.raised_at = al.last_true_at as is_new`

const RESOLVE = `
  update alerts set resolved_at = app_now(), version = version + 1
  where resolved_at is null and last_true_at < app_now() - interval '${CALM_SECONDS} seconds' returning id`

/** Kinds × teams and channels in trouble at once; more are raised with the next look. */
const AT_ONCE = 100

export async function evaluateAlerts(app: App): Promise<void> {
  await inTransaction(app, SYSTEM, async (ctx) => {
    await ctx.trx.raw(REMEMBER_FAULTS)
    const fresh = Array.from({ length: AT_ONCE }, newId)
    const seen = changed.parse(await ctx.trx.raw(RAISE, [fresh, AT_ONCE])).rows
    const over = ids.parse(await ctx.trx.raw(RESOLVE)).rows
    const raised = seen.filter(({ is_new }) => is_new).map(({ id }) => id)
    const resolved = over.map(({ id }) => id)
    await tellOfAlerts(ctx, await load(ctx, [...raised, ...resolved]))
    for (const id of raised) ctx.emit({ name: 'alert.raised', subjectId: id })
    for (const id of resolved) ctx.emit({ name: 'alert.resolved', subjectId: id })
  })
}

async function load(ctx: Ctx, alertIds: readonly string[]) {
  if (alertIds.length === 0) return []
  const answer: unknown = await ctx.trx.raw(`select ${ALERT_COLUMNS} from alerts al ${ALERT_JOINS} where al.id = any(?::uuid[])`, [
    [...alertIds],
  ])
  return alertRows.parse(answer).rows
}
