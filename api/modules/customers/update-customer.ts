import type { CustomerPatch } from '../../contract/customer.ts'
import type { Ctx, StaffActor } from '../../core/context.ts'
import { changesOf, record } from '../audit/index.ts'
import { checkFields } from '../settings/index.ts'
import type { CustomerRow } from './model.ts'
import { checkVersion, customerFor } from './policy.ts'
import { checkReferences } from './references.ts'
import { indexedNames } from './search-index.ts'
import { shownName, tidy } from './shown-name.ts'

/**
 * Changes what staff know about a customer (MOD-04).
 * Emits `customer.changed`, and `customer.renamed` when he is shown by another name.
 * @throws NotFound; Conflict `version_conflict`, `customer_merged`; Invalid for what he refers to
 */
export async function updateCustomer(ctx: Ctx<StaffActor>, id: string, patch: CustomerPatch): Promise<CustomerRow> {
  const row = await customerFor(ctx, id, 'change')
  checkVersion(row, patch.version)
  await checkReferences(ctx, patch, row)
  const fields = patch.fields === undefined ? row.fields : await checkFields(ctx, 'customer_field', patch.fields, row.fields)
  const before = factsOf(row)
  const shown = shownName(row)
  const changed = await row.$query(ctx.trx).patchAndFetch({
    ...columnsOf(ctx, row, patch),
    fields,
    version: row.version + 1,
    updated_at: ctx.now,
  })
  const changes = changesOf(before, factsOf(changed))
  if (changes !== null || patch.note !== undefined)
    await record(ctx, { action: 'customer.changed', object: { kind: 'customer', id, label: shown }, ...changes })
  ctx.emit({ name: 'customer.changed', subjectId: id })
  if (shownName(changed) !== shown) ctx.emit({ name: 'customer.renamed', subjectId: id })
  return changed
}

function columnsOf(ctx: Ctx, row: CustomerRow, patch: CustomerPatch) {
  const text = (given: string | null | undefined, stored: string | null) => (given === undefined ? stored : tidy(given))
  const kept = (given: string | null | undefined, stored: string | null) => (given === undefined ? stored : given)
  const name = text(patch.name, row.name)
  const remark = text(patch.remarkName, row.remark_name)
  const renamed = name !== row.name || remark !== row.remark_name
  return {
    name,
    remark_name: remark,
    ...(renamed ? indexedNames(ctx.trx, remark ?? name, [remark, name]) : {}),
    title: text(patch.title, row.title),
    note: text(patch.note, row.note),
    institution_id: kept(patch.institutionId, row.institution_id),
    owner_id: kept(patch.ownerId, row.owner_id),
    level_id: kept(patch.levelId, row.level_id),
    region_id: kept(patch.regionId, row.region_id),
  }
}

/** For the trail. The note stays where personal data lives; that it changed is the line itself. */
const factsOf = (row: CustomerRow) => ({
  name: row.name,
  remarkName: row.remark_name,
  title: row.title,
  institutionId: row.institution_id,
  ownerId: row.owner_id,
  levelId: row.level_id,
  regionId: row.region_id,
  fields: row.fields,
})
