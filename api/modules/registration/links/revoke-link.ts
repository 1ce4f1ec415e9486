import type { Ctx, StaffActor } from '../../../core/context.ts'
import { Conflict } from '../../../core/errors.ts'
import { record } from '../../audit/index.ts'
import type { LinkRow } from '../model.ts'
import { linkFor } from './policy.ts'

/**
 * Takes a link back: from now on nobody registers with it. Doing it again changes nothing.
 * @throws Conflict `version_conflict`
 */
export async function revokeLink(ctx: Ctx<StaffActor>, id: string, version: number): Promise<LinkRow> {
  const row = await linkFor(ctx, id, true)
  if (row.revoked_at !== null) return row
  if (row.version !== version) throw new Conflict('version_conflict', 'the link has changed meanwhile', { version: row.version })
  const changed = await row
    .$query(ctx.trx)
    .patchAndFetch({ revoked_at: ctx.now, revoked_by: ctx.actor.accountId, version: row.version + 1 })
  await record(ctx, { action: 'registration_link.revoked', object: { kind: 'registration_link', id, label: row.label } })
  return changed
}
