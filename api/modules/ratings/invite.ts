/** Asking the customer what he thinks: by hand, or by rule when a conversation has ended. Once a conversation. */
import { z } from 'zod'
import type { RatingForm } from '../../contract/rating.ts'
import type { Ctx, StaffActor } from '../../core/context.ts'
import { Conflict, Forbidden } from '../../core/errors.ts'
import type { StoredEvent } from '../../core/events/domain-events.ts'
import { newId } from '../../core/ids.ts'
import { accountsOf, kindOf } from '../channels/index.ts'
import { concerns, conversationFor, ConversationRow, MessageRow, speak, speaksEnglish } from '../conversations/index.ts'
import { ratingLink } from './link.ts'
import { InvitationRow, RuleRow } from './model.ts'
import { asksFor, mayBeAsked, questionPart } from './rules.ts'
import { settingsOf } from './settings.ts'

const lockConversation = (ctx: Ctx, id: string) => ConversationRow.query(ctx.trx).findById(id).forNoKeyUpdate().throwIfNotFound()

export const mayInvite = async (ctx: Ctx<StaffActor>, row: Pick<ConversationRow, 'id' | 'assignee_id'>): Promise<boolean> => {
  const { permissions } = ctx.actor
  return permissions.has('conversations.reply') && (permissions.has('conversations.reply_all') || (await concerns(ctx, row)))
}

/**
 * An agent asks, during the conversation or after it. What the channel did not let out may be asked again.
 * @throws NotFound, Forbidden; Conflict `rating_invited`, `rating_without_agent`
 */
export async function inviteByHand(ctx: Ctx<StaffActor>, conversationId: string): Promise<InvitationRow> {
  const seen = await conversationFor(ctx, conversationId, 'view')
  if (!(await mayInvite(ctx, seen))) throw new Forbidden('forbidden', 'this conversation is somebody else’s')
  const row = await lockConversation(ctx, conversationId)
  const agentId = row.assignee_id
  if (agentId === null || !mayBeAsked(row)) throw new Conflict('rating_without_agent', 'nobody has served here')
  const earlier = await InvitationRow.query(ctx.trx).findOne({ conversation_id: row.id })
  if (earlier && (await wasAsked(ctx, earlier)))
    throw new Conflict('rating_invited', 'this customer has been asked', { at: earlier.created_at })
  return send(ctx, row, { agentId, earlier, trigger: 'agent', invitedBy: ctx.actor.accountId })
}

/** Whether the question is with the customer, or on its way; one that the channel kept back or could not deliver is not. */
export async function wasAsked(ctx: Ctx, { message_id: id }: InvitationRow): Promise<boolean> {
  if (id === null) return false
  const message = await MessageRow.query(ctx.trx).findById(id).select('delivery_state')
  return message !== undefined && message.delivery_state !== 'failed'
}

const closedPayload = z.object({ agentId: z.uuid().nullish() })

/** Whom it is about is who served when it ended, whatever happens to the conversation before this runs. */
export async function inviteByRule(ctx: Ctx, event: StoredEvent): Promise<void> {
  const rules = await RuleRow.query(ctx.trx).where({ enabled: true }).orderBy(['position', 'id'])
  if (rules.length === 0) return
  const row = await lockConversation(ctx, event.subjectId)
  const agentId = closedPayload.parse(event.payload).agentId ?? row.assignee_id
  if (agentId === null || !mayBeAsked(row)) return
  const facts = { closeReason: row.close_reason, channelAccountId: row.channel_account_id, teamId: row.team_id }
  if (!asksFor(rules, facts)) return
  const earlier = await InvitationRow.query(ctx.trx).findOne({ conversation_id: row.id })
  if (!earlier) await send(ctx, row, { agentId, earlier, trigger: 'rule', invitedBy: null })
}

interface Asking {
  agentId: string
  earlier: InvitationRow | undefined
  trigger: 'agent' | 'rule'
  invitedBy: string | null
}

async function send(ctx: Ctx, row: ConversationRow, { agentId, earlier, trigger, invitedBy }: Asking): Promise<InvitationRow> {
  const settings = await settingsOf(ctx)
  const id = earlier?.id ?? newId()
  const form = await formFor(ctx, row)
  const english = await speaksEnglish(ctx, row.id)
  const question = questionPart({
    invitationId: id,
    form,
    scale: settings.scale,
    texts: settings.texts,
    english,
    url: ratingLink(ctx.app.config, id),
  })
  const spoken = await speak(ctx, row, { key: `rating:${id}:${(earlier?.version ?? 0) + 1}`, parts: [question], importance: 'rating' })
  const facts = {
    agent_id: agentId,
    team_id: row.team_id,
    trigger,
    invited_by: invitedBy,
    form,
    scale: settings.scale,
    message_id: 'message' in spoken ? spoken.message.id : null,
    refusal: 'refused' in spoken ? spoken.refused : null,
    expires_at: new Date(ctx.now.getTime() + settings.expires_hours * 3_600_000),
    created_at: ctx.now,
  }
  if (earlier) return earlier.$query(ctx.trx).patchAndFetch({ ...facts, version: earlier.version + 1 })
  const made = { id, conversation_id: row.id, identity_id: row.identity_id, channel_account_id: row.channel_account_id, ...facts }
  const invitation = await InvitationRow.query(ctx.trx).insertAndFetch(made)
  ctx.emit({ name: 'rating.invited', subjectId: row.id, payload: { invitationId: id, sent: facts.refusal === null } })
  return invitation
}

/** On our own page a card, on platforms their menu, else words with a link. */
async function formFor(ctx: Ctx, row: ConversationRow): Promise<RatingForm> {
  const { kind } = await accountsOf(ctx.app).get(row.channel_account_id, ctx.trx)
  const entry = kindOf(ctx.app, kind)
  if (!entry.capabilities.parts.includes('menu')) return 'link'
  return entry.identify === undefined ? 'menu' : 'card'
}
