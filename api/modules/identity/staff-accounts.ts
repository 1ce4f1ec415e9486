/** What administrators do to the accounts of others (MOD-03). Callers check versions and write the audit trail. */
import { randomInt } from 'node:crypto'
import { UniqueViolationError } from 'objection'
import type { Ctx, StaffActor } from '../../core/context.ts'
import { Conflict, NotFound } from '../../core/errors.ts'
import { spokenName } from '../../core/spoken-name.ts'
import { endSessions } from './end-sessions.ts'
import { Account, Role } from './model.ts'
import { hashPassword } from './passwords.ts'
import { checkWithin, powerOf, roleToGrant } from './roles.ts'
import { setPassword } from './set-password.ts'
import { cutSockets } from './staff-sockets.ts'
import { endTwoFactor, isTwoFactorOn } from './two-factor/secrets.ts'

/**
 * One after the other, whoever changes a role or disables an account: of two administrators who remove each other one comes too late.
 * Taken before any account's own lock, so that nobody waits crosswise.
 */
export const lockAdministrators = async (ctx: Ctx): Promise<Role> =>
  Role.query(ctx.trx).findOne({ code: 'admin' }).forNoKeyUpdate().throwIfNotFound()

/** @throws Conflict `last_administrator` when no active administrator would be left without him */
async function keepAdministrator(ctx: Ctx, admin: Role, account: Account): Promise<void> {
  if (account.role_id !== admin.id || account.status !== 'active') return
  const other = await Account.query(ctx.trx).findOne({ role_id: admin.id, status: 'active' }).whereNot('id', account.id).select('id')
  if (!other) throw new Conflict('last_administrator', 'one active administrator must remain')
}

export interface ManagedAccount {
  account: Account
  role: Role
}

/** The account of a member of staff, locked. @throws NotFound; Forbidden `role_beyond_own` when his role reaches further than the actor's */
export async function accountToManage(ctx: Ctx<StaffActor>, id: string): Promise<ManagedAccount> {
  const account = await Account.query(ctx.trx).findOne({ id, kind: 'staff' }).forNoKeyUpdate()
  if (!account?.role_id) throw new NotFound('member of staff')
  const role = await Role.query(ctx.trx).findById(account.role_id).throwIfNotFound()
  checkWithin(ctx.actor, powerOf(role), role.name)
  return { account, role }
}

/** @throws Conflict `own_account` */
function checkOther(ctx: Ctx<StaffActor>, id: string): void {
  if (id === ctx.actor.accountId) throw new Conflict('own_account', 'nobody does this to his own account')
}

/** Name and phone: what gives nobody a right. @throws Conflict `phone_taken` */
export async function changeAccount(
  ctx: Ctx<StaffActor>,
  { account }: ManagedAccount,
  change: { name?: string; phone?: string | null },
): Promise<Account> {
  if (Object.keys(change).length === 0) return account
  return phoneFree(() =>
    account.$query(ctx.trx).patchAndFetch({
      ...change,
      // A number that somebody else enters is his own when he says so.
      ...(change.phone === undefined || change.phone === account.phone ? {} : { phone_proven_at: null }),
      ...(change.name === undefined ? {} : { name_spoken: spokenName(change.name) }),
      version: account.version + 1,
    }),
  )
}

async function phoneFree<T>(write: () => PromiseLike<T>): Promise<T> {
  try {
    return await write()
  } catch (error) {
    if (error instanceof UniqueViolationError && error.constraint === 'accounts_phone')
      throw new Conflict('phone_taken', 'another account has this phone number')
    throw error
  }
}

/**
 * Gives another role; it holds from his next request, and his sockets come back with it.
 * @throws Conflict `own_account`, `last_administrator`; Forbidden `role_beyond_own` for the role he has or gets
 */
export async function changeRoleOf(ctx: Ctx<StaffActor>, id: string, roleId: string): Promise<Role> {
  checkOther(ctx, id)
  const admin = await lockAdministrators(ctx)
  const { account } = await accountToManage(ctx, id)
  const role = await roleToGrant(ctx, roleId)
  if (role.id !== admin.id) await keepAdministrator(ctx, admin, account)
  await account.$query(ctx.trx).patch({ role_id: role.id, version: account.version + 1 })
  cutSockets(ctx, [id])
  return role
}

/** His sessions end, his sockets are cut. @returns false when he was disabled already. @throws Conflict `own_account`, `last_administrator` */
export async function disableAccount(ctx: Ctx<StaffActor>, id: string): Promise<boolean> {
  checkOther(ctx, id)
  const admin = await lockAdministrators(ctx)
  const { account } = await accountToManage(ctx, id)
  if (account.status === 'disabled') return false
  await keepAdministrator(ctx, admin, account)
  await account.$query(ctx.trx).patch({ status: 'disabled', version: account.version + 1 })
  await endSessions(ctx, id)
  return true
}

/** The picture that colleagues and customers see; null for none. */
export async function giveAvatar(ctx: Ctx, id: string, attachmentId: string | null): Promise<void> {
  await Account.query(ctx.trx).findById(id).patch({ avatar_attachment_id: attachmentId })
}

/** @returns false when he was not disabled */
export async function enableAccount(ctx: Ctx<StaffActor>, id: string): Promise<boolean> {
  const { account } = await accountToManage(ctx, id)
  if (account.status === 'active') return false
  await account.$query(ctx.trx).patch({ status: 'active', version: account.version + 1 })
  return true
}

/** A password that somebody else has seen: it opens the door once, to choose another. Every session ends. */
export async function resetPassword(ctx: Ctx<StaffActor>, id: string): Promise<string> {
  checkOther(ctx, id)
  await accountToManage(ctx, id)
  const password = initialPassword()
  await setPassword(ctx, id, password)
  await Account.query(ctx.trx).findById(id).patch({ must_change_password: true })
  await endSessions(ctx, id)
  return password
}

/** For who has lost his authenticator and his recovery codes. @returns false when it was off. @throws Conflict `own_account`: with the password, under my account */
export async function endSecondFactor(ctx: Ctx<StaffActor>, id: string): Promise<boolean> {
  checkOther(ctx, id)
  await accountToManage(ctx, id)
  if (!(await isTwoFactorOn(ctx.trx, id))) return false
  await endTwoFactor(ctx, id)
  return true
}

/** Without letters and digits that look alike: it is read aloud. 59 bits. */
const LETTERS = 'abcdefghjkmnpqrstuvwxyz23456789'
const group = () => Array.from({ length: 4 }, () => LETTERS.charAt(randomInt(LETTERS.length))).join('')
const initialPassword = (): string => [group(), group(), group()].join('-')

export interface Credentials {
  password: string
  passwordHash: string
}

/** For an account that is about to be made. Slow on purpose (0.1 s of a core), so many are made before their transaction. */
export async function newCredentials(): Promise<Credentials> {
  const password = initialPassword()
  return { password, passwordHash: await hashPassword(password) }
}
