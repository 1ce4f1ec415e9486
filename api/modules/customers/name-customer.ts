import type { Knex } from 'knex'
import { CustomerRow, IdentityRow } from './model.ts'
import { UNINDEXED } from './search-index.ts'

/** Gives the remark name by channel id and without a reader: imports and seeds. */
export async function nameCustomer(trx: Knex, channelAccountId: string, externalId: string, remarkName: string): Promise<void> {
  await CustomerRow.query(trx)
    .whereIn('id', IdentityRow.query(trx).select('customer_id').where({ channel_account_id: channelAccountId, value: externalId }))
    .patch({ remark_name: remarkName, ...UNINDEXED, version: trx.raw('version + 1') })
}
