import { Conflict } from '../../../core/errors.ts'
import type { Ctx, StaffActor } from '../../../core/context.ts'
import { announceConversation } from '../announce.ts'
import { conversationFor } from '../policy.ts'

/** So many stay a help. */
const MAX_PINS = 50

/** 置顶, for oneself. Pinning what is pinned changes nothing. @throws Conflict `conversation_closed`, `limit_reached` */
export async function pinConversation(ctx: Ctx<StaffActor>, id: string, pinned: boolean): Promise<void> {
  const row = await conversationFor(ctx, id, 'note')
  const own = { account_id: ctx.actor.accountId, conversation_id: id }
  if (pinned && row.status === 'closed') throw new Conflict('conversation_closed', 'this conversation is closed')
  const changed = pinned
    ? await ctx
        .trx('conversation_pins')
        .insert({ ...own, pinned_at: ctx.now })
        .onConflict()
        .ignore()
        .returning('conversation_id')
    : await ctx.trx('conversation_pins').where(own).delete().returning('conversation_id')
  if (changed.length === 0) return
  if (pinned) await refuseTooMany(ctx)
  await row.$query(ctx.trx).patch({ version: row.version + 1, updated_at: ctx.now })
  await announceConversation(ctx, id)
}

async function refuseTooMany(ctx: Ctx<StaffActor>): Promise<void> {
  const pins = await ctx
    .trx('conversation_pins')
    .where({ account_id: ctx.actor.accountId })
    .select('conversation_id')
    .limit(MAX_PINS + 1)
  if (pins.length > MAX_PINS) throw new Conflict('limit_reached', 'too many pinned conversations', { limit: MAX_PINS })
}
