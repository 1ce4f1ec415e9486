import type { Merging } from '../customers/index.ts'
import { ConversationRow } from './model.ts'

/**
 * Conversations and their messages never move: a conversation stays with its identity, and only says whose it is. So parting two customers
 * again needs no memory: what an identity wrote since belongs to whom the identity belongs.
 */
export const movedConversations: Merging = {
  kind: 'conversations',
  count: (ctx, customerId) => ConversationRow.query(ctx.trx).where({ customer_id: customerId }).resultSize(),
  async merge(ctx, { from, into }) {
    return ConversationRow.query(ctx.trx).where({ customer_id: from }).patch({ customer_id: into })
  },
  async undo(ctx, { from, into, identityIds }) {
    await ConversationRow.query(ctx.trx)
      .where({ customer_id: into })
      .whereIn('identity_id', [...identityIds])
      .patch({ customer_id: from })
  },
}
