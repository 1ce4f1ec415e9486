import { inTransaction, SYSTEM, type Ctx, type StaffActor } from '../../core/context.ts'
import { Invalid } from '../../core/errors.ts'
import { clearAttempts, countAttempt } from './login-attempts.ts'
import { Account } from './model.ts'
import { passwordMatches } from './passwords.ts'

/**
 * Before what an unattended desk must not allow. Tries count like those of a login.
 * @throws Invalid `password_wrong`; RateLimited `account_locked`
 */
export async function confirmPassword({ app, actor, source }: Ctx<StaffActor>, password: string): Promise<Account> {
  const account = await Account.query(app.db).findById(actor.accountId).throwIfNotFound()
  const attempt = { username: account.username, ip: source?.ip ?? 'unknown' }
  await inTransaction(app, SYSTEM, (ctx) => countAttempt(ctx.trx, attempt))
  if (!(await passwordMatches(account.password_hash, password))) throw new Invalid('password_wrong', 'wrong password')
  await clearAttempts(app.db, attempt)
  return account
}

/**
 * Before a new way in is made. Whoever has no password has nothing to confirm.
 * @throws as `confirmPassword`
 */
export async function confirmOwner(ctx: Ctx<StaffActor>, password: string | undefined): Promise<void> {
  const account = await Account.query(ctx.app.db).findById(ctx.actor.accountId).select('password_hash').throwIfNotFound()
  if (account.password_hash !== null) await confirmPassword(ctx, password ?? '')
}
