/** What the customer's page shows of an invitation, and his answer from there. */
import { z } from 'zod'
import type { RatingFormState } from '../../contract/rating.ts'
import { inLanguage } from '../../contract/spoken-text.ts'
import type { Ctx, CustomerActor } from '../../core/context.ts'
import { NotFound } from '../../core/errors.ts'
import { speaksEnglish } from '../conversations/index.ts'
import { rate, type Answer } from './answer.ts'
import { invitationOf } from './link.ts'
import { InvitationRow, RatingRow } from './model.ts'
import { thanksFor } from './rules.ts'
import { ratingReasons, settingsOf } from './settings.ts'

/** @throws NotFound also for somebody else's */
export async function ownInvitation(ctx: Ctx<CustomerActor>, id: string): Promise<InvitationRow> {
  const row = await InvitationRow.query(ctx.trx).findOne({ id, identity_id: ctx.actor.identityId })
  if (!row || row.message_id === null) throw new NotFound('rating invitation')
  return row
}

/** @throws NotFound for a token that we did not make */
export async function linkedInvitation(ctx: Ctx, token: string): Promise<InvitationRow> {
  const id = invitationOf(ctx.app.config, token)
  const row = id === null ? undefined : await InvitationRow.query(ctx.trx).findById(id)
  if (!row || row.message_id === null) throw new NotFound('rating invitation')
  return row
}

const names = z.array(z.object({ name: z.string() }))

export async function formOf(ctx: Ctx, invitation: InvitationRow): Promise<RatingFormState> {
  const { texts } = await settingsOf(ctx)
  const rating = await RatingRow.query(ctx.trx).findOne({ invitation_id: invitation.id })
  const [agent] = names.parse(await ctx.trx('accounts').select('name').where({ id: invitation.agent_id }))
  const english = await speaksEnglish(ctx, invitation.conversation_id)
  const late = invitation.expires_at <= ctx.now
  return {
    invitationId: invitation.id,
    state: rating ? 'rated' : late ? 'expired' : 'open',
    scale: invitation.scale,
    agentName: agent?.name ?? '',
    invite: inLanguage(texts.invite, english),
    score: rating?.score ?? null,
    thanks: rating ? thanksFor(texts, rating.level, english) : null,
    canExplain: rating !== undefined && !rating.explained && !late,
    reasons: (await ratingReasons(ctx))
      .filter(({ disabled }) => !disabled)
      .map(({ id, labelZh, labelEn, level }) => ({ id, labelZh, labelEn, level })),
    expiresAt: invitation.expires_at.toISOString(),
  }
}

/** @throws as `rate` */
export async function answerForm(ctx: Ctx, invitation: InvitationRow, answer: Answer): Promise<RatingFormState> {
  await rate(ctx, invitation.id, answer)
  return formOf(ctx, invitation)
}
