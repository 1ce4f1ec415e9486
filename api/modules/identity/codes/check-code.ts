import { timingSafeEqual } from 'node:crypto'
import { z } from 'zod'
import type { CodePurpose } from '../../../contract/login.ts'
import type { App } from '../../../core/app.ts'
import { inTransaction, SYSTEM } from '../../../core/context.ts'
import { Invalid, RateLimited } from '../../../core/errors.ts'
import { parsePhone } from '../../../core/phone.ts'
import { codeDigest } from './digest.ts'

export const MAX_TRIES = 5

const found = z
  .object({ id: z.string(), digest: z.instanceof(Buffer), tries: z.number(), expires_at: z.date(), used_at: z.date().nullable() })
  .optional()

type Verdict = { code: 'right'; id: string } | { code: 'wrong' | 'expired' } | { code: 'exhausted'; secondsLeft: number }

/**
 * Spends a code: the try is counted and committed whatever the answer, and of two who bring the right code at once one gets it.
 * @returns the code's id, for `releaseCode`
 * @throws Invalid `phone_invalid`, `code_invalid`, `code_expired`
 * @throws RateLimited `too_many_tries` after five wrong ones, until a new code is asked for
 */
export async function checkCode(app: App, input: { phone: string; purpose: CodePurpose; code: string }): Promise<{ id: string }> {
  const phone = parsePhone(input.phone)
  const verdict = await inTransaction(app, SYSTEM, ({ trx, now }) => judge(app, { ...input, phone, trx, now }))
  // Thrown outside: an error inside would take the counted try back.
  switch (verdict.code) {
    case 'right':
      return { id: verdict.id }
    case 'exhausted':
      throw new RateLimited(verdict.secondsLeft, 'too_many_tries')
    case 'expired':
      throw new Invalid('code_expired', 'the code has expired')
    case 'wrong':
      throw new Invalid('code_invalid', 'wrong code')
  }
}

async function judge(
  app: App,
  { phone, purpose, code, trx, now }: { phone: string; purpose: CodePurpose; code: string; trx: App['db']; now: Date },
): Promise<Verdict> {
  const row = found.parse(
    await trx('login_codes')
      .where({ phone, purpose, replaced_at: null })
      .orderBy('created_at', 'desc')
      .orderBy('id', 'desc')
      .forUpdate()
      .first(),
  )
  const matches = timingSafeEqual(row?.digest ?? Buffer.alloc(32), codeDigest(app, { id: row?.id ?? '', phone, purpose, code }))
  if (!row || row.used_at) return { code: 'wrong' }
  if (row.tries >= MAX_TRIES)
    return { code: 'exhausted', secondsLeft: Math.max(1, Math.ceil((row.expires_at.getTime() - now.getTime()) / 1000)) }
  if (row.expires_at <= now) return { code: 'expired' }
  await trx('login_codes')
    .where({ id: row.id })
    .update({ tries: row.tries + 1, ...(matches ? { used_at: now } : {}) })
  return matches ? { code: 'right', id: row.id } : { code: 'wrong' }
}

/** The code was right but what it was for failed for another reason (a weak password): its holder may use it again. */
export async function releaseCode(app: App, id: string): Promise<void> {
  await app
    .db('login_codes as c')
    .where({ id, replaced_at: null })
    .whereNotNull('used_at')
    // Another may have been asked for in between; then that one counts.
    .whereNotExists((open) =>
      open
        .select(app.db.raw('1'))
        .from('login_codes as o')
        .whereRaw('o.phone = c.phone and o.purpose = c.purpose and o.used_at is null and o.replaced_at is null'),
    )
    .update({ used_at: null })
}
