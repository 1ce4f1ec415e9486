/**
 * Going on after the end (BP-004.8). A closed conversation stays closed: a new one continues it and says which. So each has one end, one wrap-up, one
 * rating and one set of figures, messages keep their place, and "one open conversation per identity" stays an index.
 */
import type { z } from 'zod'
import type { reopenRequest } from '../../../contract/ending.ts'
import type { Ctx, StaffActor } from '../../../core/context.ts'
import { Conflict, NotFound } from '../../../core/errors.ts'
import { newId } from '../../../core/ids.ts'
import { record } from '../../audit/index.ts'
import { IdentityRow } from '../../customers/index.ts'
import { enterQueue } from '../../routing/index.ts'
import { acceptLocked } from '../accept-conversation.ts'
import { announceConversation } from '../announce.ts'
import { drainQueue } from '../assign-conversation.ts'
import { refuseBlocked } from '../blocking/block-customer.ts'
import { ConversationRow } from '../model.ts'
import { conversationFor, refuseOthers } from '../policy.ts'
import { appendContinues } from './returning.ts'

/**
 * By hand: by who had it, or by who assigns. Takes the identity's lock first, as the intake does, so that a customer who writes this moment and an
 * agent who reopens make one conversation.
 * @returns the new conversation
 * @throws Conflict `conversation_not_closed`, `conversation_open` with its id, `customer_blocked`, `conversation_merged`, `at_capacity`
 */
export async function reopenConversation(ctx: Ctx<StaffActor>, id: string, { to }: z.infer<typeof reopenRequest>): Promise<string> {
  const seen = await conversationFor(ctx, id, 'view')
  await IdentityRow.query(ctx.trx).findById(seen.identity_id).forNoKeyUpdate().select('id')
  const former = await ConversationRow.query(ctx.trx).findById(id).forNoKeyUpdate()
  if (!former || former.kind !== 'direct') throw new NotFound('conversation')
  await refuseOthers(ctx, former)
  if (former.status !== 'closed') throw new Conflict('conversation_not_closed', 'this conversation is not closed')
  if (former.merged_into !== null)
    throw new Conflict('conversation_merged', 'it goes on in another', { conversationId: former.merged_into })
  await refuseBlocked(ctx, former.customer_id)
  await refuseSecond(ctx, former.identity_id)
  const row = await continueFormer(ctx, former)
  await record(ctx, { action: 'conversation.reopened', object: { kind: 'conversation', id: row.id }, context: { continues: id, to } })
  ctx.emit({ name: 'conversation.reopened', subjectId: row.id, payload: { continues: id, by: ctx.actor.accountId } })
  if (to === 'me') await acceptLocked(ctx, row)
  else await toTheQueue(ctx, row, former.assignee_id)
  return row.id
}

async function refuseSecond(ctx: Ctx, identityId: string): Promise<void> {
  const open = await ConversationRow.query(ctx.trx)
    .findOne({ identity_id: identityId, kind: 'direct' })
    .whereNot('status', 'closed')
    .select('id')
  if (open) throw new Conflict('conversation_open', 'he has an open conversation', { conversationId: open.id })
}

async function continueFormer(ctx: Ctx, former: ConversationRow): Promise<ConversationRow> {
  const row = await ConversationRow.query(ctx.trx).insertAndFetch({
    id: newId(),
    status: 'queued',
    customer_id: former.customer_id,
    identity_id: former.identity_id,
    channel_account_id: former.channel_account_id,
    team_id: former.team_id,
    business_type_id: former.business_type_id,
    continues_id: former.id,
    source: former.source,
    last_message: former.last_message,
    last_seq: 1,
    queued_at: ctx.now,
    created_at: ctx.now,
    updated_at: ctx.now,
  })
  await appendContinues(ctx, [{ id: row.id, former: { id: former.id, closedAt: former.closed_at ?? ctx.now } }])
  return row
}

/** In the order of the queue as if he had just come; its former agent first, if he is there. */
async function toTheQueue(ctx: Ctx, row: ConversationRow, formerAgentId: string | null): Promise<void> {
  await enterQueue(ctx, [
    {
      work: { kind: 'conversation', id: row.id },
      customerId: row.customer_id,
      channelAccountId: row.channel_account_id,
      teamId: row.team_id,
      businessTypeId: row.business_type_id,
      preferredAccountId: formerAgentId,
      waitingSince: ctx.now,
    },
  ])
  ctx.emit({ name: 'conversation.queued', subjectId: row.id })
  await announceConversation(ctx, row.id)
  ctx.afterCommit(() => drainQueue(ctx.app))
}
