/** The reply window and the purse: what a platform still lets us say to one person. */
import type { Knex } from 'knex'
import { z } from 'zod'
import type { ChannelCapabilities, ReplyWindow } from '../../contract/conversation.ts'

type Allowances = NonNullable<ChannelCapabilities['replyAllowances']>

export interface Opened {
  identityId: string
  action: string
  /** When the customer acted, by the platform's clock. */
  at: Date
  allowances: Allowances
}

/** Each action re-opens its own allowance; an older action that arrives late never shortens a newer one. */
export async function openAllowances(trx: Knex, opened: readonly Opened[]): Promise<void> {
  const latest = new Map<string, { identity_id: string; action: string; expires_at: string; granted: number }>()
  for (const { identityId, action, at, allowances } of opened) {
    const grant = allowances[action]
    if (!grant) continue
    const row = {
      identity_id: identityId,
      action,
      expires_at: new Date(at.getTime() + grant.seconds * 1000).toISOString(),
      granted: grant.count,
    }
    const key = `${identityId} ${action}`
    const known = latest.get(key)
    if (!known || known.expires_at <= row.expires_at) latest.set(key, row)
  }
  if (latest.size === 0) return
  const rows = [...latest.values()].sort((a, b) => (a.identity_id + a.action < b.identity_id + b.action ? -1 : 1))
  await trx.raw(
    `insert into reply_allowances (identity_id, action, expires_at, granted)
     select identity_id, action, expires_at, granted from json_to_recordset(?::json) as t(identity_id uuid, action text, expires_at timestamptz, granted int)
     on conflict (identity_id, action) do update set expires_at = excluded.expires_at, granted = excluded.granted, spent = 0
     where reply_allowances.expires_at < excluded.expires_at`,
    [JSON.stringify(rows)],
  )
}

const rowSchema = z.array(
  z.object({ identity_id: z.string(), action: z.string(), expires_at: z.date(), granted: z.number(), spent: z.number() }),
)
type AllowanceRow = z.infer<typeof rowSchema>[number]

/** Pure. Null allowances: the channel has no limit. */
export function windowOf(
  rows: readonly Pick<AllowanceRow, 'expires_at' | 'granted' | 'spent'>[],
  limited: boolean,
  now: Date,
): ReplyWindow {
  if (!limited) return { state: 'open', remaining: null, closesAt: null }
  const active = rows.filter((row) => row.expires_at > now)
  const usable = active.filter((row) => row.granted > row.spent)
  const closesAt = (of: typeof active) => new Date(Math.max(...of.map((row) => row.expires_at.getTime()))).toISOString()
  if (usable.length > 0)
    return { state: 'open', remaining: usable.reduce((sum, row) => sum + row.granted - row.spent, 0), closesAt: closesAt(usable) }
  if (active.length > 0) return { state: 'spent', remaining: 0, closesAt: closesAt(active) }
  return { state: 'closed', remaining: 0, closesAt: null }
}

export async function allowancesOf(trx: Knex, identityIds: readonly string[]): Promise<Map<string, AllowanceRow[]>> {
  const grouped = new Map<string, AllowanceRow[]>()
  if (identityIds.length === 0) return grouped
  const rows = rowSchema.parse(
    await trx('reply_allowances')
      .select('identity_id', 'action', 'expires_at', 'granted', 'spent')
      .whereIn('identity_id', [...identityIds]),
  )
  for (const row of rows) grouped.set(row.identity_id, [...(grouped.get(row.identity_id) ?? []), row])
  return grouped
}

/**
 * Takes `calls` from the purse, soonest to expire first, or nothing.
 * @returns the window before spending; the calls were taken when it is open and large enough
 */
export async function spendAllowance(
  trx: Knex,
  identityId: string,
  calls: number,
  now: Date,
): Promise<{ taken: boolean; window: ReplyWindow }> {
  const rows = rowSchema.parse(
    await trx('reply_allowances')
      .select('identity_id', 'action', 'expires_at', 'granted', 'spent')
      .where({ identity_id: identityId })
      .orderBy('expires_at')
      .orderBy('action')
      .forUpdate(),
  )
  const window = windowOf(rows, true, now)
  if ((window.remaining ?? 0) < calls) return { taken: false, window }
  let left = calls
  for (const row of rows.filter((candidate) => candidate.expires_at > now)) {
    const take = Math.min(left, row.granted - row.spent)
    if (take > 0) await trx('reply_allowances').where({ identity_id: identityId, action: row.action }).increment('spent', take)
    left -= take
  }
  return { taken: true, window }
}

/** The platform said that nothing more will go through (45015, 45047): our ledger learns it. */
export const exhaustAllowances = (trx: Knex, identityId: string, windowClosed: boolean) =>
  trx('reply_allowances')
    .where({ identity_id: identityId })
    .update(
      windowClosed ? { spent: trx.ref('granted'), expires_at: trx.raw('least(expires_at, app_now())') } : { spent: trx.ref('granted') },
    )
