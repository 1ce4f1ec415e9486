import type { Ctx, CustomerActor, StaffActor } from '../../core/context.ts'
import { NotFound } from '../../core/errors.ts'
import { announceConversation } from './announce.ts'
import { countUnread } from './append-message.ts'
import { ConversationRow } from './model.ts'
import { conversationFor, sees } from './policy.ts'

/**
 * The agent has seen messages up to `seq` (BP-004.2). Only the holder's reading counts: a colleague looking in leaves the
 * unread mark, and the customer is not told that he was read.
 */
export async function markReadByStaff(ctx: Ctx<StaffActor>, id: string, seq: number): Promise<void> {
  await conversationFor(ctx, id, 'view')
  const row = await ConversationRow.query(ctx.trx).findById(id).forNoKeyUpdate()
  if (!row || !(await sees(ctx, row))) throw new NotFound('conversation')
  const upTo = Math.min(seq, row.last_seq)
  // What he has before his eyes he has turned to, also where there is nothing new to read.
  if (row.assignee_id !== ctx.actor.accountId || (upTo <= row.staff_read_seq && row.accepted_at !== null)) return
  await row.$query(ctx.trx).patch({
    staff_read_seq: Math.max(upTo, row.staff_read_seq),
    unread: await countUnread(ctx, id, Math.max(upTo, row.staff_read_seq)),
    accepted_at: row.accepted_at ?? ctx.now,
    version: row.version + 1,
  })
  await announceConversation(ctx, id)
}

/** The customer's page has shown messages up to `seq`. @throws NotFound for a conversation that is not his */
export async function markReadByCustomer(ctx: Ctx<CustomerActor>, id: string, seq: number): Promise<void> {
  const row = await ConversationRow.query(ctx.trx).findOne({ id, identity_id: ctx.actor.identityId }).forNoKeyUpdate()
  if (!row) throw new NotFound('conversation')
  const upTo = Math.min(seq, row.last_seq)
  if (upTo <= row.customer_read_seq) return
  await row.$query(ctx.trx).patch({ customer_read_seq: upTo, version: row.version + 1 })
  await announceConversation(ctx, id)
}
