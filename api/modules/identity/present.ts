import type { Knex } from 'knex'
import { preferencesSchema, type Me, type Presence, type Staff } from '../../contract/identity.ts'
import type { Ctx, StaffActor } from '../../core/context.ts'
import { NotFound } from '../../core/errors.ts'
import { Role, type Account } from './model.ts'
import { grantsOf } from './permissions.ts'

declare module '../../core/modules.ts' {
  interface Hooks {
    /** Presence of these members of staff; everyone asked for is in the answer. */
    'account.presence'?: (trx: Knex, accountIds: readonly string[]) => Promise<ReadonlyMap<string, Presence>>
    /** Accounts within the reader's data scope, himself always; null means everybody. */
    'staff.reach'?: (ctx: Ctx<StaffActor>) => Promise<readonly string[] | null>
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

/** @param reach whom the reader reaches; null: everybody */
export async function presentStaff(ctx: Ctx, accounts: readonly Account[], reach: readonly string[] | null): Promise<Staff[]> {
  const reached = reach === null ? accounts : accounts.filter(({ id }) => reach.includes(id))
  const presenceOf = await presences(
    ctx,
    reached.map(({ id }) => id),
  )
  const roleOf = await roles(ctx, reached)
  const within = new Set(reached)
  return accounts.map((account) => ({
    id: account.id,
    name: account.name,
    avatarUrl: avatarUrl(account.avatar_attachment_id),
    status: account.status,
    reached: within.has(account)
      ? { username: account.username, role: roleOf(account).code, roleName: roleOf(account).name, presence: presenceOf(account.id) }
      : null,
  }))
}
