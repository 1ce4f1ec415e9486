/** Opaque tokens of the customer pages: rows, so that one can be revoked; bearer, because embedded pages get no cookies. */
import type { Knex } from 'knex'
import { z } from 'zod'
import { CUSTOMER_LOGIN_METHODS, type CustomerLoginMethod } from '../../contract/registration.ts'
import type { App } from '../../core/app.ts'
import type { Ctx, CustomerActor } from '../../core/context.ts'
import { newId } from '../../core/ids.ts'
import { rooms } from '../../core/realtime/realtime.ts'
import { newToken, sha256 } from '../../core/secrets.ts'

export const TOKEN_DAYS = 90
/** How exactly "last seen" is kept. */
const SEEN_MINUTES = 5

const rows = z.object({
  rows: z.array(
    z.object({
      id: z.string(),
      identity_id: z.string(),
      customer_id: z.string(),
      channel_account_id: z.string(),
      value: z.string(),
      login_method: z.enum(CUSTOMER_LOGIN_METHODS).nullable(),
      created_at: z.date(),
      stale: z.boolean(),
    }),
  ),
})

export async function customerByToken(app: App, token: string): Promise<CustomerActor | null> {
  const [row] = rows.parse(
    await app.db.raw(
      `select t.id, i.id as identity_id, i.customer_id, i.channel_account_id, i.value, t.login_method, t.created_at,
         t.login_method is not null and coalesce(t.last_seen_at, t.created_at) < app_now() - ? * interval '1 minute' as stale
       from customer_tokens t join customer_identities i on i.id = t.identity_id join channel_accounts a on a.id = i.channel_account_id
       where t.token_digest = ? and t.revoked_at is null and t.expires_at > app_now() and a.status = 'active'`,
      [SEEN_MINUTES, sha256(token)],
    ),
  ).rows
  if (!row) return null
  if (row.stale)
    await app
      .db('customer_tokens')
      .where({ id: row.id })
      .update({ last_seen_at: app.db.raw('app_now()') })
  return {
    kind: 'customer',
    customerId: row.customer_id,
    identityId: row.identity_id,
    channelAccountId: row.channel_account_id,
    externalId: row.value,
    session: { id: row.id, method: row.login_method, since: row.created_at },
  }
}

const ids = z.object({ rows: z.array(z.object({ id: z.string() })) })

/** Of these tokens, those still good. */
export async function aliveTokens(app: App, tokenIds: readonly string[]): Promise<ReadonlySet<string>> {
  const { rows: alive } = ids.parse(
    await app.db.raw(
      `select t.id from customer_tokens t join customer_identities i on i.id = t.identity_id join channel_accounts a on a.id = i.channel_account_id
       where t.id = any(?::uuid[]) and t.revoked_at is null and t.expires_at > app_now() and a.status = 'active'`,
      [[...tokenIds]],
    ),
  )
  return new Set(alive.map(({ id }) => id))
}

/** How a customer signed in, and on what; a visitor's token has none of it. */
export interface CustomerLogin {
  method: CustomerLoginMethod
  ip: string | null
  userAgent: string | null
}

export async function issueCustomerToken(
  trx: Knex,
  identityId: string,
  now: Date,
  login?: CustomerLogin,
): Promise<{ id: string; token: string; expiresAt: Date }> {
  const [id, token] = [newId(), newToken()]
  const expiresAt = expiryFrom(now)
  await trx('customer_tokens').insert({
    id,
    identity_id: identityId,
    token_digest: sha256(token),
    created_at: now,
    expires_at: expiresAt,
    ...(login ? { login_method: login.method, ip: login.ip, user_agent: login.userAgent, last_seen_at: now } : {}),
  })
  return { id, token, expiresAt }
}

const expiryFrom = (now: Date) => new Date(now.getTime() + TOKEN_DAYS * 86_400_000)

/** Whoever comes back keeps his token, and for how long counts anew. @returns null when it is no longer good */
export async function renewCustomerToken(trx: Knex, token: string, now: Date): Promise<Date | null> {
  const expiresAt = expiryFrom(now)
  const renewed = await trx('customer_tokens')
    .where({ token_digest: sha256(token), revoked_at: null })
    .where('expires_at', '>', now)
    .update({ expires_at: expiresAt })
  return renewed === 1 ? expiresAt : null
}

const devices = z.array(
  z.object({
    id: z.string(),
    identity_id: z.string(),
    login_method: z.enum(CUSTOMER_LOGIN_METHODS),
    page: z.string(),
    ip: z.string().nullable(),
    user_agent: z.string().nullable(),
    created_at: z.date(),
    last_seen_at: z.date(),
  }),
)
export type CustomerDevice = z.infer<typeof devices>[number]

const signedIn = (trx: Knex, customerId: string) =>
  trx('customer_tokens as t')
    .join('customer_identities as i', 'i.id', 't.identity_id')
    .where('i.customer_id', customerId)
    .whereNotNull('t.login_method')
    .whereNull('t.revoked_at')
    .where('t.expires_at', '>', trx.raw('app_now()'))

/** Where a customer is signed in, the latest first. */
export async function customerDevices(trx: Knex, customerId: string): Promise<CustomerDevice[]> {
  return devices.parse(
    await signedIn(trx, customerId)
      .join('channel_accounts as a', 'a.id', 'i.channel_account_id')
      .select('t.id', 't.identity_id', 't.login_method', 'a.name as page', 't.ip', 't.user_agent', 't.created_at')
      .select(trx.raw('coalesce(t.last_seen_at, t.created_at) as last_seen_at'))
      .orderBy([
        { column: 't.created_at', order: 'desc' },
        { column: 't.id', order: 'desc' },
      ])
      .limit(100),
  )
}

const revokedRows = z.array(z.object({ identity_id: z.string() }))

/** Ends these tokens; the sockets of their pages are cut, and those whose token is still good come back by themselves. */
export async function revokeCustomerTokens(
  ctx: Ctx,
  which: { id: string } | { identityId: string } | { customerId: string; except: string | null },
): Promise<void> {
  const wanted =
    'id' in which
      ? { column: 'id', value: [which.id] }
      : 'identityId' in which
        ? { column: 'identity_id', value: [which.identityId] }
        : {
            column: 'id',
            value: (await customerDevices(ctx.trx, which.customerId)).map(({ id }) => id).filter((id) => id !== which.except),
          }
  const ended = revokedRows.parse(
    await ctx
      .trx('customer_tokens')
      .whereIn(wanted.column, wanted.value)
      .whereNull('revoked_at')
      .update({ revoked_at: ctx.now })
      .returning('identity_id'),
  )
  const identities = new Set(ended.map((row) => row.identity_id))
  ctx.afterCommit(() => identities.forEach((id) => ctx.app.realtime.disconnect('customer', rooms.customer(id))))
}
