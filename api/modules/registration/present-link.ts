import { z } from 'zod'
import type { RegistrationLink } from '../../contract/registration.ts'
import type { Ctx } from '../../core/context.ts'
import { linkState } from './links/rules.ts'
import type { LinkRow } from './model.ts'

const named = z.array(z.object({ id: z.string(), name: z.string() }))

async function namesOf(ctx: Ctx, table: 'accounts' | 'teams' | 'channel_accounts', ids: readonly (string | null)[]) {
  const wanted = [...new Set(ids.filter((id) => id !== null))]
  const rows = wanted.length === 0 ? [] : named.parse(await ctx.trx(table).select('id', 'name').whereIn('id', wanted))
  return new Map(rows.map(({ id, name }) => [id, name]))
}

/** Three queries, however many links. */
export async function presentLinks(ctx: Ctx, rows: readonly LinkRow[]): Promise<RegistrationLink[]> {
  // One after the other: inside a transaction there is one connection.
  const makers = await namesOf(
    ctx,
    'accounts',
    rows.map((row) => row.created_by),
  )
  const teams = await namesOf(
    ctx,
    'teams',
    rows.map((row) => row.team_id),
  )
  const pages = await namesOf(
    ctx,
    'channel_accounts',
    rows.map((row) => row.channel_account_id),
  )
  return rows.map((row) => ({
    id: row.id,
    label: row.label,
    state: linkState(row, ctx.now),
    createdBy: { id: row.created_by, name: makers.get(row.created_by) ?? '' },
    team: row.team_id === null ? null : { id: row.team_id, name: teams.get(row.team_id) ?? '' },
    channel: { accountId: row.channel_account_id, name: pages.get(row.channel_account_id) ?? '' },
    maxUses: row.max_uses,
    uses: row.uses,
    expiresAt: row.expires_at.toISOString(),
    revokedAt: row.revoked_at?.toISOString() ?? null,
    createdAt: row.created_at.toISOString(),
    version: row.version,
  }))
}

export async function presentLink(ctx: Ctx, row: LinkRow): Promise<RegistrationLink> {
  const [link] = await presentLinks(ctx, [row])
  if (!link) throw new Error('link vanished')
  return link
}
