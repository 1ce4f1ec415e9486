import type { Ctx } from '../../core/context.ts'
import { announceConversation } from './announce.ts'
import { endConversation } from './close-conversation.ts'
import { ConversationRow } from './model.ts'

/**
 * Somebody who wrote as a visitor has signed in and takes his conversations along to the identity he has on this page: their messages stay
 * where they are. When both have one open, the visitor's ends, since nobody talks in two at once.
 */
export async function joinIdentities(ctx: Ctx, { from, to }: { from: string; to: string }): Promise<void> {
  const open = await ConversationRow.query(ctx.trx)
    .whereIn('identity_id', [from, to])
    .where({ kind: 'direct' })
    .whereNot('status', 'closed')
    .orderBy('id')
    .forNoKeyUpdate()
  const visitors = open.find((row) => row.identity_id === from)
  if (visitors && open.some((row) => row.identity_id === to)) await endConversation(ctx, visitors, 'joined')
  const moved = await ConversationRow.query(ctx.trx)
    .where({ identity_id: from })
    .patch({ identity_id: to, version: ctx.trx.raw('version + 1'), updated_at: ctx.now })
    .returning(['id', 'status'])
  for (const row of moved) if (row.status !== 'closed') await announceConversation(ctx, row.id)
}

/** Has this identity ever written? */
export async function hasConversation(ctx: Ctx, identityId: string): Promise<boolean> {
  return (await ConversationRow.query(ctx.trx).findOne({ identity_id: identityId }).select('id')) !== undefined
}
