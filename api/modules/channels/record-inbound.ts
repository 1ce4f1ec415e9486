import type { Knex } from 'knex'
import { z } from 'zod'
import { newId } from '../../core/ids.ts'

export interface InboundRecord {
  channelAccountId: string
  externalKey: string
  kind: string
  sender: string | null
  /** The normalised event, JSON. */
  event: object
  /** What the platform said, after decryption. */
  raw: string
  occurredAt: string
}

/** What PostgreSQL cannot hold, kept visible: NUL becomes ␀, lone surrogates �. */
const storable = (text: string) => text.toWellFormed().replaceAll('\u0000', '\u2400')
/** JSON writes both kinds as `\u…` escapes: without one there is nothing to mend, as nearly always. */
const storableJson = (value: object): unknown => {
  const json = JSON.stringify(value)
  return json.includes('\\u') ? JSON.parse(json, (_key, item: unknown) => (typeof item === 'string' ? storable(item) : item)) : value
}

const answer = z.object({ rows: z.array(z.object({ channel_account_id: z.string(), external_key: z.string(), is_new: z.boolean() })) })
const keyOf = (accountId: string, externalKey: string) => `${accountId} ${externalKey}`

/**
 * Writes events to the ledger with one statement. An event already there is counted and changes nothing.
 * @returns for each record, whether it is new
 */
export async function recordInbound(trx: Knex, records: readonly InboundRecord[]): Promise<boolean[]> {
  const rows = new Map<string, object>()
  for (const record of records) {
    const external_key = storable(record.externalKey)
    const key = keyOf(record.channelAccountId, external_key)
    if (rows.has(key)) continue
    rows.set(key, {
      id: newId(),
      channel_account_id: record.channelAccountId,
      external_key,
      kind: record.kind,
      sender: record.sender === null ? null : storable(record.sender),
      event: storableJson(record.event),
      raw: storable(record.raw),
      occurred_at: record.occurredAt,
    })
  }
  const { rows: written } = answer.parse(
    await trx.raw(
      `insert into inbound_events (id, channel_account_id, external_key, kind, sender, event, raw, occurred_at, received_at, state)
       select id, channel_account_id, external_key, kind, sender, event, raw, occurred_at, (select app_now()), case when sender is null then 'ignored' else 'received' end
       from json_to_recordset(?::json) as t(id uuid, channel_account_id uuid, external_key text, kind text, sender text, event jsonb, raw text, occurred_at timestamptz)
       on conflict (channel_account_id, external_key) do update set duplicates = inbound_events.duplicates + 1
       returning channel_account_id, external_key, (xmax = 0) as is_new`,
      [JSON.stringify([...rows.values()])],
    ),
  )
  const fresh = new Set(written.filter((row) => row.is_new).map((row) => keyOf(row.channel_account_id, row.external_key)))
  return records.map((record) => fresh.delete(keyOf(record.channelAccountId, storable(record.externalKey))))
}
