import type { Knex } from 'knex'
import { z } from 'zod'
import { prepared } from '../../core/db.ts'
import { newId } from '../../core/ids.ts'
import { SHOWN_NAME } from './shown-name.ts'

/** Somebody as a channel account knows him. */
export interface ChannelPerson {
  channelAccountId: string
  /** Kind of the channel: the kind of the identity edge. */
  kind: string
  externalId: string
  name?: string | undefined
  avatarUrl?: string | undefined
}

const foundRow = z.object({
  identity_id: z.string(),
  customer_id: z.string(),
  channel_account_id: z.string(),
  external_id: z.string(),
  name: z.string().nullable(),
  avatar_url: z.string().nullable(),
  /** How he last came: his next conversation starts with it. */
  pending_source: z
    .object({
      kind: z.string(),
      label: z.string(),
      team: z.string().optional(),
      business: z.string().optional(),
      entry: z.string().optional(),
      locale: z.enum(['zh-CN', 'en']).optional(),
    })
    .nullable(),
})
export type KnownIdentity = z.infer<typeof foundRow> & { isNew: boolean }
const found = z.object({ rows: z.array(foundRow) })
const inserted = z.object({
  rows: z.array(z.object({ id: z.string(), customer_id: z.string(), channel_account_id: z.string(), value: z.string() })),
})

export const personKey = (channelAccountId: string, externalId: string): string => `${channelAccountId} ${externalId}`

/**
 * Finds or creates the identity and its customer for each person, and locks the identity rows in a stable order until the
 * transaction ends: whoever holds the lock is the only one to write for that person. Rows that only refer to it are not kept waiting.
 * @returns by `personKey`
 */
export async function resolveIdentities(trx: Knex, people: readonly ChannelPerson[]): Promise<Map<string, KnownIdentity>> {
  const wanted = new Map(people.map((person) => [personKey(person.channelAccountId, person.externalId), person]))
  const known = await lockKnown(trx, [...wanted.values()])
  const strangers = [...wanted].filter(([key]) => !known.has(key)).map(([, person]) => person)
  if (strangers.length === 0) return known
  const created = await create(trx, strangers)
  for (const [key, identity] of created) known.set(key, identity)
  // Lost to another process that created them meanwhile: its commit has made them visible.
  const lost = [...wanted].filter(([key]) => !known.has(key)).map(([, person]) => person)
  for (const [key, identity] of await lockKnown(trx, lost)) known.set(key, identity)
  return known
}

async function lockKnown(trx: Knex, people: readonly ChannelPerson[]): Promise<Map<string, KnownIdentity>> {
  if (people.length === 0) return new Map()
  const { rows } = found.parse(
    await prepared(
      trx,
      'identities.lock',
      `select i.id as identity_id, i.customer_id, i.channel_account_id, i.value as external_id, ${SHOWN_NAME} as name, c.avatar_url, i.pending_source
       from json_to_recordset(?::json) as k(account uuid, kind text, value text)
       join customer_identities i on i.channel_account_id = k.account and i.kind = k.kind and i.value = k.value
       join customers c on c.id = i.customer_id
       order by i.id for no key update of i`,
      [JSON.stringify(people.map((person) => ({ account: person.channelAccountId, kind: person.kind, value: person.externalId })))],
    ),
  )
  return new Map(rows.map((row) => [personKey(row.channel_account_id, row.external_id), { ...row, isNew: false }]))
}

async function create(trx: Knex, strangers: readonly ChannelPerson[]): Promise<Map<string, KnownIdentity>> {
  const sorted = [...strangers].sort((a, b) =>
    personKey(a.channelAccountId, a.externalId) < personKey(b.channelAccountId, b.externalId) ? -1 : 1,
  )
  const rows = sorted.map((person) => ({
    id: newId(),
    customer_id: newId(),
    channel_account_id: person.channelAccountId,
    kind: person.kind,
    value: person.externalId,
  }))
  const { rows: mine } = inserted.parse(
    await trx.raw(
      `insert into customer_identities (id, customer_id, channel_account_id, kind, value)
       select id, customer_id, channel_account_id, kind, value
       from json_to_recordset(?::json) as t(id uuid, customer_id uuid, channel_account_id uuid, kind text, value text)
       on conflict do nothing returning id, customer_id, channel_account_id, value`,
      [JSON.stringify(rows)],
    ),
  )
  const personOf = new Map(strangers.map((person) => [personKey(person.channelAccountId, person.externalId), person]))
  const created = mine.map((row) => ({ row, person: personOf.get(personKey(row.channel_account_id, row.value)) }))
  if (created.length > 0) {
    await trx('customers').insert(
      created.map(({ row, person }) => ({ id: row.customer_id, name: person?.name ?? null, avatar_url: person?.avatarUrl ?? null })),
    )
  }
  return new Map(
    created.map(({ row, person }) => [
      personKey(row.channel_account_id, row.value),
      {
        identity_id: row.id,
        customer_id: row.customer_id,
        channel_account_id: row.channel_account_id,
        external_id: row.value,
        name: person?.name ?? null,
        avatar_url: person?.avatarUrl ?? null,
        pending_source: null,
        isNew: true,
      },
    ]),
  )
}
