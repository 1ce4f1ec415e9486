import type { Ctx } from '../../core/context.ts'
import { announceConversation } from './announce.ts'
import { ConversationRow } from './model.ts'

/** A customer's name is part of what stands in every list: those who have his conversation open or waiting see the new one. */
export async function announceCustomer(ctx: Ctx, customerId: string): Promise<void> {
  const rows = await ConversationRow.query(ctx.trx)
    .where({ customer_id: customerId })
    .whereNot('status', 'closed')
    .patch({ version: ctx.trx.raw('version + 1') })
    .returning('id')
  for (const { id } of rows) await announceConversation(ctx, id)
}
