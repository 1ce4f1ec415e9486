/** The reply window and the purse: what a platform still lets us say to one person. */
import type { Knex } from 'knex'
import { z } from 'zod'
import { prepared } from '../../core/db.ts'
import type { ChannelCapabilities, ReplyWindow } from '../../contract/conversation.ts'

type Allowances = NonNullable<ChannelCapabilities['replyAllowances']>

export interface Opened {
  identityId: string
  action: string
  /** When the customer acted, by the platform's clock. */
  at: Date
  allowances: Allowances
}

const rowSchema = z.array(
  z.object({ identity_id: z.string(), action: z.string(), expires_at: z.date(), granted: z.number(), spent: z.number() }),
)
type AllowanceRow = z.infer<typeof rowSchema>[number]

/** What may be said to a person once his action is counted, and whether something waits for just that. */
export interface Purse {
  allowances: AllowanceRow[]
  /** Calls are held until he writes. */
  holds: boolean
}

const purseRows = z.object({
  rows: z.array(
    z.object({
      identity_id: z.string(),
      action: z.string().nullable(),
      expires_at: z.date().nullable(),
      granted: z.number().nullable(),
      spent: z.number().nullable(),
      holds: z.boolean(),
    }),
  ),
})

/**
 * Opens the allowances and reads the purses of these people with one statement, whatever their number. Each action re-opens its own
 * allowance; an older action that arrives late never shortens a newer one.
 */
export async function openPurses(trx: Knex, opened: readonly Opened[], identityIds: readonly string[]): Promise<Map<string, Purse>> {
  const purses = new Map<string, Purse>()
  if (identityIds.length === 0) return purses
  const { rows } = purseRows.parse(
    await prepared(
      trx,
      'reply-allowances.open',
      `with opened as (
         insert into reply_allowances (identity_id, action, expires_at, granted)
         select identity_id, action, expires_at, granted from json_to_recordset(?::json) as t(identity_id uuid, action text, expires_at timestamptz, granted int)
         on conflict (identity_id, action) do update set expires_at = excluded.expires_at, granted = excluded.granted, spent = 0
         where reply_allowances.expires_at < excluded.expires_at
         returning identity_id, action, expires_at, granted, spent),
       kept as (
         select r.identity_id, r.action, r.expires_at, r.granted, r.spent from reply_allowances r
         where r.identity_id = any(?::uuid[]) and not exists (select 1 from opened o where o.identity_id = r.identity_id and o.action = r.action))
       select p.identity_id, a.action, a.expires_at, a.granted, a.spent,
              exists (select 1 from deliveries d where d.identity_id = p.identity_id and d.state = 'held') as holds
       from unnest(?::uuid[]) as p(identity_id)
       left join (select * from opened union all select * from kept) a on a.identity_id = p.identity_id`,
      [JSON.stringify(grantsOf(opened)), [...identityIds], [...identityIds]],
    ),
  )
  for (const { identity_id, action, expires_at, granted, spent, holds } of rows) {
    const purse = purses.get(identity_id) ?? { allowances: [], holds }
    purses.set(identity_id, purse)
    if (action !== null && expires_at !== null && granted !== null && spent !== null)
      purse.allowances.push({ identity_id, action, expires_at, granted, spent })
  }
  return purses
}

/** The latest of each action, in a stable order, so that two batches never wait for each other. */
function grantsOf(opened: readonly Opened[]) {
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
  return [...latest.values()].sort((a, b) => (a.identity_id + a.action < b.identity_id + b.action ? -1 : 1))
}

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
 * @param leaving so many must remain for what matters more
 * @returns the window before spending; the calls were taken when it is open and large enough
 */
export async function spendAllowance(
  trx: Knex,
  identityId: string,
  calls: number,
  now: Date,
  leaving = 0,
): Promise<{ taken: boolean; window: ReplyWindow }> {
  const rows = rowSchema.parse(
    await trx('reply_allowances')
      .select('identity_id', 'action', 'expires_at', 'granted', 'spent')
      .where({ identity_id: identityId })
      .orderBy('expires_at')
      .orderBy('action')
      .forNoKeyUpdate(),
  )
  const window = windowOf(rows, true, now)
  if ((window.remaining ?? 0) < calls + leaving) return { taken: false, window }
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
