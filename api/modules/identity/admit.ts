/** The last step of every way in: whoever has proved who he is gets a session, or is asked for his second factor. */
import type { SessionMethod } from '../../contract/login.ts'
import type { App } from '../../core/app.ts'
import { inTransaction, type RequestSource, SYSTEM } from '../../core/context.ts'
import { Forbidden, Unauthenticated } from '../../core/errors.ts'
import { Account } from './model.ts'
import { type Admitted, openSession } from './open-session.ts'
import { createChallenge } from './two-factor/challenges.ts'
import { isTwoFactorOn } from './two-factor/secrets.ts'

/**
 * @param proven hash of the password that was right; whoever proved himself otherwise has none
 * @throws Forbidden `account_disabled`, only to who has proved that the account is his
 * @throws Unauthenticated `second_factor_required` with `{ challenge }`; `invalid_credentials` when the password changed since it was looked at
 */
export async function admit(
  app: App,
  accountId: string,
  method: SessionMethod,
  source: RequestSource,
  proven?: string | null,
): Promise<Admitted> {
  const result = await inTransaction(
    app,
    SYSTEM,
    async (ctx): Promise<Admitted | { challenge: string }> => {
      // Locked: a password that is changing ends every session, also the one that its predecessor is about to open.
      const account = await Account.query(ctx.trx).findById(accountId).forNoKeyUpdate().throwIfNotFound()
      if (proven !== undefined && account.password_hash !== proven)
        throw new Unauthenticated('invalid_credentials', 'the password has changed')
      if (account.status === 'disabled') throw new Forbidden('account_disabled', 'this account is disabled')
      if (await isTwoFactorOn(ctx.trx, account.id)) return { challenge: await createChallenge(ctx, account.id, method) }
      return { token: await openSession(ctx, account, method), account }
    },
    source,
  )
  if ('challenge' in result) throw new Unauthenticated('second_factor_required', 'a second factor is needed', result)
  return result
}
