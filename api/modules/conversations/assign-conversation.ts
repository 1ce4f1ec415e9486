import type { App } from '../../core/app.ts'
import { type Ctx, inTransaction, SYSTEM } from '../../core/context.ts'
import { announce, claimAgent, type Assigned } from '../routing/index.ts'
import { announceConversation, audience } from './announce.ts'
import { appendNotice } from './append-message.ts'
import { ConversationRow } from './model.ts'

/**
 * Finds an agent for a waiting conversation, in its own short transaction (BP-003.4).
 * @returns false when nobody has room: it stays in the queue
 */
export async function assignConversation(app: App, conversationId: string): Promise<boolean> {
  return inTransaction(app, SYSTEM, async (ctx) => {
    const row = await ConversationRow.query(ctx.trx).findById(conversationId).forUpdate().skipLocked()
    if (!row || row.status !== 'queued') return true
    const assigned = await claimAgent(ctx, { kind: 'conversation', id: row.id })
    if (!assigned) return false
    await settle(ctx, row, assigned)
    return true
  })
}

/** The assignment is written; the conversation follows it. */
export async function settle(ctx: Ctx, row: ConversationRow, assigned: Assigned): Promise<void> {
  const before = audience(row)
  await row.$query(ctx.trx).patch({ status: 'open', assignee_id: assigned.accountId, opened_at: ctx.now })
  const line = await appendNotice(ctx, row, 'conversation_assigned', {
    name: assigned.name,
    reason: assigned.reason.code,
    ...assigned.reason.params,
  })
  ctx.emit({ name: 'conversation.assigned', subjectId: row.id, payload: { accountId: assigned.accountId, reason: assigned.reason.code } })
  await announceConversation(ctx, row.id, { created: [line], before })
  await announce(ctx, assigned.accountId)
}

/** Hands out waiting conversations, oldest first, until nobody has room. */
export async function drainQueue(app: App): Promise<void> {
  for (;;) {
    const waiting = await ConversationRow.query(app.db)
      .select('id')
      .where({ status: 'queued', kind: 'direct' })
      .orderBy(['queued_at', 'id'])
      .limit(100)
    if (waiting.length === 0) return
    for (const { id } of waiting) if (!(await assignConversation(app, id))) return
    if (waiting.length < 100) return
  }
}
