import { z } from 'zod'
import { inTransaction, readOnly, SYSTEM } from '../../../core/context.ts'
import { Unauthenticated } from '../../../core/errors.ts'
import { readPhone } from '../../../core/phone.ts'
import { sign } from '../../../core/secrets.ts'
import { Account, clearAttempts, countAttempt, passwordMatches } from '../../identity/index.ts'
import { webPageAccount } from '../web-page.ts'
import type { Arrival } from './by-code.ts'
import { checkPrivacyVersion } from './consent.ts'
import { enter, type Entered } from './enter.ts'
import { passwordProof } from './proofs.ts'

interface PasswordLogin {
  phone: string
  password: string
  privacyVersion: number
  keepConversation: boolean
}

const refused = () => new Unauthenticated('invalid_credentials', 'wrong number or password')
const credentials = z.object({ customer_id: z.string(), account_id: z.string(), password_hash: z.string().nullable() }).optional()

/**
 * Signs a customer in who has set a password (BP-002.1). The try is counted before the password is looked at, by number and address.
 * @throws Unauthenticated `invalid_credentials`, the same for numbers nobody has and customers without a password
 * @throws RateLimited `account_locked`; Conflict `privacy_changed`; NotFound
 */
export async function signInByPassword({ app, accountId, visitor, source }: Arrival, input: PasswordLogin): Promise<Entered> {
  const page = await webPageAccount(app, accountId)
  await checkPrivacyVersion(await readOnly(app, SYSTEM), input.privacyVersion)
  const phone = readPhone(input.phone) ?? ''
  // What is only counted need not be readable.
  const attempt = { username: `customer:${sign(app.config.signingSecret, `login-attempt:${phone}`)}`, ip: source?.ip ?? '' }
  await inTransaction(app, SYSTEM, ({ trx }) => countAttempt(trx, attempt))
  const found = credentials.parse(
    await app
      .db('customer_identities as i')
      .join('customer_accounts as c', 'c.customer_id', 'i.customer_id')
      .join('accounts as a', 'a.id', 'c.account_id')
      .where({ 'i.kind': 'phone', 'i.value': phone, 'a.status': 'active' })
      .whereNull('i.channel_account_id')
      .whereNotNull('i.verified_at')
      .first('c.customer_id', 'c.account_id', 'a.password_hash'),
  )
  if (!(await passwordMatches(found?.password_hash, input.password)) || !found) throw refused()
  await clearAttempts(app.db, attempt)
  return enter(app, {
    page,
    method: 'password',
    proof: passwordProof(found.customer_id),
    privacyVersion: input.privacyVersion,
    link: null,
    visitor,
    keepConversation: input.keepConversation,
    source,
    async before(ctx) {
      // Locked: a password that is changing signs every device out, also the one that comes in by its predecessor.
      const account = await Account.query(ctx.trx).findById(found.account_id).forNoKeyUpdate()
      if (account?.password_hash !== found.password_hash) throw refused()
    },
  })
}
