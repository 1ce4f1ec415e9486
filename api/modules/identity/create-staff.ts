import type { Role } from '../../contract/identity.ts'
import type { Ctx } from '../../core/context.ts'
import { Conflict } from '../../core/errors.ts'
import { newId } from '../../core/ids.ts'
import { Account } from './model.ts'
import { hashPassword } from './passwords.ts'

/** @throws Conflict `username_taken` */
export async function createStaff(ctx: Ctx, input: { username: string; password: string; name: string; role: Role }): Promise<Account> {
  const username = input.username.trim().toLowerCase()
  const taken = await Account.query(ctx.trx).findOne({ username }).select('id')
  if (taken) throw new Conflict('username_taken', 'user name is taken', { username })
  return Account.query(ctx.trx).insertAndFetch({
    id: newId(),
    kind: 'staff',
    username,
    password_hash: await hashPassword(input.password),
    name: input.name,
    role: input.role,
    preferences: {},
  })
}

/** The first administrator of an empty installation. Does nothing when there is staff already. */
export async function createFirstAdministrator(ctx: Ctx, input: { username: string; password: string }): Promise<boolean> {
  await ctx.trx.raw('lock table accounts in share row exclusive mode')
  const anybody = await Account.query(ctx.trx).findOne({ kind: 'staff' }).select('id')
  if (anybody) return false
  await createStaff(ctx, { ...input, name: input.username, role: 'admin' })
  return true
}
