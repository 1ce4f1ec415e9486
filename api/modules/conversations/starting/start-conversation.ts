import { z } from 'zod'
import type { Reach, startRequest } from '../../../contract/ending.ts'
import type { Ctx, StaffActor } from '../../../core/context.ts'
import { Conflict, NotFound } from '../../../core/errors.ts'
import { newId } from '../../../core/ids.ts'
import { record } from '../../audit/index.ts'
import { customerFor, IdentityRow, shownName } from '../../customers/index.ts'
import { refuseBlocked } from '../blocking/block-customer.ts'
import { announceConversation } from '../announce.ts'
import { appendNotice } from '../append-message.ts'
import { ConversationRow, type MessageRow } from '../model.ts'
import { sees } from '../policy.ts'
import { reply } from '../reply.ts'
import { reachesOf } from './reach.ts'

type StartInput = z.infer<typeof startRequest>

export interface Started {
  conversationId: string
  started: boolean
  message: MessageRow
}

/**
 * An agent writes first (BP-004). The channel's window, purse and templates bind him as in any answer. The same `clientKey` gives the same message.
 * It takes the identity's lock, as the intake does: when the customer writes that very moment there is one conversation, whoever was first.
 * @throws NotFound outside one's scope; Conflict `customer_blocked`, `not_reachable` with `{ obstacle }`, `already_assigned`, and what `reply` throws
 */
export async function startConversation(ctx: Ctx<StaffActor>, customerId: string, input: StartInput): Promise<Started> {
  const customer = await customerFor(ctx, customerId)
  const earlier = await earlierOf(ctx, customerId, input.clientKey)
  if (earlier !== null) return { conversationId: earlier, started: false, message: await answer(ctx, earlier, input) }
  await refuseBlocked(ctx, customerId)
  const reach = chosenReach(await reachesOf(ctx, customerId), input)
  const identity = await IdentityRow.query(ctx.trx).findOne({ id: reach.identityId, customer_id: customerId }).forNoKeyUpdate()
  if (!identity) throw new NotFound('identity')
  // Under the lock again: a second request with the same key waited here for the first.
  const raced = await earlierOf(ctx, customerId, input.clientKey)
  if (raced !== null) return { conversationId: raced, started: false, message: await answer(ctx, raced, input) }
  const open = await ConversationRow.query(ctx.trx)
    .findOne({ identity_id: identity.id, kind: 'direct' })
    .whereNot('status', 'closed')
    .forNoKeyUpdate()
  if (open) return { conversationId: open.id, started: false, message: await goOn(ctx, open, input) }
  const row = await openFor(ctx, { customerId, identityId: identity.id, channelAccountId: reach.channel.accountId })
  const message = await answer(ctx, row.id, input)
  await record(ctx, {
    action: 'conversation.started',
    object: { kind: 'conversation', id: row.id, label: shownName(customer) },
    context: { channelAccountId: reach.channel.accountId },
  })
  ctx.emit({ name: 'conversation.started', subjectId: row.id, payload: { accountId: ctx.actor.accountId } })
  return { conversationId: row.id, started: true, message }
}

const found = z.array(z.object({ id: z.string() }))

/** The conversation in which this key was used, by the same person. */
async function earlierOf(ctx: Ctx<StaffActor>, customerId: string, clientKey: string): Promise<string | null> {
  const rows = await ctx
    .trx('conversations as v')
    .join('messages as m', 'm.conversation_id', 'v.id')
    .where({ 'v.customer_id': customerId, 'm.client_key': clientKey, 'm.author_id': ctx.actor.accountId })
    .select('v.id')
    .limit(1)
  return found.parse(rows)[0]?.id ?? null
}

const answer = (ctx: Ctx<StaffActor>, conversationId: string, { clientKey, parts, whenClosed }: StartInput) =>
  reply(ctx, conversationId, { clientKey, parts, ...(whenClosed ? { whenClosed } : {}) })

/** Already talking: with him it is one more answer, with somebody else he is told with whom; in a queue that he does not serve, that it waits there. */
async function goOn(ctx: Ctx<StaffActor>, open: ConversationRow, input: StartInput): Promise<MessageRow> {
  const { assignee_id: id } = open
  if (open.status === 'queued' && !(await sees(ctx, open)))
    throw new Conflict('not_reachable', 'he waits for another team', { obstacle: 'waiting_elsewhere' satisfies Reach['obstacle'] })
  if (id !== null && id !== ctx.actor.accountId && !ctx.actor.permissions.has('conversations.reply_all'))
    throw new Conflict('already_assigned', 'somebody has this conversation', { assignee: await nameOf(ctx, id), conversationId: open.id })
  return answer(ctx, open.id, input)
}

const people = z.array(z.object({ id: z.string(), name: z.string() }))
const nameOf = async (ctx: Ctx, id: string) => people.parse(await ctx.trx('accounts').where({ id }).select('id', 'name'))[0] ?? null

/** Pure. What is asked for by account must be possible there; else the best. */
export function chosenReach(reaches: readonly Reach[], input: Pick<StartInput, 'channelAccountId' | 'parts' | 'whenClosed'>): Reach {
  const template = input.parts.every((part) => part.type === 'template')
  const candidates = reaches.filter(({ channel }) => input.channelAccountId === undefined || channel.accountId === input.channelAccountId)
  const fits = ({ ways }: Reach) =>
    template ? ways.includes('template') : ways.includes('message') || (input.whenClosed === 'hold' && ways.includes('hold'))
  // One that does not fit is still tried: the refusal then says what is left of the window. One that cannot be used at all is not.
  const reach = candidates.find(fits) ?? candidates.find(({ ways, obstacle }) => ways.length > 0 || obstacle === 'taken')
  if (!reach) throw new Conflict('not_reachable', 'this customer cannot be reached', { obstacle: candidates[0]?.obstacle ?? null })
  return reach
}

/** Waits for nobody: the answer that follows in the same transaction accepts it. */
async function openFor(
  ctx: Ctx<StaffActor>,
  of: { customerId: string; identityId: string; channelAccountId: string },
): Promise<ConversationRow> {
  const row = await ConversationRow.query(ctx.trx).insertAndFetch({
    id: newId(),
    status: 'queued',
    customer_id: of.customerId,
    identity_id: of.identityId,
    channel_account_id: of.channelAccountId,
    queued_at: ctx.now,
    created_at: ctx.now,
    updated_at: ctx.now,
  })
  await appendNotice(ctx, row, 'conversation_started', { name: ctx.actor.name })
  await announceConversation(ctx, row.id)
  return row
}
