/** Rows → contract. Phones leave here masked, whoever asks; the whole number has a route of its own (`reveal-phone.ts`). */
import { z } from 'zod'
import type { Customer, CustomerIdentity, CustomerSummary } from '../../contract/customer.ts'
import type { Tag } from '../../contract/tag.ts'
import type { Ctx } from '../../core/context.ts'
import { maskPhone } from '../../core/phone.ts'
import type { CustomerRow, TagRow } from './model.ts'

const identityRow = z.object({
  id: z.string(),
  customer_id: z.string(),
  kind: z.string(),
  value: z.string(),
  subscribed: z.boolean().nullable(),
  evidence: z.looseObject({ source: z.string().optional() }),
  verified_at: z.date().nullable(),
  first_seen_at: z.date(),
  last_seen_at: z.date(),
  account_id: z.string().nullable(),
  account_kind: z.string().nullable(),
  account_name: z.string().nullable(),
})
type IdentityFacts = z.infer<typeof identityRow>
const nameRows = z.array(z.object({ id: z.string(), institution_name: z.string().nullable(), owner_name: z.string().nullable() }))
const tagRows = z.array(
  z.object({ customer_id: z.string(), id: z.string(), name: z.string(), color: z.string(), category: z.string(), version: z.number() }),
)

/** Enough of a platform id to tell two nameless people apart, not enough to use it. */
export const tailOf = (externalId: string): string => externalId.slice(-4)

const IDENTITIES_SHOWN = 50

export async function presentCustomer(ctx: Ctx, row: CustomerRow): Promise<Customer> {
  const loaded = await load(ctx, [row.id])
  const identities = loaded.identities.get(row.id) ?? []
  return {
    ...headOf(row, loaded, identities),
    identities: identities.slice(0, IDENTITIES_SHOWN).map(presentIdentity),
    fields: row.fields,
    note: row.note,
    mergedIntoId: row.merged_into_id,
  }
}

/** In the order of `rows`, with the same number of statements whatever their number. */
export async function presentSummaries(ctx: Ctx, rows: readonly CustomerRow[]): Promise<CustomerSummary[]> {
  const loaded = await load(
    ctx,
    rows.map(({ id }) => id),
  )
  return rows.map((row) => {
    const identities = loaded.identities.get(row.id) ?? []
    const phone = identities.find(({ kind }) => kind === 'phone')
    const kinds = identities.flatMap(({ account_kind }) => (account_kind === null ? [] : [account_kind]))
    return { ...headOf(row, loaded, identities), channelKinds: [...new Set(kinds)], phone: phone ? maskPhone(phone.value) : null }
  })
}

interface Loaded {
  names: Map<string, z.infer<typeof nameRows>[number]>
  tags: Map<string, Tag[]>
  identities: Map<string, IdentityFacts[]>
}

async function load(ctx: Ctx, ids: readonly string[]): Promise<Loaded> {
  const names = nameRows.parse(
    await ctx
      .trx('customers as c')
      .leftJoin('institutions as o', 'o.id', 'c.institution_id')
      .leftJoin('accounts as s', 's.id', 'c.owner_id')
      .select('c.id', 'o.name as institution_name', 's.name as owner_name')
      .whereIn('c.id', [...ids]),
  )
  return {
    names: new Map(names.map((row) => [row.id, row])),
    tags: await tagsOf(ctx, ids),
    identities: grouped(identityRow.array().parse(await selectIdentities(ctx, ids))),
  }
}

async function tagsOf(ctx: Ctx, ids: readonly string[]): Promise<Map<string, Tag[]>> {
  const rows = tagRows.parse(
    await ctx
      .trx('customer_tag_links as l')
      .join('customer_tags as t', 't.id', 'l.tag_id')
      .select('l.customer_id', 't.id', 't.name', 't.color', 't.category', 't.version')
      .whereIn('l.customer_id', [...ids])
      .orderBy(['t.category', 't.name', 't.id']),
  )
  return new Map([...grouped(rows)].map(([id, tags]) => [id, tags.map(({ customer_id: _, ...tag }) => tag)]))
}

const selectIdentities = (ctx: Ctx, ids: readonly string[]) =>
  ctx
    .trx('customer_identities as i')
    .leftJoin('channel_accounts as a', 'a.id', 'i.channel_account_id')
    .select(
      'i.id',
      'i.customer_id',
      'i.kind',
      'i.value',
      'i.subscribed',
      'i.evidence',
      'i.verified_at',
      'i.first_seen_at',
      'i.last_seen_at',
      'a.id as account_id',
      'a.kind as account_kind',
      'a.name as account_name',
    )
    .whereIn('i.customer_id', [...ids])
    .orderBy(['i.first_seen_at', 'i.id'])

function grouped<T extends { customer_id: string }>(rows: readonly T[]): Map<string, T[]> {
  const groups = new Map<string, T[]>()
  for (const row of rows) groups.set(row.customer_id, [...(groups.get(row.customer_id) ?? []), row])
  return groups
}

function headOf(row: CustomerRow, { names, tags }: Loaded, identities: readonly IdentityFacts[]) {
  const name = names.get(row.id)
  const named = (id: string | null, label: string | null | undefined) => (id !== null && label ? { id, name: label } : null)
  const channel = identities.find(({ account_id }) => account_id !== null)
  return {
    id: row.id,
    name: row.name,
    remarkName: row.remark_name,
    avatarUrl: row.avatar_url,
    tail: tailOf(channel?.value ?? row.id),
    status: row.status,
    institution: named(row.institution_id, name?.institution_name),
    title: row.title,
    owner: named(row.owner_id, name?.owner_name),
    levelId: row.level_id,
    regionId: row.region_id,
    tags: tags.get(row.id) ?? [],
    lastContactAt: row.last_contact_at?.toISOString() ?? null,
    archivedAt: row.archived_at?.toISOString() ?? null,
    createdAt: row.created_at.toISOString(),
    version: row.version,
  }
}

function presentIdentity(identity: IdentityFacts): CustomerIdentity {
  const { account_id: accountId, account_kind: kind, account_name: name } = identity
  return {
    id: identity.id,
    kind: identity.kind,
    channel: accountId !== null && kind !== null && name !== null ? { accountId, kind, name } : null,
    tail: tailOf(identity.value),
    masked: identity.kind === 'phone' ? maskPhone(identity.value) : null,
    subscribed: identity.subscribed,
    evidence: identity.evidence.source === undefined ? null : { source: identity.evidence.source },
    verifiedAt: identity.verified_at?.toISOString() ?? null,
    firstSeenAt: identity.first_seen_at.toISOString(),
    lastSeenAt: identity.last_seen_at.toISOString(),
  }
}

export const presentTag = ({ id, name, color, category, version }: TagRow): Tag => ({ id, name, color, category, version })
