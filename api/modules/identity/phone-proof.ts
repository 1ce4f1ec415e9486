/**
 * Whose a number is. One that somebody else entered (an administrator, an import) may be mistyped, so it opens a new account, to which nobody
 * has come yet, and no other: whoever has signed in by other means proves it himself, under his account. Signing in by a code proves it too.
 * A password is reset by a proven number alone (BP-002.2, BP-002.4).
 */
import type { Knex } from 'knex'
import type { Ctx } from '../../core/context.ts'
import { maskPhone } from '../../core/phone.ts'
import { record } from '../audit/index.ts'
import { Account } from './model.ts'

type Purpose = 'staff_login' | 'password_reset'

/** The account that a code to this number opens, active or not; undefined for a number of nobody, and for one that opens nothing. */
export const accountBehind = (trx: Knex, phone: string, purpose: Purpose): Promise<Account | undefined> =>
  Promise.resolve(
    Account.query(trx)
      .findOne({ kind: 'staff', phone })
      .where((opens) => {
        void opens.whereNotNull('phone_proven_at')
        if (purpose === 'staff_login') void opens.orWhereNull('last_login_at')
      }),
  )

/** Does a code open it from outside? */
export const isPhoneProven = ({ phone, phone_proven_at }: Account): boolean => phone !== null && phone_proven_at !== null

/** A code that was sent to the account's number has come back. Nothing happens when the number has changed since. */
export async function provePhone(ctx: Ctx, { id, phone, name }: Pick<Account, 'id' | 'phone' | 'name'>): Promise<void> {
  if (phone === null) return
  const proven = await Account.query(ctx.trx).where({ id, phone }).whereNull('phone_proven_at').patch({ phone_proven_at: ctx.now })
  if (proven === 0) return
  await record(ctx, { action: 'phone.proven', object: { kind: 'account', id, label: name }, after: { phone: maskPhone(phone) } })
}
