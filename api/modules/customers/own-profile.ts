/** What customers themselves, or the link they came by, say about them. */
import type { Ctx } from '../../core/context.ts'
import { record } from '../audit/index.ts'
import { Account } from '../identity/index.ts'
import type { CustomerRow } from './model.ts'
import { checkVersion, lockCustomer } from './policy.ts'
import { indexedNames } from './search-index.ts'
import { shownName, tidy } from './shown-name.ts'

/**
 * A customer completes his profile (BP-001.4). The name that colleagues gave him stays before it; what is absent stays as it is.
 * Emits `customer.renamed` when the name changed.
 * @throws Conflict `version_conflict`, `customer_merged`
 */
export async function describeOneself(
  ctx: Ctx,
  id: string,
  input: { name?: string | null | undefined; title?: string | null | undefined; version: number },
): Promise<CustomerRow> {
  const row = await lockCustomer(ctx, id)
  checkVersion(row, input.version)
  const name = input.name === undefined ? row.name : tidy(input.name)
  const changed = await row.$query(ctx.trx).patchAndFetch({
    name,
    title: input.title === undefined ? row.title : tidy(input.title),
    ...indexedNames(ctx.trx, row.remark_name ?? name, [row.remark_name, name]),
    version: row.version + 1,
    updated_at: ctx.now,
  })
  await record(ctx, {
    action: 'customer.described_oneself',
    object: { kind: 'customer', id, label: shownName(changed) },
    before: { name: row.name, title: row.title },
    after: { name: changed.name, title: changed.title },
  })
  if (changed.name !== row.name) ctx.emit({ name: 'customer.renamed', subjectId: id })
  return changed
}

/** Whoever invited somebody becomes his regular agent, when he has none yet and is still at work. */
export async function inviteOwner(ctx: Ctx, id: string, accountId: string): Promise<void> {
  const active = await Account.query(ctx.trx).findOne({ id: accountId, kind: 'staff', status: 'active' }).select('id')
  const row = await lockCustomer(ctx, id)
  if (!active || row.owner_id !== null) return
  await row.$query(ctx.trx).patch({ owner_id: accountId, version: row.version + 1, updated_at: ctx.now })
  await record(ctx, {
    action: 'customer.changed',
    object: { kind: 'customer', id, label: shownName(row) },
    before: { ownerId: null },
    after: { ownerId: accountId },
    context: { reason: 'invited' },
  })
}
