import type { App } from '../../core/app.ts'
import { inTransaction, SYSTEM } from '../../core/context.ts'
import { Forbidden, Unauthenticated } from '../../core/errors.ts'
import { newId } from '../../core/ids.ts'
import { newToken, sha256 } from '../../core/secrets.ts'
import { clearAttempts, countAttempt } from './login-attempts.ts'
import { Account, Session } from './model.ts'
import { passwordMatches } from './passwords.ts'

export const SESSION_DAYS = 7
export const IDLE_HOURS = 12

/**
 * Signs staff in (BP-002.1). The try is counted and committed before the password is looked at.
 * @returns a new session's token: every login gets its own, so that a fixed one is worthless
 * @throws Unauthenticated `invalid_credentials`, the same for unknown names
 * @throws RateLimited `account_locked`
 * @throws Forbidden `account_disabled`, only to who knows the password
 */
export async function logIn(
  app: App,
  input: { username: string; password: string; ip: string; userAgent: string | null },
): Promise<{ token: string; account: Account }> {
  const username = input.username.trim().toLowerCase()
  await inTransaction(app, SYSTEM, (ctx) => countAttempt(ctx.trx, { username, ip: input.ip }))
  const account = await Account.query(app.db).findOne({ username, kind: 'staff' })
  if (!(await passwordMatches(account?.password_hash, input.password)) || !account)
    throw new Unauthenticated('invalid_credentials', 'wrong user name or password')
  if (account.status === 'disabled') throw new Forbidden('account_disabled', 'this account is disabled')
  const token = newToken()
  await inTransaction(app, SYSTEM, async ({ trx, now }) => {
    await clearAttempts(trx, { username, ip: input.ip })
    await Account.query(trx).findById(account.id).patch({ last_login_at: now })
    await Session.query(trx).insert({
      id: newId(),
      account_id: account.id,
      token_digest: sha256(token),
      ip: input.ip,
      user_agent: input.userAgent?.slice(0, 300) ?? null,
      last_seen_at: now,
      expires_at: new Date(now.getTime() + SESSION_DAYS * 86_400_000),
    })
  })
  return { token, account }
}
