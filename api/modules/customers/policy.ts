/** Who may do what with a customer, and the only way to get one. */
import { z } from 'zod'
import type { Ctx, StaffActor } from '../../core/context.ts'
import { Conflict, Invalid, NotFound } from '../../core/errors.ts'
import { CustomerRow } from './model.ts'
import { readerScope, withinScope } from './scope.ts'

const found = z.object({ id: z.string() }).optional()

/**
 * Loads a customer within the reader's scope; locked, and not one that was merged away, when he is about to be changed.
 * @throws NotFound also outside the scope, after the same queries; Conflict `customer_merged` with `{ into }`
 */
export async function customerFor(ctx: Ctx<StaffActor>, id: string, action: 'view' | 'change' = 'view'): Promise<CustomerRow> {
  const scope = await readerScope(ctx)
  const visible = found.parse(
    await ctx
      .trx('customers')
      .where({ id })
      .modify((builder) => {
        withinScope(builder, scope, 'customers.id')
        if (action === 'change') void builder.forNoKeyUpdate()
      })
      .first('id'),
  )
  const row = visible && (await CustomerRow.query(ctx.trx).findById(id))
  if (!row) throw new NotFound('customer')
  if (action === 'change') refuseMerged(row)
  return row
}

/** By id, locked, whoever acts: for use cases that a caller has checked, or the product runs by itself. @throws as `customerFor` */
export async function lockCustomer(ctx: Ctx, id: string): Promise<CustomerRow> {
  const row = await CustomerRow.query(ctx.trx).findById(id).forNoKeyUpdate()
  if (!row) throw new NotFound('customer')
  refuseMerged(row)
  return row
}

function refuseMerged(row: CustomerRow): void {
  if (row.merged_into_id !== null)
    throw new Conflict('customer_merged', 'this customer was merged into another', { into: row.merged_into_id })
}

/** @throws Conflict `version_conflict` */
export function checkVersion(row: { version: number }, version: number): void {
  if (row.version !== version) throw new Conflict('version_conflict', 'somebody else changed this meanwhile', { version: row.version })
}

/** An id in a body that names nothing which may be chosen. */
export const unknownReference = (path: string): Invalid =>
  new Invalid('invalid_request', `${path} names nothing that may be chosen`, { issues: [{ path, code: 'unknown', message: 'unknown' }] })
