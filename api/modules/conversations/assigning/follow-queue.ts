/** Waiting conversations whose queue has changed: the row says so, its readers hear it, those who lose sight of it too. */
import type { Reason } from '../../../contract/routing.ts'
import type { Ctx } from '../../../core/context.ts'
import { newId } from '../../../core/ids.ts'
import { enterQueue } from '../../routing/index.ts'
import { announceConversations, audience } from '../announce.ts'
import { notice } from '../append-message.ts'
import { type ConversationRow, MessageRow } from '../model.ts'

/** For locked rows that wait. What was not in a queue yet (it waited for a choice, for the opening) is in it from now on. */
export async function followQueue(
  ctx: Ctx,
  rows: readonly ConversationRow[],
  to: { teamId: string | null; reason: Reason },
): Promise<void> {
  if (rows.length === 0) return
  const before = new Map(rows.map((row) => [row.id, audience(row)]))
  await enterQueue(
    ctx,
    rows
      .filter(({ waiting_for: waits }) => waits !== null)
      .map((row) => ({
        work: { kind: 'conversation' as const, id: row.id },
        customerId: row.customer_id,
        channelAccountId: row.channel_account_id,
        teamId: to.teamId,
        businessTypeId: row.business_type_id,
        waitingSince: row.queued_at,
        reason: to.reason,
        stays: true as const,
      })),
  )
  for (const row of rows) row.$set({ team_id: to.teamId, waiting_for: null, last_seq: row.last_seq + 1, version: row.version + 1 })
  await ctx.trx.raw(
    `update conversations v set team_id = ?, waiting_for = null, last_seq = t.last_seq, version = t.version, updated_at = (select app_now()),
       priority = coalesce((select e.priority from queue_entries e where e.work_kind = 'conversation' and e.work_id = v.id and e.left_at is null), v.priority)
     from json_to_recordset(?::json) as t(id uuid, last_seq int, version int) where v.id = t.id`,
    [to.teamId, JSON.stringify(rows.map(({ id, last_seq, version }) => ({ id, last_seq, version })))],
  )
  const lines = await MessageRow.query(ctx.trx)
    .insert(rows.map((row) => lineOf(ctx, row, to.reason)))
    .returning('*')
  const lineIn = new Map(lines.map((line) => [line.conversation_id, [line]]))
  await announceConversations(
    ctx,
    rows.map(({ id }) => ({ id, created: lineIn.get(id) ?? [], before: before.get(id) ?? [] })),
  )
  for (const { id } of rows) ctx.emit({ name: 'conversation.moved', subjectId: id, payload: { teamId: to.teamId, reason: to.reason.code } })
}

const lineOf = (ctx: Ctx, row: ConversationRow, reason: Reason) => ({
  id: newId(),
  conversation_id: row.id,
  seq: row.last_seq,
  direction: 'note' as const,
  author_kind: 'system' as const,
  parts: notice('conversation_moved', { ...reason.params, reason: reason.code }),
  occurred_at: ctx.now,
  created_at: ctx.now,
})
