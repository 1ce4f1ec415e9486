import { randomBytes } from 'node:crypto'
import type { z } from 'zod'
import type { registrationLinkCreate } from '../../../contract/registration.ts'
import type { Ctx, StaffActor } from '../../../core/context.ts'
import { NotFound } from '../../../core/errors.ts'
import { newId } from '../../../core/ids.ts'
import { sha256 } from '../../../core/secrets.ts'
import { record } from '../../audit/index.ts'
import { LinkRow } from '../model.ts'
import { webPageAccount } from '../web-page.ts'
import { listTargetTeams } from './targets.ts'

/** 144 bits: beyond guessing, and a QR code that still scans from a poster. */
const TOKEN_BYTES = 18

/**
 * Makes a link that invites people to register (BP-001.1). The token is told this once; stored is its digest.
 * @throws NotFound for a page or a team that the maker cannot lead to
 */
export async function createLink(
  ctx: Ctx<StaffActor>,
  input: z.infer<typeof registrationLinkCreate>,
): Promise<{ row: LinkRow; url: string }> {
  const account = await webPageAccount(ctx.app, input.accountId)
  if (input.teamId !== undefined && !(await listTargetTeams(ctx)).some(({ id }) => id === input.teamId)) throw new NotFound('team')
  const token = randomBytes(TOKEN_BYTES).toString('base64url')
  const row = await LinkRow.query(ctx.trx).insertAndFetch({
    id: newId(),
    token_digest: sha256(token),
    label: input.label?.trim() || null,
    channel_account_id: account.id,
    team_id: input.teamId ?? null,
    created_by: ctx.actor.accountId,
    max_uses: input.maxUses,
    uses: 0,
    expires_at: new Date(ctx.now.getTime() + input.validHours * 3_600_000),
    created_at: ctx.now,
  })
  await record(ctx, {
    action: 'registration_link.created',
    object: { kind: 'registration_link', id: row.id, label: row.label },
    after: { teamId: row.team_id, accountId: account.id, maxUses: row.max_uses, expiresAt: row.expires_at.toISOString() },
  })
  return { row, url: `${ctx.app.config.publicUrl.replace(/\/$/, '')}/join/${token}` }
}
