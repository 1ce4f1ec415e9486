/** A member of staff makes a ticket (BP-005.1): by hand, from a conversation, or through the API. */
import type { TicketCreate } from '../../contract/ticket.ts'
import type { Ctx, StaffActor } from '../../core/context.ts'
import { Conflict, Forbidden } from '../../core/errors.ts'
import { sha256 } from '../../core/secrets.ts'
import type { ConversationRow } from '../conversations/index.ts'
import { customerFor } from '../customers/index.ts'
import { checkTeam, createTicket, type NewTicket } from './create.ts'
import { dropDraft } from './drafts.ts'
import { keepFiles } from './files.ts'
import { addChecklistItems } from './follow-ups/checklist.ts'
import { noteInConversation, originFor, takeMessages } from './messages.ts'
import { TicketRow } from './model.ts'
import { putWatchers } from './watchers.ts'

/**
 * @throws Forbidden for giving it to somebody else without `tickets.assign`; NotFound for a customer, conversation or file outside his scope; Conflict
 *   `idempotency_mismatch`, `customer_merged`; as `createTicket`
 */
export async function openTicket(ctx: Ctx<StaffActor>, body: TicketCreate): Promise<TicketRow> {
  const request = body.clientKey === undefined ? undefined : { clientKey: body.clientKey, digest: sha256(JSON.stringify(body)) }
  const known = request && (await madeBefore(ctx, request))
  if (known) return known
  refuseOthers(ctx, body)
  const origin = body.from ? await originFor(ctx, body.from.conversationId) : null
  const place = origin ? placeOf(origin, body) : await placeByHand(ctx, body)
  await checkTeam(ctx, place.teamId ?? null)
  const row = await createTicket(ctx, {
    title: body.title,
    description: body.description,
    typeId: body.typeId,
    priority: body.priority,
    fields: body.fields,
    tags: body.tags,
    assigneeId: body.assigneeId,
    ...place,
    request,
    furnish: (made) => furnish(ctx, made, body),
  })
  if (body.checklist.length > 0) await addChecklistItems(ctx, row, body.checklist)
  if (origin) await noteInConversation(ctx, origin, row)
  if (body.draftId !== undefined) await dropDraft(ctx, body.draftId)
  return row
}

/** Two of the same request take turns, so that the second finds what the first has made. */
async function madeBefore(
  ctx: Ctx<StaffActor>,
  { clientKey, digest }: { clientKey: string; digest: Buffer },
): Promise<TicketRow | undefined> {
  await ctx.trx.raw('select pg_advisory_xact_lock(hashtextextended(?, 0))', [`ticket:${ctx.actor.accountId}:${clientKey}`])
  const row = await TicketRow.query(ctx.trx).findOne({ created_by: ctx.actor.accountId, client_key: clientKey })
  if (row && !row.request_digest?.equals(digest))
    throw new Conflict('idempotency_mismatch', 'this client key was used for another ticket', { ticketId: row.id })
  return row
}

function refuseOthers({ actor }: Ctx<StaffActor>, { assigneeId }: TicketCreate): void {
  if (assigneeId !== null && assigneeId !== actor.accountId && !actor.permissions.has('tickets.assign'))
    throw new Forbidden('forbidden', 'only who assigns tickets gives one to somebody else', { permission: 'tickets.assign' })
}

type Place = Pick<NewTicket, 'customerId' | 'identityId' | 'channelAccountId' | 'conversationId' | 'teamId' | 'source'>

/** Customer, channel and, where nobody says otherwise, the team are the conversation's. */
const placeOf = (origin: ConversationRow, { teamId }: TicketCreate): Place => ({
  customerId: origin.customer_id,
  identityId: origin.identity_id,
  channelAccountId: origin.channel_account_id,
  conversationId: origin.id,
  teamId: teamId === undefined ? (origin.team_id ?? undefined) : teamId,
  source: 'conversation',
})

async function placeByHand(ctx: Ctx<StaffActor>, { customerId, teamId, source }: TicketCreate): Promise<Place> {
  if (customerId !== null) await customerOf(ctx, customerId)
  return { customerId, teamId, source }
}

/** @throws NotFound outside his scope; Conflict `customer_merged` */
export async function customerOf(ctx: Ctx<StaffActor>, id: string): Promise<void> {
  const customer = await customerFor(ctx, id)
  if (customer.merged_into_id !== null)
    throw new Conflict('customer_merged', 'this customer was merged into another', { into: customer.merged_into_id })
}

async function furnish(ctx: Ctx<StaffActor>, row: TicketRow, body: TicketCreate): Promise<void> {
  await keepFiles(ctx, row.id, body.attachmentIds)
  if (body.from) await takeMessages(ctx, row.id, body.from)
  await putWatchers(ctx, row, body.watcherIds)
}
