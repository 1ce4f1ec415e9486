import { z } from 'zod'
import {
  RATING_LEVELS,
  type ConversationRating,
  type Rating,
  type RatingInvitation,
  type RatingReason,
  type RatingState,
} from '../../contract/rating.ts'
import type { Ctx, StaffActor } from '../../core/context.ts'
import { conversationFor } from '../conversations/index.ts'
import { mayInvite, wasAsked } from './invite.ts'
import { InvitationRow, RatingRow } from './model.ts'
import { mayBeAsked } from './rules.ts'

const reasonRows = z.object({
  rows: z.array(
    z.object({ rating_id: z.string(), id: z.string(), label_zh: z.string(), label_en: z.string(), level: z.enum(RATING_LEVELS) }),
  ),
})

/** What was ticked, by rating; one statement for all. */
export async function reasonsOf(ctx: Ctx, ratingIds: readonly string[]): Promise<Map<string, RatingReason[]>> {
  const byRating = new Map<string, RatingReason[]>(ratingIds.map((id) => [id, []]))
  if (ratingIds.length === 0) return byRating
  const { rows } = reasonRows.parse(
    await ctx.trx.raw(
      `select c.rating_id, e.id, e.label_zh, e.label_en, r.level
       from rating_reasons c join dictionary_entries e on e.id = c.entry_id join ratings r on r.id = c.rating_id
       where c.rating_id = any(?::uuid[]) order by e.position, e.id`,
      [[...ratingIds]],
    ),
  )
  for (const row of rows) byRating.get(row.rating_id)?.push({ id: row.id, labelZh: row.label_zh, labelEn: row.label_en, level: row.level })
  return byRating
}

export const presentRating = (row: RatingRow, reasons: RatingReason[]): Rating => ({
  id: row.id,
  conversationId: row.conversation_id,
  score: row.score,
  scale: row.scale,
  level: row.level,
  reasons,
  comment: row.comment,
  ratedAt: row.created_at.toISOString(),
})

const sideRows = z.object({
  rows: z.array(
    z.object({
      agent_name: z.string(),
      inviter_name: z.string().nullable(),
      delivery_state: z.string().nullable(),
      delivery_reason: z.string().nullable(),
    }),
  ),
})

/** How the question fared: what the channel said of its message comes before how long it may be answered. */
function stateOf(row: InvitationRow, delivery: string | null, rated: boolean, now: Date): RatingState {
  if (rated) return 'rated'
  if (row.refusal !== null) return 'not_sent'
  if (delivery === 'failed') return 'failed'
  if (row.expires_at <= now) return 'expired'
  return delivery === 'pending' || delivery === 'held' ? 'pending' : 'sent'
}

async function presentInvitation(ctx: Ctx, row: InvitationRow, rated: boolean): Promise<RatingInvitation> {
  const { rows } = sideRows.parse(
    await ctx.trx.raw(
      `select a.name as agent_name, b.name as inviter_name, m.delivery_state, m.delivery_reason
       from rating_invitations i join accounts a on a.id = i.agent_id left join accounts b on b.id = i.invited_by
       left join messages m on m.id = i.message_id where i.id = ?`,
      [row.id],
    ),
  )
  const [side] = rows
  return {
    id: row.id,
    conversationId: row.conversation_id,
    state: stateOf(row, side?.delivery_state ?? null, rated, ctx.now),
    form: row.form,
    trigger: row.trigger,
    reason: row.refusal ?? side?.delivery_reason ?? null,
    agent: { id: row.agent_id, name: side?.agent_name ?? '' },
    invitedBy: row.invited_by === null ? null : { id: row.invited_by, name: side?.inviter_name ?? '' },
    expiresAt: row.expires_at.toISOString(),
    createdAt: row.created_at.toISOString(),
  }
}

/** Of a conversation that the reader may see. @throws NotFound */
export async function conversationRating(ctx: Ctx<StaffActor>, conversationId: string): Promise<ConversationRating> {
  const conversation = await conversationFor(ctx, conversationId, 'view')
  const invitation = await InvitationRow.query(ctx.trx).findOne({ conversation_id: conversationId })
  const rating = invitation ? await RatingRow.query(ctx.trx).findOne({ invitation_id: invitation.id }) : undefined
  const reasons = rating ? ((await reasonsOf(ctx, [rating.id])).get(rating.id) ?? []) : []
  const unasked = !invitation || !(await wasAsked(ctx, invitation))
  const askable = unasked && conversation.assignee_id !== null && mayBeAsked(conversation)
  return {
    invitation: invitation ? await presentInvitation(ctx, invitation, rating !== undefined) : null,
    rating: rating ? presentRating(rating, reasons) : null,
    canInvite: askable && (await mayInvite(ctx, conversation)),
  }
}
