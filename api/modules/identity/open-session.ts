import type { SessionMethod } from '../../contract/login.ts'
import type { App } from '../../core/app.ts'
import { type Ctx, inTransaction, type RequestSource, SYSTEM } from '../../core/context.ts'
import { newId } from '../../core/ids.ts'
import { newToken, sha256 } from '../../core/secrets.ts'
import { record } from '../audit/index.ts'
import { Account, Session } from './model.ts'

export const SESSION_DAYS = 7
export const IDLE_HOURS = 12

export interface Admitted {
  token: string
  account: Account
}

/** Every login gets a session of its own, so that an id fixed beforehand is worthless. @returns its token */
export async function openSession(ctx: Ctx, account: Account, method: SessionMethod): Promise<string> {
  const token = newToken()
  await Account.query(ctx.trx).findById(account.id).patch({ last_login_at: ctx.now })
  await Session.query(ctx.trx).insert({
    id: newId(),
    account_id: account.id,
    token_digest: sha256(token),
    ip: ctx.source?.ip ?? null,
    user_agent: ctx.source?.userAgent?.slice(0, 300) ?? null,
    method,
    last_seen_at: ctx.now,
    expires_at: new Date(ctx.now.getTime() + SESSION_DAYS * 86_400_000),
  })
  await record(ctx, {
    action: 'login.succeeded',
    object: { kind: 'account', id: account.id, label: account.name },
    context: { method },
    by: { id: account.id, name: account.name },
  })
  return token
}

/** A try that failed, for an account that exists. Committed by itself: the request ends with an error. */
export const recordFailedLogin = (app: App, account: Account, context: Record<string, unknown>, source: RequestSource): Promise<void> =>
  inTransaction(
    app,
    SYSTEM,
    (ctx) => record(ctx, { action: 'login.failed', object: { kind: 'account', id: account.id, label: account.name }, context }),
    source,
  )
