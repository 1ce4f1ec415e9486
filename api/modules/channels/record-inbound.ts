import type { Knex } from 'knex'
import { z } from 'zod'
import { prepared } from '../../core/db.ts'
import { newId } from '../../core/ids.ts'
import type { ClaimedEvent, SenderKey } from './claim-inbound.ts'

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

const answer = z.object({
  rows: z.array(z.object({ channel_account_id: z.string(), external_key: z.string(), is_new: z.boolean(), state: z.string() })),
})
type Written = z.infer<typeof answer>['rows'][number]
const keyOf = (accountId: string, externalKey: string) => `${accountId} ${externalKey}`

function rowOf(record: InboundRecord, external_key: string) {
  return {
    id: newId(),
    channel_account_id: record.channelAccountId,
    external_key,
    kind: record.kind,
    sender: record.sender === null ? null : storable(record.sender),
    event: storableJson(record.event),
    raw: storable(record.raw),
    occurred_at: record.occurredAt,
  }
}
type LedgerRow = ReturnType<typeof rowOf>

/** One row per key: a batch may hold a redelivery of its own. */
function rowsOf(records: readonly InboundRecord[]): Map<string, LedgerRow> {
  const rows = new Map<string, LedgerRow>()
  for (const record of records) {
    const externalKey = storable(record.externalKey)
    const key = keyOf(record.channelAccountId, externalKey)
    if (!rows.has(key)) rows.set(key, rowOf(record, externalKey))
  }
  return rows
}

function newOnes(records: readonly InboundRecord[], written: readonly Written[]): boolean[] {
  const fresh = new Set(written.filter((row) => row.is_new).map((row) => keyOf(row.channel_account_id, row.external_key)))
  return records.map((record) => fresh.delete(keyOf(record.channelAccountId, storable(record.externalKey))))
}

/**
 * Writes events to the ledger with one statement. An event already there is counted and changes nothing.
 * @returns for each record, whether it is new
 */
export async function recordInbound(trx: Knex, records: readonly InboundRecord[]): Promise<boolean[]> {
  const { rows: written } = answer.parse(
    await trx.raw(
      `insert into inbound_events (id, channel_account_id, external_key, kind, sender, event, raw, occurred_at, received_at, state)
       select id, channel_account_id, external_key, kind, sender, event, raw, occurred_at, (select app_now()), case when sender is null then 'ignored' else 'received' end
       from json_to_recordset(?::json) as t(id uuid, channel_account_id uuid, external_key text, kind text, sender text, event jsonb, raw text, occurred_at timestamptz)
       on conflict (channel_account_id, external_key) do update set duplicates = inbound_events.duplicates + 1
       returning channel_account_id, external_key, (xmax = 0) as is_new, state`,
      [JSON.stringify([...rowsOf(records).values()])],
    ),
  )
  return newOnes(records, written)
}

export interface FreshlyRecorded {
  /** For each record, whether it is new. */
  isNew: boolean[]
  /** New, marked as done: the caller processes them in this very transaction, in this order. */
  claimed: ClaimedEvent[]
  /** New, but their senders have older events waiting: they wait behind them. */
  behind: SenderKey[]
}

/**
 * Writes events to the ledger that the same transaction goes on to process, so that they never wait there. The caller holds a lock per
 * sender (the identity row), so that no older event of theirs is being taken meanwhile. Every record has a sender.
 */
export async function recordFresh(trx: Knex, records: readonly InboundRecord[]): Promise<FreshlyRecorded> {
  const rows = rowsOf(records)
  const { rows: written } = answer.parse(
    await prepared(
      trx,
      'inbound-events.record-fresh',
      `insert into inbound_events (id, channel_account_id, external_key, kind, sender, event, raw, occurred_at, received_at, state, processed_at)
       select id, channel_account_id, external_key, kind, sender, event, raw, occurred_at, n.now, case when waits then 'received' else 'done' end,
              case when waits then null else n.now end
       from (select t.*, exists (select 1 from inbound_events i
                                 where i.channel_account_id = t.channel_account_id and i.sender = t.sender and i.state = 'received') as waits
             from json_to_recordset(?::json) as t(id uuid, channel_account_id uuid, external_key text, kind text, sender text, event jsonb, raw text, occurred_at timestamptz)) t,
            (select app_now() as now) n
       on conflict (channel_account_id, external_key) do update set duplicates = inbound_events.duplicates + 1
       returning channel_account_id, external_key, (xmax = 0) as is_new, state`,
      [JSON.stringify([...rows.values()])],
    ),
  )
  const fresh = written.filter(({ is_new }) => is_new)
  const stateOf = new Map(fresh.map((row) => [keyOf(row.channel_account_id, row.external_key), row.state]))
  const claimed: ClaimedEvent[] = []
  const behind: SenderKey[] = []
  for (const [key, row] of rows) {
    const state = stateOf.get(key)
    if (state === undefined || row.sender === null) continue
    if (state === 'done') claimed.push({ ...row, sender: row.sender, occurred_at: new Date(row.occurred_at), replayed: false })
    else behind.push({ channelAccountId: row.channel_account_id, sender: row.sender })
  }
  return { isNew: newOnes(records, written), claimed, behind }
}
