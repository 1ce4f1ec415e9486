import { verify } from '@node-rs/argon2'
import type { Ctx } from '../../core/context.ts'
import { Invalid } from '../../core/errors.ts'
import { Account } from './model.ts'
import { hashPassword } from './passwords.ts'
import { passwordFault } from './password-policy.ts'

const REMEMBERED = 5

/** As people say their number: without its region. */
const spoken = (phone: string) => phone.replace(/^\+(86|852|853|886)/, '')

/**
 * @param phones further numbers of his, E.164
 * @throws Invalid `password_weak` with `{ rule }`
 */
export function checkPassword(
  password: string,
  account: Pick<Account, 'username' | 'name' | 'phone'> | null,
  phones: readonly string[] = [],
): void {
  const numbers = [...(account?.phone ? [account.phone] : []), ...phones].map(spoken)
  const rule = passwordFault(password, account ? [account.username, account.name, ...numbers] : numbers)
  if (rule) throw new Invalid('password_weak', 'the password does not meet the rules', { rule })
}

/**
 * Gives an account a new password by the policy, remembers the last five, and ends the wish for a forced change (BP-002.1, BP-002.5).
 * Sessions are the caller's: see `endSessions`.
 * @param phones his numbers beside that of the account, E.164: they do not belong into it
 * @throws Invalid `password_weak`, `password_reused`
 */
export async function setPassword(ctx: Ctx, accountId: string, password: string, phones: readonly string[] = []): Promise<Account> {
  // Locked: of two changes at once the second sees the first one's history.
  const account = await Account.query(ctx.trx).findById(accountId).forNoKeyUpdate().throwIfNotFound()
  checkPassword(password, account, phones)
  const history = ctx.trx<{ id: string; account_id: string; password_hash: string }>('password_history')
  const remembered = await history.clone().where({ account_id: accountId }).orderBy('id', 'desc').limit(REMEMBERED)
  const hashes = new Set([...(account.password_hash ? [account.password_hash] : []), ...remembered.map((row) => row.password_hash)])
  for (const hash of hashes)
    if (await verify(hash, password)) throw new Invalid('password_reused', 'one of the last passwords', { last: REMEMBERED })
  const password_hash = await hashPassword(password)
  await history.clone().insert({ account_id: accountId, password_hash })
  await history
    .clone()
    .where({ account_id: accountId })
    .whereNotIn('id', history.clone().where({ account_id: accountId }).orderBy('id', 'desc').limit(REMEMBERED).select('id'))
    .delete()
  return account
    .$query(ctx.trx)
    .patchAndFetch({ password_hash, must_change_password: false, password_changed_at: ctx.now, version: account.version + 1 })
}
