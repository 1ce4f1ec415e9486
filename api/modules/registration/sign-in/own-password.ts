import { z } from 'zod'
import { type Ctx, type CustomerActor, readOnly, SYSTEM } from '../../../core/context.ts'
import { AppError, Invalid } from '../../../core/errors.ts'
import { parsePhone } from '../../../core/phone.ts'
import { record } from '../../audit/index.ts'
import { CustomerRow, revokeCustomerTokens } from '../../customers/index.ts'
import { Account, checkCode, passwordMatches, releaseCode, setPassword } from '../../identity/index.ts'
import { webPageAccount } from '../web-page.ts'
import { accountFor, accountOf } from './accounts.ts'
import { type Arrival, LOGIN_CODE } from './by-code.ts'
import { checkPrivacyVersion } from './consent.ts'
import { enter, type Entered } from './enter.ts'
import { phoneProof } from './proofs.ts'

/** Who has just proven his number need not know the old password. */
const FRESH_MINUTES = 10

const numbers = z.array(z.object({ value: z.string() }))

async function givePassword(ctx: Ctx, customerId: string, password: string): Promise<void> {
  const customer = await CustomerRow.query(ctx.trx).findById(customerId).throwIfNotFound()
  const phones = numbers.parse(await ctx.trx('customer_identities').where({ customer_id: customerId, kind: 'phone' }).select('value'))
  await setPassword(
    ctx,
    await accountFor(ctx, customer),
    password,
    phones.map(({ value }) => value),
  )
  await record(ctx, { action: 'customer.password_changed', object: { kind: 'customer', id: customerId, label: customer.name } })
}

/**
 * A customer sets or changes his password; his other devices are signed out.
 * @throws Invalid `password_wrong` without the old one and without a fresh code, `password_weak`, `password_reused`
 */
export async function changeOwnPassword(ctx: Ctx<CustomerActor>, input: { password: string; current?: string | undefined }): Promise<void> {
  const { customerId, session } = ctx.actor
  const accountId = await accountOf(ctx, customerId)
  const account = accountId === null ? undefined : await Account.query(ctx.trx).findById(accountId)
  const fresh = session.method === 'code' && ctx.now.getTime() - session.since.getTime() <= FRESH_MINUTES * 60_000
  const proven = input.current === undefined ? fresh : await passwordMatches(account?.password_hash, input.current)
  if (!proven) throw new Invalid('password_wrong', 'the old password, or a fresh code, is needed')
  await givePassword(ctx, customerId, input.password)
  await revokeCustomerTokens(ctx, { customerId, except: session.id })
}

/**
 * Forgotten (BP-002.4): a code proves the number, the new password is set and every device signed out, this one is signed in. Somebody we do
 * not know is registered by it, as by any code, so that nothing is learnt from outside. A refused password leaves the code good.
 */
export async function resetOwnPassword(
  { app, accountId, visitor, source }: Arrival,
  input: { phone: string; code: string; password: string; privacyVersion: number },
): Promise<Entered> {
  const page = await webPageAccount(app, accountId)
  const phone = parsePhone(input.phone)
  await checkPrivacyVersion(await readOnly(app, SYSTEM), input.privacyVersion)
  const code = await checkCode(app, { phone, purpose: LOGIN_CODE, code: input.code })
  try {
    return await enter(app, {
      page,
      method: 'code',
      proof: phoneProof(phone),
      privacyVersion: input.privacyVersion,
      link: null,
      visitor,
      keepConversation: false,
      source,
      async before(ctx, customerId) {
        await givePassword(ctx, customerId, input.password)
        await revokeCustomerTokens(ctx, { customerId, except: null })
      },
    })
  } catch (error) {
    if (error instanceof AppError) await releaseCode(app, code.id)
    throw error
  }
}
