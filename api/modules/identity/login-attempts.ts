/** Lock-out by user name, counted before the password is checked: parallel guesses cannot slip through. */
import type { Knex } from 'knex'
import { z } from 'zod'
import { RateLimited } from '../../core/errors.ts'

export const MAX_FAILURES = 5
export const WINDOW_MINUTES = 15

const counted = z.object({ rows: z.tuple([z.object({ failures: z.number(), seconds_left: z.coerce.number() })]) })

/** @throws RateLimited `account_locked` from the sixth try within 15 minutes */
export async function countAttempt(trx: Knex, username: string): Promise<void> {
  const { rows } = counted.parse(
    await trx.raw(
      `insert into login_attempts (key, failures, window_ends_at)
       values (?, 1, app_now() + ? * interval '1 minute')
       on conflict (key) do update set
         failures = case when login_attempts.window_ends_at <= app_now() then 1 else login_attempts.failures + 1 end,
         window_ends_at = case when login_attempts.window_ends_at <= app_now() then excluded.window_ends_at else login_attempts.window_ends_at end
       returning failures, ceil(extract(epoch from window_ends_at - app_now())) as seconds_left`,
      [`user:${username}`, WINDOW_MINUTES],
    ),
  )
  if (rows[0].failures > MAX_FAILURES) throw new RateLimited(Math.max(1, rows[0].seconds_left), 'account_locked')
}

export const clearAttempts = (trx: Knex, username: string) =>
  trx('login_attempts')
    .where({ key: `user:${username}` })
    .delete()

/** Windows that are over; a schedule calls it. */
export const forgetOldAttempts = (trx: Knex) => trx('login_attempts').where('window_ends_at', '<', trx.raw('app_now()')).delete()
