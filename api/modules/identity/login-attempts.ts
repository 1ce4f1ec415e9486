/**
 * Lock-out, counted before the password is checked: parallel guesses cannot slip through. Strict for a name from one address, so that
 * nobody locks a colleague out from elsewhere; wider for the name from everywhere, so that many addresses do not make many guesses.
 */
import type { Knex } from 'knex'
import { z } from 'zod'
import { RateLimited } from '../../core/errors.ts'
import { networkOf } from '../../core/http/client-address.ts'

export const MAX_FAILURES = 5
const MAX_FAILURES_EVERYWHERE = 50
const MAX_SECOND_FACTORS = 10
export const WINDOW_MINUTES = 15

export interface Attempt {
  username: string
  ip: string
}

const counted = z.object({ rows: z.tuple([z.object({ failures: z.number(), seconds_left: z.coerce.number() })]) })
const keysOf = ({ username, ip }: Attempt) => ({ here: `user:${username} from:${networkOf(ip)}`, everywhere: `user:${username}` })

/** @throws RateLimited `account_locked` from the sixth try of an address within 15 minutes, from the fifty-first of all */
export async function countAttempt(trx: Knex, attempt: Attempt): Promise<void> {
  const { here, everywhere } = keysOf(attempt)
  await count(trx, here, MAX_FAILURES)
  await count(trx, everywhere, MAX_FAILURES_EVERYWHERE)
}

async function count(trx: Knex, key: string, most: number): Promise<void> {
  const { rows } = counted.parse(
    await trx.raw(
      `insert into login_attempts (key, failures, window_ends_at)
       values (?, 1, app_now() + ? * interval '1 minute')
       on conflict (key) do update set
         failures = case when login_attempts.window_ends_at <= app_now() then 1 else login_attempts.failures + 1 end,
         window_ends_at = case when login_attempts.window_ends_at <= app_now() then excluded.window_ends_at else login_attempts.window_ends_at end
       returning failures, least(?::integer * 60, ceil(extract(epoch from window_ends_at - app_now()))) as seconds_left`,
      // Who waited for the row reads a clock older than the window: no answer says more than the whole of it.
      [key, WINDOW_MINUTES, WINDOW_MINUTES],
    ),
  )
  if (rows[0].failures > most) throw new RateLimited(Math.max(1, rows[0].seconds_left), 'account_locked')
}

const secondFactorKey = (accountId: string) => `second-factor:${accountId}`

/** @throws RateLimited `account_locked` from the eleventh try within 15 minutes */
export const countSecondFactorTry = (trx: Knex, accountId: string) => count(trx, secondFactorKey(accountId), MAX_SECOND_FACTORS)
export const clearSecondFactorTries = (trx: Knex, accountId: string) =>
  trx('login_attempts')
    .where({ key: secondFactorKey(accountId) })
    .delete()

export const clearAttempts = (trx: Knex, attempt: Attempt) =>
  trx('login_attempts')
    .whereIn('key', Object.values(keysOf(attempt)))
    .delete()

/** Windows that are over; a schedule calls it. */
export const forgetOldAttempts = (trx: Knex) => trx('login_attempts').where('window_ends_at', '<', trx.raw('app_now()')).delete()
