/** What the customer says. Each invitation takes one answer; a score given with one tap may be explained once. */
import type { Ctx } from '../../core/context.ts'
import { Conflict, Invalid, NotFound } from '../../core/errors.ts'
import { newId } from '../../core/ids.ts'
import { InvitationRow, RatingRow } from './model.ts'
import { levelOf } from './rules.ts'
import { ratingReasons } from './settings.ts'

export interface Answer {
  score: number
  reasons: readonly string[]
  comment?: string | undefined
}

/**
 * Of two answers at once one wins: the invitation's row is locked, and the rating unique.
 * @throws NotFound; Conflict `rating_given`, `rating_expired`; Invalid `entry_unknown`, `invalid_request` for a score beyond the scale
 */
export async function rate(ctx: Ctx, invitationId: string, answer: Answer): Promise<RatingRow> {
  const invitation = await InvitationRow.query(ctx.trx).findById(invitationId).forUpdate()
  if (!invitation || invitation.message_id === null) throw new NotFound('rating invitation')
  const given = await RatingRow.query(ctx.trx).findOne({ invitation_id: invitation.id })
  if (given && (given.explained || given.score !== answer.score || !explains(answer)))
    throw new Conflict('rating_given', 'this service has been rated', { score: given.score })
  if (invitation.expires_at <= ctx.now) throw new Conflict('rating_expired', 'too late', { expiresAt: invitation.expires_at })
  if (answer.score > invitation.scale) throw new Invalid('invalid_request', 'a score beyond the scale', { scale: invitation.scale })
  await checkReasons(ctx, answer, invitation)
  const row = given ? await explain(ctx, given, answer) : await insert(ctx, invitation, answer)
  await keepReasons(ctx, row, answer)
  return row
}

const commentOf = ({ comment }: Answer): string | null => (comment?.trim() ? comment.trim() : null)
const explains = (answer: Answer): boolean => answer.reasons.length > 0 || commentOf(answer) !== null

async function checkReasons(ctx: Ctx, { score, reasons }: Answer, { scale }: InvitationRow): Promise<void> {
  if (reasons.length === 0) return
  const level = levelOf(score, scale)
  const offered = new Set((await ratingReasons(ctx)).filter((one) => one.level === level && !one.disabled).map(({ id }) => id))
  const unknown = reasons.find((id) => !offered.has(id))
  if (unknown !== undefined) throw new Invalid('entry_unknown', 'this reason is not offered for this score', { id: unknown })
}

async function insert(ctx: Ctx, invitation: InvitationRow, answer: Answer): Promise<RatingRow> {
  const row = await RatingRow.query(ctx.trx).insertAndFetch({
    id: newId(),
    invitation_id: invitation.id,
    conversation_id: invitation.conversation_id,
    agent_id: invitation.agent_id,
    team_id: invitation.team_id,
    channel_account_id: invitation.channel_account_id,
    scale: invitation.scale,
    score: answer.score,
    comment: commentOf(answer),
    // On a page everything is asked at once; a tap in a menu is only a score.
    explained: explains(answer),
    created_at: ctx.now,
  })
  ctx.emit({
    name: 'rating.given',
    subjectId: row.id,
    payload: { conversationId: row.conversation_id, agentId: row.agent_id, score: row.score, scale: row.scale, level: row.level },
  })
  return row
}

async function explain(ctx: Ctx, given: RatingRow, answer: Answer): Promise<RatingRow> {
  const row = await given.$query(ctx.trx).patchAndFetch({ comment: commentOf(answer), explained: true })
  ctx.emit({ name: 'rating.explained', subjectId: row.id, payload: { conversationId: row.conversation_id } })
  return row
}

async function keepReasons(ctx: Ctx, row: RatingRow, { reasons }: Answer): Promise<void> {
  const ids = [...new Set(reasons)]
  if (ids.length > 0) await ctx.trx('rating_reasons').insert(ids.map((entryId) => ({ rating_id: row.id, entry_id: entryId })))
}
