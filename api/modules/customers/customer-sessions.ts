/** Opaque tokens of the customer pages: rows, so that one can be revoked; bearer, because embedded pages get no cookies. */
import type { Knex } from 'knex'
import { z } from 'zod'
import type { App } from '../../core/app.ts'
import type { CustomerActor } from '../../core/context.ts'
import { newId } from '../../core/ids.ts'
import { newToken, sha256 } from '../../core/secrets.ts'

export const TOKEN_DAYS = 90

const rows = z.object({
  rows: z.array(z.object({ identity_id: z.string(), customer_id: z.string(), channel_account_id: z.string(), value: z.string() })),
})

export async function customerByToken(app: App, token: string): Promise<CustomerActor | null> {
  const [row] = rows.parse(
    await app.db.raw(
      `select i.id as identity_id, i.customer_id, i.channel_account_id, i.value
       from customer_tokens t join customer_identities i on i.id = t.identity_id join channel_accounts a on a.id = i.channel_account_id
       where t.token_digest = ? and t.revoked_at is null and t.expires_at > app_now() and a.status = 'active'`,
      [sha256(token)],
    ),
  ).rows
  return row
    ? {
        kind: 'customer',
        customerId: row.customer_id,
        identityId: row.identity_id,
        channelAccountId: row.channel_account_id,
        externalId: row.value,
      }
    : null
}

export async function issueCustomerToken(trx: Knex, identityId: string, now: Date): Promise<{ token: string; expiresAt: Date }> {
  const token = newToken()
  const expiresAt = new Date(now.getTime() + TOKEN_DAYS * 86_400_000)
  await trx('customer_tokens').insert({ id: newId(), identity_id: identityId, token_digest: sha256(token), expires_at: expiresAt })
  return { token, expiresAt }
}
