import type { z } from 'zod'
import type { closeRequest } from '../../contract/ending.ts'
import type { Ctx, StaffActor } from '../../core/context.ts'
import { record } from '../audit/index.ts'
import { announce, releaseWork } from '../routing/index.ts'
import { announceConversation, audience } from './announce.ts'
import { appendNotice } from './append-message.ts'
import { leaveUnserved } from './consultation/abandon.ts'
import { sayTemplate } from './ending/auto-text.ts'
import { rulesFor } from './ending/rules.ts'
import { refuseWithoutWrapUp, writeWrapUp } from './ending/wrap-up.ts'
import type { ConversationRow } from './model.ts'
import { conversationFor } from './policy.ts'

/**
 * An agent ends a conversation (BP-004.8). What is on its way to the customer still leaves: deliveries do not ask whether it is open.
 * The customer's next message goes on with it, in a new one, or opens another.
 * @throws Conflict `conversation_closed`; Invalid `wrap_up_required` with `{ missing }`
 */
export async function closeConversation(ctx: Ctx<StaffActor>, id: string, input: z.infer<typeof closeRequest>): Promise<void> {
  const row = await conversationFor(ctx, id, 'close')
  const rules = await rulesFor(ctx, row)
  if (input.wrapUp) await writeWrapUp(ctx, row, input.wrapUp)
  await refuseWithoutWrapUp(ctx, row, rules.wrapUpRequired)
  if (input.silent !== true) await sayTemplate(ctx, row, { key: 'closed', template: rules.texts.closed })
  if (row.assignee_id !== ctx.actor.accountId)
    await record(ctx, {
      action: 'conversation.closed',
      object: { kind: 'conversation', id },
      context: { reason: input.reason, assigneeId: row.assignee_id },
    })
  await endConversation(ctx, row, input.reason)
}

/** Ends it, whoever decides, without a word to the customer; the caller holds the row's lock. Emits `conversation.closed`. */
export async function endConversation(ctx: Ctx, row: ConversationRow, reason: string): Promise<void> {
  const { id, assignee_id: assignee, team_id: team } = row
  const by = ctx.actor.kind === 'staff' ? { name: ctx.actor.name, id: ctx.actor.accountId } : { name: null, id: null }
  const before = audience(row)
  if (row.status === 'queued') await leaveUnserved(ctx, row, reason)
  const line = await appendNotice(ctx, row, 'conversation_closed', { reason, name: by.name })
  await row.$query(ctx.trx).patch({
    status: 'closed',
    waiting_for: null,
    closed_at: ctx.now,
    close_reason: reason,
    closed_by: by.id,
    waiting_since: null,
    unread: 0,
    staff_read_seq: row.last_seq,
    snoozed_by: null,
    snoozed_until: null,
  })
  await releaseWork(ctx, { kind: 'conversation', id }, `closed:${reason}`)
  await ctx.trx('drafts').where({ conversation_id: id }).delete()
  await ctx.trx('conversation_pins').where({ conversation_id: id }).delete()
  ctx.emit({ name: 'conversation.closed', subjectId: id, payload: { reason, by: by.id, agentId: assignee, teamId: team } })
  await announceConversation(ctx, id, { created: [line], before })
  if (assignee !== null) announce(ctx, assignee)
}
