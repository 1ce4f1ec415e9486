import type { App } from '../../core/app.ts'
import { inTransaction, type RequestSource, SYSTEM } from '../../core/context.ts'
import { Forbidden, Invalid } from '../../core/errors.ts'
import { parsePhone } from '../../core/phone.ts'
import { record } from '../audit/index.ts'
import { checkCode, releaseCode } from './codes/check-code.ts'
import { endSessions } from './end-sessions.ts'
import { accountBehind } from './phone-proof.ts'
import { checkPassword, setPassword } from './set-password.ts'

/**
 * A new password for who holds the phone (BP-002.4); every session ends. A password that the rules refuse leaves the code good.
 * @throws Invalid `code_invalid` (also when nobody has this number, or nobody has proven it), `code_expired`, `password_weak`, `password_reused`
 * @throws RateLimited `too_many_tries`
 */
export async function resetPassword(
  app: App,
  input: { phone: string; code: string; password: string },
  source: RequestSource,
): Promise<void> {
  checkPassword(input.password, null)
  const { id } = await checkCode(app, { ...input, purpose: 'password_reset' })
  const account = await accountBehind(app.db, parsePhone(input.phone), 'password_reset')
  if (!account) throw new Invalid('code_invalid', 'wrong code')
  if (account.status === 'disabled') throw new Forbidden('account_disabled', 'this account is disabled')
  try {
    await inTransaction(
      app,
      SYSTEM,
      async (ctx) => {
        await setPassword(ctx, account.id, input.password)
        const sessions = await endSessions(ctx, account.id)
        await record(ctx, {
          action: 'password.reset',
          object: { kind: 'account', id: account.id, label: account.name },
          context: { sessions },
        })
      },
      source,
    )
  } catch (error) {
    if (error instanceof Invalid) await releaseCode(app, id)
    throw error
  }
}
