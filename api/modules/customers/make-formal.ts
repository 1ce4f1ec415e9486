import type { Ctx, StaffActor } from '../../core/context.ts'
import { record } from '../audit/index.ts'
import type { CustomerRow } from './model.ts'
import { checkVersion, customerFor, lockCustomer } from './policy.ts'
import { checkInstitution } from './references.ts'
import { shownName } from './shown-name.ts'

/**
 * 转正: a temporary customer becomes a formal one, under an institution where one is named (BP-001.5). Who is formal already only changes
 * his institution; saying the same again changes nothing.
 * Emits `customer.made-formal`.
 * @param reason who decided: `staff` by hand, else the rule's own word
 * @throws NotFound; Conflict `customer_merged`; Invalid for an institution that is not there
 */
export async function makeFormal(
  ctx: Ctx,
  id: string,
  input: { institutionId?: string | null | undefined; reason: string },
): Promise<CustomerRow> {
  const row = await lockCustomer(ctx, id)
  const institution = input.institutionId === undefined ? row.institution_id : input.institutionId
  if (row.status === 'formal' && institution === row.institution_id) return row
  if (institution !== null && institution !== row.institution_id) await checkInstitution(ctx, institution)
  const before = { status: row.status, institutionId: row.institution_id }
  const changed = await row
    .$query(ctx.trx)
    .patchAndFetch({ status: 'formal', institution_id: institution, version: row.version + 1, updated_at: ctx.now })
  await record(ctx, {
    action: 'customer.made_formal',
    object: { kind: 'customer', id, label: shownName(row) },
    before,
    after: { status: 'formal', institutionId: institution },
    context: { reason: input.reason },
  })
  ctx.emit({ name: 'customer.made-formal', subjectId: id, payload: { institutionId: institution } })
  return changed
}

/** @throws as `makeFormal`; NotFound outside the reader's scope; Conflict `version_conflict` */
export async function makeFormalByHand(
  ctx: Ctx<StaffActor>,
  id: string,
  input: { institutionId?: string | null | undefined; version: number },
): Promise<CustomerRow> {
  checkVersion(await customerFor(ctx, id, 'change'), input.version)
  return makeFormal(ctx, id, { institutionId: input.institutionId, reason: 'staff' })
}
