import type { App } from '../../core/app.ts'
import { type Ctx, inTransaction, SYSTEM } from '../../core/context.ts'
import { newId } from '../../core/ids.ts'
import { announce, type Assigned, claimAgents } from '../routing/index.ts'
import { announceConversations, audience } from './announce.ts'
import { notice } from './append-message.ts'
import { ConversationRow, MessageRow } from './model.ts'

const MAX_AT_ONCE = 100

/**
 * Finds agents for waiting conversations, in a short transaction of its own (BP-003.4).
 * @returns false when some stay in the queue because nobody has room
 */
export async function assignConversations(app: App, conversationIds: readonly string[]): Promise<boolean> {
  return inTransaction(app, SYSTEM, async (ctx) => {
    // Locked in the order in which the intake locks; who has been taken meanwhile is no longer queued.
    const rows = await ConversationRow.query(ctx.trx)
      .whereIn('id', [...conversationIds])
      .where('status', 'queued')
      .orderBy('id')
      .forNoKeyUpdate()
    rows.sort((a, b) => (a.queued_at?.getTime() ?? 0) - (b.queued_at?.getTime() ?? 0))
    const agents = await claimAgents(
      ctx,
      'conversation',
      rows.map(({ id }) => id),
    )
    const settled = rows.flatMap((row) => {
      const assigned = agents.get(row.id)
      return assigned ? [{ row, assigned }] : []
    })
    await settle(ctx, settled)
    return settled.length === rows.length
  })
}

/** The assignments are written; the conversations follow them. One statement per table, whatever their number. */
export async function settle(ctx: Ctx, settled: readonly { row: ConversationRow; assigned: Assigned }[]): Promise<void> {
  if (settled.length === 0) return
  const before = new Map(settled.map(({ row }) => [row.id, audience(row)]))
  for (const { row, assigned } of settled) {
    const { last_seq, version } = row
    row.$set({ status: 'open', assignee_id: assigned.accountId, opened_at: ctx.now, last_seq: last_seq + 1, version: version + 1 })
  }
  await ctx.trx.raw(
    `update conversations v set status = 'open', assignee_id = t.assignee_id, opened_at = (select app_now()), last_seq = t.last_seq,
       version = t.version, updated_at = (select app_now())
     from json_to_recordset(?::json) as t(id uuid, assignee_id uuid, last_seq int, version int) where v.id = t.id`,
    [JSON.stringify(settled.map(({ row: { id, assignee_id, last_seq, version } }) => ({ id, assignee_id, last_seq, version })))],
  )
  const lines = await MessageRow.query(ctx.trx)
    .insert(settled.map(({ row, assigned }) => lineOf(ctx, row, assigned)))
    .returning('*')
  for (const { row, assigned } of settled) {
    const payload = { accountId: assigned.accountId, reason: assigned.reason.code }
    ctx.emit({ name: 'conversation.assigned', subjectId: row.id, payload })
  }
  const lineIn = new Map(lines.map((line) => [line.conversation_id, [line]]))
  await announceConversations(
    ctx,
    settled.map(({ row: { id } }) => ({ id, created: lineIn.get(id) ?? [], before: before.get(id) ?? [] })),
  )
  for (const accountId of new Set(settled.map(({ assigned }) => assigned.accountId))) await announce(ctx, accountId)
}

/** Why he has it, as a line of the conversation. */
const lineOf = (ctx: Ctx, row: ConversationRow, { name, reason }: Assigned) => ({
  id: newId(),
  conversation_id: row.id,
  seq: row.last_seq,
  direction: 'system' as const,
  author_kind: 'system' as const,
  parts: notice('conversation_assigned', { name, reason: reason.code, ...reason.params }),
  occurred_at: ctx.now,
  created_at: ctx.now,
})

/** Hands out waiting conversations, oldest first, until nobody has room. */
export async function drainQueue(app: App): Promise<void> {
  for (;;) {
    const waiting = await ConversationRow.query(app.db)
      .select('id')
      .where({ status: 'queued', kind: 'direct' })
      .orderBy(['queued_at', 'id'])
      .limit(MAX_AT_ONCE)
    if (waiting.length === 0) return
    const everyOne = await assignConversations(
      app,
      waiting.map(({ id }) => id),
    )
    if (!everyOne || waiting.length < MAX_AT_ONCE) return
  }
}
