/** How the channels are: health, what waits to leave and what did not (one statement). Channels belong to no team: every supervisor sees them all. */
import { z } from 'zod'
import type { BoardChannel } from '../../../contract/supervision.ts'
import type { Ctx } from '../../../core/context.ts'

/** Failures older than this are history. */
export const FAILURE_MINUTES = 15

const rows = z.object({
  rows: z.array(
    z.object({
      id: z.string(),
      kind: z.string(),
      name: z.string(),
      health: z.enum(['unknown', 'ok', 'failing']),
      health_reason: z.string().nullable(),
      health_checked_at: z.date().nullable(),
      paused_until: z.date().nullable(),
      leaving: z.coerce.number(),
      failed: z.coerce.number(),
      queued: z.coerce.number(),
      open: z.coerce.number(),
    }),
  ),
})

const CHANNELS = `
  with leaving as (
    select channel_account_id as id, count(*) as calls from deliveries where state in ('queued', 'sending') group by 1),
  failed as (
    select channel_account_id as id, count(distinct message_id) as messages from deliveries
    where state in ('failed', 'unknown') and updated_at > app_now() - interval '${FAILURE_MINUTES} minutes' group by 1),
  present as (
    select channel_account_id as id, count(*) filter (where status = 'queued') as queued, count(*) filter (where status = 'open') as open
    from conversations where status <> 'closed' group by 1)
  select a.id, a.kind, a.name, a.health, a.health_reason, a.health_checked_at,
    case when a.paused_until > app_now() then a.paused_until end as paused_until,
    coalesce(l.calls, 0) as leaving, coalesce(f.messages, 0) as failed, coalesce(p.queued, 0) as queued, coalesce(p.open, 0) as open
  from channel_accounts a left join leaving l on l.id = a.id left join failed f on f.id = a.id left join present p on p.id = a.id
  where a.status = 'active' order by a.name, a.id limit 200`

export async function loadChannels(ctx: Ctx): Promise<BoardChannel[]> {
  return rows.parse(await ctx.trx.raw(CHANNELS)).rows.map((row) => ({
    id: row.id,
    kind: row.kind,
    name: row.name,
    health: row.health,
    healthReason: row.health_reason,
    checkedAt: row.health_checked_at?.toISOString() ?? null,
    pausedUntil: row.paused_until?.toISOString() ?? null,
    waitingDeliveries: row.leaving,
    failedDeliveries: row.failed,
    queueLength: row.queued,
    openConversations: row.open,
  }))
}
