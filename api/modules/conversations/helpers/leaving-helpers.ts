/** How helping ends: by hand, or since there is nothing left to help with. The rows tell who helped when; the conversation keeps who does. */
import { z } from 'zod'
import type { Ctx } from '../../../core/context.ts'
import { announceConversation, audience } from '../announce.ts'
import { ConversationRow } from '../model.ts'

export type LeftReason = 'left' | 'removed' | 'closed' | 'assigned' | 'disabled'

const present = z.array(z.object({ id: z.string(), mayReply: z.boolean() }))

/** Writes the list of those who help now to the conversation, from the rows. The caller holds its lock. */
export async function keepHelpers(ctx: Ctx, row: ConversationRow): Promise<void> {
  const rows = present.parse(
    await ctx
      .trx('conversation_helpers')
      .where({ conversation_id: row.id })
      .whereNull('left_at')
      .orderBy(['invited_at', 'id'])
      .select('account_id as id', 'may_reply as mayReply'),
  )
  await row.$query(ctx.trx).patch({ helpers: rows.length === 0 ? null : rows, version: row.version + 1, updated_at: ctx.now })
}

/** @returns whether anybody left */
export async function leave(ctx: Ctx, row: ConversationRow, accountIds: readonly string[], reason: LeftReason): Promise<boolean> {
  const left = await ctx
    .trx('conversation_helpers')
    .where({ conversation_id: row.id })
    .whereIn('account_id', [...accountIds])
    .whereNull('left_at')
    .update({ left_at: ctx.now, left_reason: reason })
  if (left > 0) await keepHelpers(ctx, row)
  return left > 0
}

export const leaveClosed = (ctx: Ctx, row: ConversationRow): Promise<boolean> =>
  leave(
    ctx,
    row,
    (row.helpers ?? []).map(({ id }) => id),
    'closed',
  )

/** Whose it is now does not help any more, he has it. */
export const leaveAssigned = async (ctx: Ctx, row: ConversationRow): Promise<boolean> =>
  row.assignee_id !== null && leave(ctx, row, [row.assignee_id], 'assigned')

/** He may not work any more. One round for each conversation he helped with; nobody helps in many. */
export async function leaveDisabled(ctx: Ctx, accountId: string): Promise<void> {
  const rows = await ConversationRow.query(ctx.trx)
    .whereExists((held) =>
      held
        .from('conversation_helpers as h')
        .whereRaw('h.conversation_id = conversations.id')
        .where('h.account_id', accountId)
        .whereNull('h.left_at'),
    )
    .orderBy('id')
    .forNoKeyUpdate()
  for (const row of rows) {
    const before = audience(row)
    await leave(ctx, row, [accountId], 'disabled')
    await announceConversation(ctx, row.id, { before })
  }
}
