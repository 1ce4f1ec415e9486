/** Open conversations that wait again: their agent is gone, gave them back, or did not turn to them. */
import type { Reason } from '../../../contract/routing.ts'
import type { Ctx } from '../../../core/context.ts'
import { newId } from '../../../core/ids.ts'
import { announce, enterQueue, releaseWork } from '../../routing/index.ts'
import { announceConversations, audience } from '../announce.ts'
import { notice } from '../append-message.ts'
import { type ConversationRow, MessageRow } from '../model.ts'

export interface Return {
  /** Where to; undefined: the team whose work it is. */
  teamId?: string | null | undefined
  /** Shown as a line of the conversation, in the queue and in the history. */
  reason: Reason
  /** Who else had it and shall be asked last, as whoever has it now. */
  passedBy?: readonly string[] | undefined
  /** Who shall be asked first. */
  preferredAccountId?: string | null | undefined
}

/**
 * For rows that the caller has locked and found open. They keep their place in time, so that nobody who has waited waits behind those who came later.
 * The same number of statements for one as for five hundred. Emits `conversation.returned` for each.
 */
export async function releaseToQueue(ctx: Ctx, rows: readonly ConversationRow[], to: Return): Promise<void> {
  if (rows.length === 0) return
  const before = new Map(rows.map((row) => [row.id, { rooms: audience(row), accountId: row.assignee_id }]))
  await releaseWork(ctx, { kind: 'conversation', ids: rows.map(({ id }) => id) }, to.reason.code)
  const teamOf = (row: ConversationRow) => (to.teamId === undefined ? row.team_id : to.teamId)
  const placed = await enterQueue(
    ctx,
    rows.map((row) => ({
      work: { kind: 'conversation' as const, id: row.id },
      customerId: row.customer_id,
      channelAccountId: row.channel_account_id,
      teamId: teamOf(row),
      businessTypeId: row.business_type_id,
      waitingSince: row.waiting_since,
      passedBy: [...new Set([...(to.passedBy ?? []), ...(row.assignee_id === null ? [] : [row.assignee_id])])],
      preferredAccountId: to.preferredAccountId ?? null,
      reason: to.reason,
      stays: true as const,
    })),
  )
  for (const row of rows) {
    const place = placed.get(row.id)
    row.$set({
      status: 'queued',
      assignee_id: null,
      accepted_at: null,
      team_id: place?.teamId ?? null,
      priority: place?.priority ?? 0,
      queued_at: row.waiting_since ?? ctx.now,
      last_seq: row.last_seq + 1,
      version: row.version + 1,
    })
  }
  await write(ctx, rows)
  const lines = await MessageRow.query(ctx.trx)
    .insert(rows.map((row) => lineOf(ctx, row, to.reason)))
    .returning('*')
  const lineIn = new Map(lines.map((line) => [line.conversation_id, [line]]))
  await announceConversations(
    ctx,
    rows.map(({ id }) => ({ id, created: lineIn.get(id) ?? [], before: before.get(id)?.rooms ?? [] })),
  )
  announce(
    ctx,
    [...before.values()].flatMap(({ accountId }) => accountId ?? []),
  )
  for (const { id } of rows)
    ctx.emit({
      name: 'conversation.returned',
      subjectId: id,
      payload: { accountId: before.get(id)?.accountId ?? null, reason: to.reason.code },
    })
}

async function write(ctx: Ctx, rows: readonly ConversationRow[]): Promise<void> {
  const columns = rows.map(({ id, team_id, priority, queued_at, last_seq, version }) => ({
    id,
    team_id,
    priority,
    queued_at,
    last_seq,
    version,
  }))
  await ctx.trx.raw(
    `update conversations v set status = 'queued', assignee_id = null, accepted_at = null, team_id = t.team_id, priority = t.priority,
       queued_at = t.queued_at, last_seq = t.last_seq, version = t.version, updated_at = (select app_now())
     from json_to_recordset(?::json) as t(id uuid, team_id uuid, priority int, queued_at timestamptz, last_seq int, version int) where v.id = t.id`,
    [JSON.stringify(columns)],
  )
}

/** Whose it was, or who decided: as far as the reason tells. */
const nameIn = ({ params: { name, from, by } }: Reason) => name ?? from ?? by ?? null

const lineOf = (ctx: Ctx, row: ConversationRow, reason: Reason) => ({
  id: newId(),
  conversation_id: row.id,
  seq: row.last_seq,
  direction: 'system' as const,
  author_kind: 'system' as const,
  parts: notice('conversation_returned', { ...reason.params, name: nameIn(reason), reason: reason.code }),
  occurred_at: ctx.now,
  created_at: ctx.now,
})
