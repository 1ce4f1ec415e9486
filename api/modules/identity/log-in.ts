import type { App } from '../../core/app.ts'
import { inTransaction, type RequestSource, SYSTEM } from '../../core/context.ts'
import { Forbidden, Invalid, Unauthenticated } from '../../core/errors.ts'
import { parsePhone } from '../../core/phone.ts'
import { admit } from './admit.ts'
import { checkCode } from './codes/check-code.ts'
import { clearAttempts, countAttempt } from './login-attempts.ts'
import { loginSettings } from './login-settings/login-settings.ts'
import { Account } from './model.ts'
import { type Admitted, recordFailedLogin } from './open-session.ts'
import { passwordMatches } from './passwords.ts'
import { accountBehind, provePhone } from './phone-proof.ts'

/**
 * Signs staff in with a password (BP-002.1). The try is counted and committed before the password is looked at.
 * @throws Unauthenticated `invalid_credentials`, the same for unknown names; `second_factor_required`
 * @throws RateLimited `account_locked`
 * @throws Forbidden `account_disabled`, only to who knows the password
 */
export async function logIn(app: App, input: { username: string; password: string }, source: RequestSource): Promise<Admitted> {
  const attempt = { username: input.username.trim().toLowerCase(), ip: source.ip }
  await inTransaction(app, SYSTEM, (ctx) => countAttempt(ctx.trx, attempt))
  const account = await Account.query(app.db).findOne({ username: attempt.username, kind: 'staff' })
  if (!(await passwordMatches(account?.password_hash, input.password)) || !account) {
    if (account) await recordFailedLogin(app, account, { method: 'password' }, source)
    throw new Unauthenticated('invalid_credentials', 'wrong user name or password')
  }
  await clearAttempts(app.db, attempt)
  return admit(app, account.id, 'password', source, account.password_hash)
}

/**
 * Signs staff in with a code by SMS (BP-002.2).
 * @throws Invalid `phone_invalid`, `code_invalid` (also when nobody has this number, or somebody else entered it for an account in use), `code_expired`
 * @throws RateLimited `too_many_tries`
 */
export async function logInByCode(app: App, input: { phone: string; code: string }, source: RequestSource): Promise<Admitted> {
  const { phone_code: offered } = await loginSettings(app.db)
  if (!offered) throw new Forbidden('login_method_disabled', 'codes by SMS are switched off')
  const account = await accountBehind(app.db, parsePhone(input.phone), 'staff_login')
  try {
    await checkCode(app, { ...input, purpose: 'staff_login' })
  } catch (error) {
    if (account) await recordFailedLogin(app, account, { method: 'code' }, source)
    throw error
  }
  if (!account) throw new Invalid('code_invalid', 'wrong code')
  await inTransaction(app, SYSTEM, (ctx) => provePhone(ctx, account), source)
  return admit(app, account.id, 'code', source)
}
