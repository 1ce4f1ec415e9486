/** Between the first factor and the second: a ticket of five minutes and five tries. */
import { z } from 'zod'
import { SESSION_METHODS, type SessionMethod } from '../../../contract/login.ts'
import type { App } from '../../../core/app.ts'
import { type Ctx, inTransaction, type RequestSource, SYSTEM } from '../../../core/context.ts'
import { Forbidden, Invalid, Unauthenticated } from '../../../core/errors.ts'
import { newId } from '../../../core/ids.ts'
import { newToken, sha256 } from '../../../core/secrets.ts'
import { type Admitted, openSession, recordFailedLogin } from '../open-session.ts'
import { clearSecondFactorTries, countSecondFactorTry } from '../login-attempts.ts'
import { Account } from '../model.ts'
import { spendSecondFactor } from './secrets.ts'

const LIFETIME_SECONDS = 300
const MAX_TRIES = 5

export async function createChallenge(ctx: Ctx, accountId: string, method: SessionMethod): Promise<string> {
  const token = newToken()
  await ctx.trx('login_challenges').insert({
    id: newId(),
    token_digest: sha256(token),
    account_id: accountId,
    method,
    expires_at: new Date(ctx.now.getTime() + LIFETIME_SECONDS * 1000),
  })
  return token
}

const counted = z.array(z.object({ id: z.string(), account_id: z.string(), method: z.enum(SESSION_METHODS) }))

/** Counts the try and commits it before the code is looked at. */
async function takeTry(app: App, challenge: string) {
  return inTransaction(app, SYSTEM, async ({ trx, now }) => {
    const [row] = counted.parse(
      await trx('login_challenges')
        .where({ token_digest: sha256(challenge), used_at: null })
        .where('expires_at', '>', now)
        .where('tries', '<', MAX_TRIES)
        .increment('tries', 1)
        .returning(['id', 'account_id', 'method']),
    )
    // By account as well: who knows the password could ask for any number of challenges.
    if (row) await countSecondFactorTry(trx, row.account_id)
    return row
  })
}

/**
 * @throws Unauthenticated `challenge_expired`, also for one that is unknown, used, or has had its five tries
 * @throws Invalid `second_factor_invalid`
 * @throws RateLimited `account_locked`
 */
export async function passSecondFactor(app: App, input: { challenge: string; code: string }, source: RequestSource): Promise<Admitted> {
  const taken = await takeTry(app, input.challenge)
  if (!taken) throw new Unauthenticated('challenge_expired', 'start again')
  const admitted = await inTransaction(
    app,
    SYSTEM,
    async (ctx): Promise<Admitted | null> => {
      // Locked, as in `admit`: who ends all sessions ends this one too.
      const account = await Account.query(ctx.trx).findById(taken.account_id).forNoKeyUpdate().throwIfNotFound()
      if (account.status === 'disabled') throw new Forbidden('account_disabled', 'this account is disabled')
      if (!(await spendSecondFactor(ctx, account.id, input.code))) return null
      const used = await ctx.trx('login_challenges').where({ id: taken.id, used_at: null }).update({ used_at: ctx.now })
      if (used !== 1) throw new Unauthenticated('challenge_expired', 'start again')
      await clearSecondFactorTries(ctx.trx, account.id)
      return { token: await openSession(ctx, account, taken.method), account }
    },
    source,
  )
  if (admitted) return admitted
  const account = await Account.query(app.db).findById(taken.account_id).throwIfNotFound()
  await recordFailedLogin(app, account, { method: taken.method, step: 'second_factor' }, source)
  throw new Invalid('second_factor_invalid', 'wrong or used one-time code')
}
