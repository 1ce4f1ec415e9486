/** What a customer refers to must be there, and be choosable, when it is set. */
import type { Ctx } from '../../core/context.ts'
import { Account } from '../identity/index.ts'
import { checkEntry } from '../settings/index.ts'
import { type CustomerRow, InstitutionRow } from './model.ts'
import { unknownReference } from './policy.ts'

export interface References {
  institutionId?: string | null | undefined
  ownerId?: string | null | undefined
  levelId?: string | null | undefined
  regionId?: string | null | undefined
}
type Stored = Pick<CustomerRow, 'institution_id' | 'owner_id' | 'level_id' | 'region_id'>

/**
 * @param stored what the row has: it may stay although it may not be chosen any more
 * @throws Invalid `invalid_request`, `entry_unknown`, `entry_disabled`
 */
export async function checkReferences(ctx: Ctx, wanted: References, stored: Partial<Stored> = {}): Promise<void> {
  const { institutionId, ownerId, levelId, regionId } = wanted
  if (institutionId && institutionId !== stored.institution_id) await checkInstitution(ctx, institutionId)
  if (ownerId && ownerId !== stored.owner_id) await checkOwner(ctx, ownerId)
  if (levelId && levelId !== stored.level_id) await checkEntry(ctx, 'customer_level', levelId)
  if (regionId && regionId !== stored.region_id) await checkEntry(ctx, 'region', regionId)
}

/** Locked against being archived meanwhile. */
export async function checkInstitution(ctx: Ctx, id: string, path = 'institutionId'): Promise<void> {
  const row = await InstitutionRow.query(ctx.trx).findById(id).whereNull('archived_at').forShare().select('id')
  if (!row) throw unknownReference(path)
}

async function checkOwner(ctx: Ctx, id: string): Promise<void> {
  const row = await Account.query(ctx.trx).findOne({ id, kind: 'staff', status: 'active' }).select('id')
  if (!row) throw unknownReference('ownerId')
}
