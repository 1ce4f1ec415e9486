/** After a rating: a line for staff in the conversation, thanks where the platform has no page of ours, and word to the supervisors. */
import { z } from 'zod'
import { inLanguage } from '../../contract/spoken-text.ts'
import type { Ctx } from '../../core/context.ts'
import type { StoredEvent } from '../../core/events/domain-events.ts'
import { announceConversation, appendStaffNotice, ConversationRow, speak, speaksEnglish } from '../conversations/index.ts'
import { CustomerRow, shownName } from '../customers/index.ts'
import { notify } from '../notifications/index.ts'
import { ratingLink } from './link.ts'
import { InvitationRow, RatingRow } from './model.ts'
import { thanksFor } from './rules.ts'
import { ratingReasons, settingsOf } from './settings.ts'

const lock = (ctx: Ctx, id: string) => ConversationRow.query(ctx.trx).findById(id).forNoKeyUpdate().throwIfNotFound()

async function sayAmongStaff(ctx: Ctx, conversation: ConversationRow, code: string, { score, scale }: RatingRow): Promise<void> {
  const line = await appendStaffNotice(ctx, conversation, code, { score, scale })
  await announceConversation(ctx, conversation.id, { created: [line] })
}

export async function afterRating(ctx: Ctx, event: StoredEvent): Promise<void> {
  const rating = await RatingRow.query(ctx.trx).findById(event.subjectId).throwIfNotFound()
  const conversation = await lock(ctx, rating.conversation_id)
  await sayAmongStaff(ctx, conversation, 'rating_given', rating)
  const invitation = await InvitationRow.query(ctx.trx).findById(rating.invitation_id).throwIfNotFound()
  if (invitation.form === 'menu') await thank(ctx, conversation, rating)
  if (rating.level === 'low') await tellSupervisors(ctx, conversation, rating)
}

export async function afterExplanation(ctx: Ctx, event: StoredEvent): Promise<void> {
  const rating = await RatingRow.query(ctx.trx).findById(event.subjectId).throwIfNotFound()
  await sayAmongStaff(ctx, await lock(ctx, rating.conversation_id), 'rating_explained', rating)
}

/** With the way to say more, where there is more to say. Refused by the purse: the rating stands without thanks. */
async function thank(ctx: Ctx, conversation: ConversationRow, rating: RatingRow): Promise<void> {
  const { texts } = await settingsOf(ctx)
  const asks = (await ratingReasons(ctx)).some(({ level, disabled }) => level === rating.level && !disabled)
  const more = asks && !rating.explained ? `\n${ratingLink(ctx.app.config, rating.invitation_id)}` : ''
  const text = `${thanksFor(texts, rating.level, await speaksEnglish(ctx, conversation.id))}${more}`
  await speak(ctx, conversation, { key: `rating-thanks:${rating.id}`, parts: [{ type: 'text', text }], importance: 'information' })
}

const refusedPayload = z.object({ eventId: z.string() })

/** Too late, or a second time: he is told, once per try, if the channel allows. */
export async function afterRefusal(ctx: Ctx, event: StoredEvent): Promise<void> {
  const { eventId } = refusedPayload.parse(event.payload)
  const { texts } = await settingsOf(ctx)
  const conversation = await lock(ctx, event.subjectId)
  const text = inLanguage(texts.late, await speaksEnglish(ctx, conversation.id))
  await speak(ctx, conversation, { key: `rating-late:${eventId}`, parts: [{ type: 'text', text }], importance: 'information' })
}

const people = z.object({ rows: z.array(z.object({ account_id: z.string() })) })
const names = z.array(z.object({ name: z.string() }))

/** Supervisors of the team that served; without one, of the teams of who served. */
async function tellSupervisors(ctx: Ctx, conversation: ConversationRow, rating: RatingRow): Promise<void> {
  if (!(await settingsOf(ctx)).notify_low) return
  const { rows } = people.parse(
    await ctx.trx.raw(
      `select distinct m.account_id from team_members m join accounts a on a.id = m.account_id
       where m.role = 'supervisor' and m.account_id <> ? and a.status = 'active'
         and m.team_id in (select team_id from team_members where account_id = ? and ?::uuid is null union all select ?::uuid where ?::uuid is not null)`,
      [rating.agent_id, rating.agent_id, rating.team_id, rating.team_id, rating.team_id],
    ),
  )
  const customer = await CustomerRow.query(ctx.trx).findById(conversation.customer_id).select('name', 'remark_name').throwIfNotFound()
  const [agent] = names.parse(await ctx.trx('accounts').select('name').where({ id: rating.agent_id }))
  await notify(ctx, {
    to: rows.map((row) => row.account_id),
    kind: 'rating.low',
    params: {
      customer: shownName(customer) ?? '',
      agent: agent?.name ?? '',
      score: rating.score,
      scale: rating.scale,
    },
    link: `/workbench/${conversation.id}`,
    key: `rating.low:${rating.id}`,
  })
}
