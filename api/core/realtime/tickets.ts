/** Socket tickets: a cookie must not open a socket by itself (any site could), so a route hands out a single-use ticket. */
import type { App } from '../app.ts'
import { newToken, sha256 } from '../secrets.ts'

const LIFETIME_SECONDS = 30

const keyOf = (app: App, namespace: string, ticket: string) =>
  `${app.config.redisPrefix}:ticket:${namespace}:${sha256(ticket).toString('base64url')}`

export async function issueTicket(
  app: App,
  namespace: 'staff' | 'customer',
  credential: string,
  now: Date,
): Promise<{ ticket: string; expiresAt: string }> {
  const ticket = newToken()
  await app.redis.set(keyOf(app, namespace, ticket), app.secrets.seal(credential, 'ticket'), 'EX', LIFETIME_SECONDS)
  return { ticket, expiresAt: new Date(now.getTime() + LIFETIME_SECONDS * 1000).toISOString() }
}

/** Single use: of two who come with the same ticket one gets it. */
export async function redeemTicket(app: App, namespace: 'staff' | 'customer', ticket: string): Promise<{ credential: string } | null> {
  const sealed = await app.redis.getdel(keyOf(app, namespace, ticket))
  return sealed === null ? null : { credential: app.secrets.open(sealed, 'ticket') }
}
