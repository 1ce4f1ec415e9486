/** How often something may be asked for: counted in PostgreSQL, so that all processes count together and a flushed Redis opens nothing. */
import type { Knex } from 'knex'
import { z } from 'zod'
import { Invalid, RateLimited } from '../../../core/errors.ts'
import type { App } from '../../../core/app.ts'
import { networkOf } from '../../../core/http/client-address.ts'
import { sign } from '../../../core/secrets.ts'

interface Window {
  key: string
  seconds: number
  most: number
  /** From here on only with a solved picture. */
  free?: number
}

const HOUR = 3600
const DAY = 86_400
export const RESEND_SECONDS = 60

/** In this order always: two requests lock shared rows in the same order and cannot block each other. */
const windowsFor = (input: { ip: string; phone: string; purpose: string }): Window[] => [
  { key: `ip:${networkOf(input.ip)}:hour`, seconds: HOUR, most: 20, free: 3 },
  { key: `ip:${networkOf(input.ip)}:day`, seconds: DAY, most: 100 },
  { key: `phone:${input.phone}:${input.purpose}`, seconds: RESEND_SECONDS, most: 1 },
  { key: `phone:${input.phone}:hour`, seconds: HOUR, most: 6, free: 3 },
  { key: `phone:${input.phone}:day`, seconds: DAY, most: 12 },
  { key: 'everybody:hour', seconds: HOUR, most: 3000 },
]

const counted = z.object({ rows: z.tuple([z.object({ count: z.number(), seconds_left: z.coerce.number() })]) })

async function count(trx: Knex, { key, seconds }: Window): Promise<{ count: number; seconds_left: number }> {
  const { rows } = counted.parse(
    await trx.raw(
      `insert into code_windows as w (key, count, window_ends_at)
       values (?, 1, app_now() + ? * interval '1 second')
       on conflict (key) do update set
         count = case when w.window_ends_at <= app_now() then 1 else w.count + 1 end,
         window_ends_at = case when w.window_ends_at <= app_now() then excluded.window_ends_at else w.window_ends_at end
       returning count, least(?::integer, ceil(extract(epoch from window_ends_at - app_now()))) as seconds_left`,
      // Who waited for the row reads a clock older than the window: no answer says more than the whole of it.
      [key, seconds, seconds],
    ),
  )
  return rows[0]
}

/**
 * Counts one more request for a code; a refused one is not counted, since the caller's transaction ends with it.
 * @throws RateLimited `rate_limited`
 * @throws Invalid `captcha_required`
 */
export async function countCodeRequest(
  app: App,
  trx: Knex,
  input: { ip: string; phone: string; purpose: string; solved: boolean },
): Promise<void> {
  // Numbers stand in no key: what is only counted need not be readable.
  const phone = sign(app.config.signingSecret, `code-window:${input.phone}`)
  let pictureNeeded = false
  for (const window of windowsFor({ ...input, phone })) {
    const { count: asked, seconds_left } = await count(trx, window)
    if (asked > window.most) throw new RateLimited(Math.max(1, seconds_left))
    pictureNeeded ||= window.free !== undefined && asked > window.free
  }
  if (pictureNeeded && !input.solved) throw new Invalid('captcha_required', 'solve the picture first')
}
