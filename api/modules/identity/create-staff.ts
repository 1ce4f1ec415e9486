import { UniqueViolationError } from 'objection'
import type { Ctx } from '../../core/context.ts'
import { Conflict, NotFound } from '../../core/errors.ts'
import { newId } from '../../core/ids.ts'
import { spokenName } from '../../core/spoken-name.ts'
import { Account, Role } from './model.ts'
import { hashPassword } from './passwords.ts'

export interface NewStaff {
  username: string
  password: string
  name: string
  /** Code of a role, built-in or not. */
  role: string
  /** Of `password`, where it was made already: many at once are hashed before the transaction. */
  passwordHash?: string
  /** Somebody else knows this password. */
  mustChangePassword?: boolean
}

/** @throws Conflict `username_taken`; NotFound when no role has this code */
export async function createStaff(ctx: Ctx, input: NewStaff): Promise<Account> {
  const username = input.username.trim().toLowerCase()
  const role = await Role.query(ctx.trx).findOne({ code: input.role }).select('id')
  if (!role) throw new NotFound('role')
  const password_hash = input.passwordHash ?? (await hashPassword(input.password))
  try {
    return await Account.query(ctx.trx).insertAndFetch({
      id: newId(),
      kind: 'staff',
      username,
      password_hash,
      name: input.name,
      name_spoken: spokenName(input.name),
      role_id: role.id,
      must_change_password: input.mustChangePassword ?? false,
      preferences: {},
    })
  } catch (error) {
    if (error instanceof UniqueViolationError && error.constraint === 'accounts_username')
      throw new Conflict('username_taken', 'user name is taken', { username })
    throw error
  }
}

/** The first administrator of an empty installation. Does nothing when there is staff already. */
export async function createFirstAdministrator(ctx: Ctx, input: { username: string; password: string }): Promise<boolean> {
  await ctx.trx.raw('lock table accounts in share row exclusive mode')
  const anybody = await Account.query(ctx.trx).findOne({ kind: 'staff' }).select('id')
  if (anybody) return false
  await createStaff(ctx, { ...input, name: input.username, role: 'admin' })
  return true
}
