import type { Knex } from 'knex'
import type { Ctx, StaffActor } from '../../core/context.ts'
import { Conflict } from '../../core/errors.ts'
import { CustomerRow, IdentityRow } from './model.ts'
import { customerFor } from './policy.ts'

/**
 * Gives a customer the name that staff know him by: an official account tells none.
 * @throws Conflict `version_conflict`
 */
export async function renameCustomer(
  ctx: Ctx<StaffActor>,
  id: string,
  input: { remarkName: string | null; version: number },
): Promise<CustomerRow> {
  const row = await customerFor(ctx, id, true)
  if (row.version !== input.version) throw new Conflict('version_conflict', 'somebody else changed this customer', { version: row.version })
  const name = input.remarkName?.trim()
  const changed = await row
    .$query(ctx.trx)
    .patchAndFetch({ remark_name: name ? name : null, version: row.version + 1, updated_at: ctx.now })
  ctx.emit({ name: 'customer.renamed', subjectId: id })
  return changed
}

/** As above, by channel id and without a reader: imports and seeds. */
export async function nameCustomer(trx: Knex, channelAccountId: string, externalId: string, remarkName: string): Promise<void> {
  await CustomerRow.query(trx)
    .whereIn('id', IdentityRow.query(trx).select('customer_id').where({ channel_account_id: channelAccountId, value: externalId }))
    .patch({ remark_name: remarkName, version: trx.raw('version + 1') })
}
