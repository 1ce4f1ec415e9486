import { UNDO_DAYS } from '../../../contract/merge.ts'
import type { Ctx, StaffActor } from '../../../core/context.ts'
import { Conflict, NotFound } from '../../../core/errors.ts'
import { record } from '../../audit/index.ts'
import { CustomerRow } from '../model.ts'
import { customerFor } from '../policy.ts'
import { indexedNames } from '../search-index.ts'
import { shownName } from '../shown-name.ts'
import { lockPair } from './lock-pair.ts'
import { MergeRow } from './model.ts'
import { moveBack } from './own-rows.ts'
import { closeSuggestion } from './suggestions.ts'
import { patchOf } from './values.ts'

const DAY_MS = 86_400_000
export const undoUntil = (merge: MergeRow): Date => new Date(merge.merged_at.getTime() + UNDO_DAYS * DAY_MS)

/** A merge that came after this one and stands on it: it has to be undone first, else neither could be restored exactly. */
export async function laterMerge(ctx: Ctx, merge: MergeRow): Promise<MergeRow | undefined> {
  return MergeRow.query(ctx.trx)
    .whereNull('undone_at')
    .where((either) => either.where('into_id', merge.into_id).orWhere('from_id', merge.into_id))
    .whereRaw('(merged_at, id) > (select m.merged_at, m.id from customer_merges m where m.id = ?)', [merge.id])
    .orderBy([
      { column: 'merged_at', order: 'desc' },
      { column: 'id', order: 'desc' },
    ])
    .first()
}

/**
 * Parts two customers again as they were. What either wrote since the merge goes to whom his identity belongs; what staff changed since stays.
 * They are not proposed or joined again by themselves. Emits `customer.unmerged`.
 * @throws NotFound; Conflict `merge_undone`, `merge_too_old`, `merge_not_latest` with `{ mergeId }`
 */
export async function undoMerge(ctx: Ctx<StaffActor>, id: string): Promise<{ merge: MergeRow; into: CustomerRow; from: CustomerRow }> {
  const known = await MergeRow.query(ctx.trx).findById(id)
  if (!known) throw new NotFound('merge')
  await customerFor(ctx, known.into_id)
  const [into, from] = await lockPair(ctx, known.into_id, known.from_id)
  const merge = await MergeRow.query(ctx.trx).findById(id).forUpdate()
  if (!merge) throw new NotFound('merge')
  await refuse(ctx, merge)
  await moveBack(ctx, { from: from.id, into: into.id }, merge.moved)
  const rows = await restore(ctx, into, from, merge)
  const undone = await merge.$query(ctx.trx).patchAndFetch({ undone_at: ctx.now, undone_by: ctx.actor.accountId })
  await closeSuggestion(ctx, from.id, into.id, 'dismissed')
  await record(ctx, {
    action: 'customer.unmerged',
    object: { kind: 'customer', id: into.id, label: shownName(rows.into) },
    context: { mergeId: id, from: from.id, fromName: shownName(from) },
  })
  ctx.emit({ name: 'customer.unmerged', subjectId: into.id, payload: { from: from.id, mergeId: id } })
  for (const { id: subjectId } of [into, from]) ctx.emit({ name: 'customer.renamed', subjectId })
  return { merge: undone, ...rows }
}

async function refuse(ctx: Ctx, merge: MergeRow): Promise<void> {
  if (merge.undone_at !== null) throw new Conflict('merge_undone', 'this merge was undone already')
  if (ctx.now > undoUntil(merge)) throw new Conflict('merge_too_old', `a merge can be undone for ${UNDO_DAYS} days`)
  const later = await laterMerge(ctx, merge)
  if (later) throw new Conflict('merge_not_latest', 'a later merge has to be undone first', { mergeId: later.id })
}

async function restore(ctx: Ctx, into: CustomerRow, from: CustomerRow, merge: MergeRow) {
  const stays = await CustomerRow.query(ctx.trx).patchAndFetchById(into.id, {
    ...patchOf(into, merge.changed, 'before'),
    // Whoever has been in touch since is not put away again.
    ...(into.last_contact_at && into.last_contact_at > merge.merged_at ? { archived_at: null } : {}),
    version: into.version + 1,
    updated_at: ctx.now,
  })
  const terms = indexedNames(ctx.trx, shownName(stays), [stays.remark_name, stays.name])
  await ctx.trx('customers').where({ id: into.id }).update(terms)
  const back = await CustomerRow.query(ctx.trx).patchAndFetchById(from.id, {
    merged_into_id: null,
    version: from.version + 1,
    updated_at: ctx.now,
  })
  return { into: stays, from: back }
}
