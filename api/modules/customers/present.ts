import { z } from 'zod'
import type { Customer } from '../../contract/customer.ts'
import type { Ctx } from '../../core/context.ts'
import type { CustomerRow } from './model.ts'

const identityRows = z.array(
  z.object({
    id: z.string(),
    kind: z.string(),
    value: z.string(),
    subscribed: z.boolean().nullable(),
    first_seen_at: z.date(),
    last_seen_at: z.date(),
    account_id: z.string().nullable(),
    account_kind: z.string().nullable(),
    account_name: z.string().nullable(),
  }),
)

/** Enough of a platform id to tell two nameless people apart, not enough to use it. */
export const tailOf = (externalId: string): string => externalId.slice(-4)

export async function presentCustomer(ctx: Ctx, row: CustomerRow): Promise<Customer> {
  const identities = identityRows.parse(
    await ctx
      .trx('customer_identities as i')
      .leftJoin('channel_accounts as a', 'a.id', 'i.channel_account_id')
      .select(
        'i.id',
        'i.kind',
        'i.value',
        'i.subscribed',
        'i.first_seen_at',
        'i.last_seen_at',
        'a.id as account_id',
        'a.kind as account_kind',
        'a.name as account_name',
      )
      .where('i.customer_id', row.id)
      .orderBy(['i.first_seen_at', 'i.id'])
      .limit(50),
  )
  return {
    id: row.id,
    name: row.name,
    remarkName: row.remark_name,
    avatarUrl: row.avatar_url,
    tail: tailOf(identities[0]?.value ?? row.id),
    identities: identities.map((identity) => ({
      id: identity.id,
      kind: identity.kind,
      channel:
        identity.account_id !== null && identity.account_kind !== null && identity.account_name !== null
          ? { accountId: identity.account_id, kind: identity.account_kind, name: identity.account_name }
          : null,
      tail: tailOf(identity.value),
      subscribed: identity.subscribed,
      firstSeenAt: identity.first_seen_at.toISOString(),
      lastSeenAt: identity.last_seen_at.toISOString(),
    })),
    createdAt: row.created_at.toISOString(),
    version: row.version,
  }
}
