import type { MergeReason, MergeRequest } from '../../../contract/merge.ts'
import type { Ctx, StaffActor } from '../../../core/context.ts'
import { Conflict } from '../../../core/errors.ts'
import { newId } from '../../../core/ids.ts'
import { record } from '../../audit/index.ts'
import { CustomerRow } from '../model.ts'
import { checkVersion, customerFor } from '../policy.ts'
import { indexedNames } from '../search-index.ts'
import { shownName } from '../shown-name.ts'
import { labelsOf } from './labels.ts'
import { lockPair } from './lock-pair.ts'
import { MergeRow } from './model.ts'
import { moveAll } from './own-rows.ts'
import { closeSuggestion } from './suggestions.ts'
import { decide, patchOf } from './values.ts'

/**
 * Makes one customer of two (MOD-07), at the wish of a member of staff.
 * @throws NotFound when he may not see both; Conflict `customer_merged`, `version_conflict`
 */
export async function mergeByHand(ctx: Ctx<StaffActor>, intoId: string, request: MergeRequest): Promise<MergeRow> {
  await customerFor(ctx, intoId)
  await customerFor(ctx, request.from)
  const [into, from] = await lockPair(ctx, intoId, request.from)
  checkVersion(into, request.version)
  checkVersion(from, request.fromVersion)
  return mergeCustomers(ctx, { into, from, choose: request.choose, reason: 'manual' })
}

/**
 * Everything of `from` becomes `into`'s; conversations and messages stay where they are and change only whose they are.
 * Emits `customer.merged`, and `customer.renamed` for whoever has one of his conversations open.
 * @param pair both held by `lockPair`
 * @throws Conflict `customer_merged`
 */
export async function mergeCustomers(
  ctx: Ctx,
  pair: { into: CustomerRow; from: CustomerRow; choose: MergeRequest['choose']; reason: MergeReason },
): Promise<MergeRow> {
  const { into, from, reason } = pair
  refuseMerged(into, from)
  const { changes, lost } = decide(into, from, pair.choose)
  const labels = await labelsOf(ctx, lost)
  const moved = await moveAll(ctx, { from: from.id, into: into.id })
  await writeBoth(ctx, pair, patchOf(into, changes, 'after'))
  const row = await MergeRow.query(ctx.trx).insertAndFetch({
    id: newId(),
    from_id: from.id,
    into_id: into.id,
    reason,
    merged_by: ctx.actor.kind === 'staff' ? ctx.actor.accountId : null,
    merged_at: ctx.now,
    changed: changes,
    lost: lost.map((one) => ({ ...one, label: labels.get(`${one.field} ${String(one.value)}`) ?? null })),
    moved,
    undone_at: null,
    undone_by: null,
  })
  await closeSuggestion(ctx, from.id, into.id, 'merged')
  await record(ctx, {
    action: 'customer.merged',
    object: { kind: 'customer', id: into.id, label: shownName(into) },
    context: { mergeId: row.id, from: from.id, fromName: shownName(from), reason, lost: lost.map(({ field }) => field) },
  })
  ctx.emit({ name: 'customer.merged', subjectId: into.id, payload: { from: from.id, mergeId: row.id } })
  ctx.emit({ name: 'customer.renamed', subjectId: into.id })
  return row
}

function refuseMerged(...rows: readonly CustomerRow[]): void {
  for (const { merged_into_id: into } of rows)
    if (into !== null) throw new Conflict('customer_merged', 'this customer was merged into another', { into })
}

async function writeBoth(
  ctx: Ctx,
  { into, from }: { into: CustomerRow; from: CustomerRow },
  patch: Record<string, unknown>,
): Promise<void> {
  const after = await CustomerRow.query(ctx.trx).patchAndFetchById(into.id, {
    ...patch,
    version: into.version + 1,
    updated_at: ctx.now,
  })
  // What both were called still finds the one who stays.
  const terms = indexedNames(ctx.trx, shownName(after), [after.remark_name, after.name, from.remark_name, from.name])
  await ctx.trx('customers').where({ id: into.id }).update(terms)
  await CustomerRow.query(ctx.trx)
    .findById(from.id)
    .patch({ merged_into_id: into.id, version: from.version + 1, updated_at: ctx.now })
}
