import type { Ctx, StaffActor } from '../../core/context.ts'
import { record } from '../audit/index.ts'
import type { CustomerRow } from './model.ts'
import { checkVersion, customerFor } from './policy.ts'
import { shownName } from './shown-name.ts'

/**
 * Takes a customer out of the lists (MOD-07); all of his stays, and he is back as soon as he writes (`noteContacts`). Archiving who is
 * archived changes nothing, nor does restoring who is not.
 * @throws NotFound; Conflict `version_conflict`, `customer_merged`
 */
export const archiveCustomer = (ctx: Ctx<StaffActor>, id: string, version: number): Promise<CustomerRow> =>
  setArchived(ctx, { id, version, archivedAt: ctx.now, event: 'archived' })

export const restoreCustomer = (ctx: Ctx<StaffActor>, id: string, version: number): Promise<CustomerRow> =>
  setArchived(ctx, { id, version, archivedAt: null, event: 'restored' })

interface Change {
  id: string
  version: number
  archivedAt: Date | null
  event: 'archived' | 'restored'
}

async function setArchived(ctx: Ctx<StaffActor>, { id, version, archivedAt, event }: Change): Promise<CustomerRow> {
  const row = await customerFor(ctx, id, 'change')
  if ((row.archived_at === null) === (archivedAt === null)) return row
  checkVersion(row, version)
  const changed = await row.$query(ctx.trx).patchAndFetch({ archived_at: archivedAt, version: row.version + 1, updated_at: ctx.now })
  await record(ctx, { action: `customer.${event}`, object: { kind: 'customer', id, label: shownName(row) } })
  ctx.emit({ name: `customer.${event}`, subjectId: id })
  return changed
}
