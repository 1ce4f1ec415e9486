import type { Knex } from 'knex'
import { preferencesSchema, type Me, type Presence, type Staff } from '../../contract/identity.ts'
import type { Ctx } from '../../core/context.ts'
import { NotFound } from '../../core/errors.ts'
import { type Account } from './model.ts'
import { permissionsOf } from './permissions.ts'

declare module '../../core/modules.ts' {
  interface Hooks {
    /** Presence of these members of staff; everyone asked for is in the answer. */
    'account.presence'?: (trx: Knex, accountIds: readonly string[]) => Promise<ReadonlyMap<string, Presence>>
  }
}

export const avatarUrl = (attachmentId: string | null): string | null =>
  attachmentId === null ? null : `/api/v1/attachments/${attachmentId}/content`

async function presences(ctx: Ctx, ids: readonly string[]): Promise<(id: string) => Presence> {
  const known = await ctx.app.hooks.only('account.presence')(ctx.trx, ids)
  return (id) => {
    const presence = known.get(id)
    if (!presence) throw new NotFound('presence')
    return presence
  }
}

export async function presentMe(ctx: Ctx, account: Account): Promise<Me> {
  const presenceOf = await presences(ctx, [account.id])
  return {
    id: account.id,
    username: account.username,
    name: account.name,
    avatarUrl: avatarUrl(account.avatar_attachment_id),
    role: account.role,
    permissions: [...permissionsOf(account.role)],
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
  return accounts.map((account) => ({
    id: account.id,
    name: account.name,
    username: account.username,
    role: account.role,
    avatarUrl: avatarUrl(account.avatar_attachment_id),
    status: account.status,
    presence: presenceOf(account.id),
  }))
}
