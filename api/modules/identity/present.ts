import type { Knex } from 'knex'
import { preferencesSchema, type Me, type Presence, type Staff } from '../../contract/identity.ts'
import type { Ctx } from '../../core/context.ts'
import { NotFound } from '../../core/errors.ts'
import { Role, type Account } from './model.ts'
import { grantsOf } from './permissions.ts'

declare module '../../core/modules.ts' {
  interface Hooks {
    /** Presence of these members of staff; everyone asked for is in the answer. */
    'account.presence'?: (trx: Knex, accountIds: readonly string[]) => Promise<ReadonlyMap<string, Presence>>
  }
}

export const avatarUrl = (attachmentId: string | null): string | null =>
  attachmentId === null ? null : `/api/v1/attachments/${attachmentId}/content?variant=thumbnail`

async function presences(ctx: Ctx, ids: readonly string[]): Promise<(id: string) => Presence> {
  const known = await ctx.app.hooks.only('account.presence')(ctx.trx, ids)
  return (id) => {
    const presence = known.get(id)
    if (!presence) throw new NotFound('presence')
    return presence
  }
}

/** Roles of these accounts, in one query. */
async function roles(ctx: Ctx, accounts: readonly Account[]): Promise<(account: Account) => Role> {
  const ids = accounts.flatMap(({ role_id }) => role_id ?? [])
  const known = new Map((await Role.query(ctx.trx).whereIn('id', [...new Set(ids)])).map((role) => [role.id, role]))
  return (account) => {
    const role = account.role_id === null ? undefined : known.get(account.role_id)
    if (!role) throw new NotFound('role')
    return role
  }
}

export async function presentMe(ctx: Ctx, account: Account): Promise<Me> {
  const presenceOf = await presences(ctx, [account.id])
  const role = (await roles(ctx, [account]))(account)
  return {
    id: account.id,
    username: account.username,
    name: account.name,
    avatarUrl: avatarUrl(account.avatar_attachment_id),
    role: role.code,
    roleName: role.name,
    permissions: [...grantsOf(role)],
    dataScope: role.data_scope,
    locale: account.locale,
    preferences: preferencesSchema.parse(account.preferences),
    mustChangePassword: account.must_change_password,
    presence: presenceOf(account.id),
  }
}

export async function presentStaff(ctx: Ctx, accounts: readonly Account[]): Promise<Staff[]> {
  const presenceOf = await presences(
    ctx,
    accounts.map((account) => account.id),
  )
  const roleOf = await roles(ctx, accounts)
  return accounts.map((account) => ({
    id: account.id,
    name: account.name,
    username: account.username,
    role: roleOf(account).code,
    roleName: roleOf(account).name,
    avatarUrl: avatarUrl(account.avatar_attachment_id),
    status: account.status,
    presence: presenceOf(account.id),
  }))
}
