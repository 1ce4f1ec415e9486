import type { Knex } from 'knex'
import { z } from 'zod'
import { REPLAYED } from './replay.ts'

export interface SenderKey {
  channelAccountId: string
  sender: string
}

const claimed = z.object({
  rows: z.array(
    z.object({
      id: z.string(),
      position: z.coerce.bigint(),
      channel_account_id: z.string(),
      sender: z.string(),
      external_key: z.string(),
      event: z.unknown(),
      occurred_at: z.date(),
      /** It may have made its message already: an operator gave it once more. */
      replayed: z.boolean(),
    }),
  ),
})
/** An event to process; the caller keeps the order of the ledger. */
export type ClaimedEvent = Omit<z.infer<typeof claimed>['rows'][number], 'position'>

/**
 * Takes the waiting events of these senders, in the order of the ledger. The caller holds a lock per sender (the identity row),
 * so that an older event left by a dead process goes before a newer one.
 * @param onlyFirst one event per sender: to find the one that cannot be processed
 */
export async function claimInbound(trx: Knex, senders: readonly SenderKey[], onlyFirst: boolean): Promise<ClaimedEvent[]> {
  const { rows } = claimed.parse(
    await trx.raw(
      `update inbound_events e set state = 'done', processed_at = (select app_now()), reason = null
       from (select w.id, w.reason from unnest(?::uuid[], ?::text[]) as s(channel_account_id, sender)
             cross join lateral (select i.id, i.reason from inbound_events i
                                 where i.channel_account_id = s.channel_account_id and i.sender = s.sender and i.state = 'received'
                                 order by i.position limit ?) w) waiting
       where e.id = waiting.id
       returning e.id, e.position, e.channel_account_id, e.sender, e.external_key, e.event, e.occurred_at, coalesce(waiting.reason = ?, false) as replayed`,
      [senders.map((key) => key.channelAccountId), senders.map((key) => key.sender), onlyFirst ? 1 : 500, REPLAYED],
    ),
  )
  return rows.sort((a, b) => (a.position < b.position ? -1 : 1))
}

/** Senders with waiting events: what a lost wake-up or a dead process left behind. */
export async function waitingSenders(trx: Knex, limit: number): Promise<SenderKey[]> {
  const rows = await trx('inbound_events')
    .distinct('channel_account_id', 'sender')
    .where({ state: 'received' })
    .whereNotNull('sender')
    .limit(limit)
  return z
    .array(z.object({ channel_account_id: z.string(), sender: z.string() }))
    .parse(rows)
    .map((row) => ({ channelAccountId: row.channel_account_id, sender: row.sender }))
}

/** An event that cannot be processed is set aside with its reason; its neighbours go on. */
export const quarantine = (trx: Knex, senders: readonly SenderKey[], reason: string) =>
  trx.raw(
    `update inbound_events e set state = 'quarantined', reason = ?, processed_at = app_now()
     from (select distinct on (i.channel_account_id, i.sender) i.id
           from unnest(?::uuid[], ?::text[]) as s(channel_account_id, sender)
           join inbound_events i on i.channel_account_id = s.channel_account_id and i.sender = s.sender and i.state = 'received'
           order by i.channel_account_id, i.sender, i.position) first
     where e.id = first.id`,
    [reason.slice(0, 300), senders.map((key) => key.channelAccountId), senders.map((key) => key.sender)],
  )
