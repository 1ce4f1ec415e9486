import type { MatchReason, WaitingFor } from '../../../contract/consultation.ts'
import type { Ctx } from '../../../core/context.ts'
import { enterQueue } from '../../routing/index.ts'
import { ConversationRow } from '../model.ts'

export interface Entering {
  conversationId: string
  teamId: string | null
  reason: MatchReason
  from: WaitingFor
}

/**
 * What was waited for has come: these conversations, whose rows the caller has locked, enter the queue. Their places go by their first words, so that
 * whoever was asked or came at night stands before those who came later.
 */
export async function enterFromWaiting(ctx: Ctx, entering: readonly Entering[]): Promise<void> {
  if (entering.length === 0) return
  const teams = new Map(entering.map(({ conversationId, teamId }) => [conversationId, teamId]))
  const rows = await ConversationRow.query(ctx.trx)
    .whereIn('id', [...teams.keys()])
    .select('id', 'customer_id', 'channel_account_id', 'business_type_id', 'queued_at', 'created_at')
  const places = await enterQueue(
    ctx,
    rows.map((row) => ({
      work: { kind: 'conversation' as const, id: row.id },
      customerId: row.customer_id,
      channelAccountId: row.channel_account_id,
      teamId: teams.get(row.id) ?? null,
      businessTypeId: row.business_type_id,
      waitingSince: row.queued_at ?? row.created_at,
    })),
  )
  const columns = entering.map(({ conversationId, teamId, reason }) => {
    const place = places.get(conversationId) ?? { teamId, priority: 0 }
    return { id: conversationId, team_id: place.teamId, priority: place.priority, match_reason: reason }
  })
  await ctx.trx.raw(
    `update conversations v set waiting_for = null, team_id = t.team_id, priority = t.priority, match_reason = t.match_reason,
       version = v.version + 1, updated_at = (select app_now())
     from json_to_recordset(?::json) as t(id uuid, team_id uuid, priority int, match_reason jsonb) where v.id = t.id`,
    [JSON.stringify(columns)],
  )
  for (const { conversationId, from } of entering)
    ctx.emit({ name: 'conversation.entered-queue', subjectId: conversationId, payload: { from } })
}
