import type { z } from 'zod'
import type { ticketSplitRequest } from '../../../contract/ticket-linking.ts'
import type { Ctx, StaffActor } from '../../../core/context.ts'
import { Conflict } from '../../../core/errors.ts'
import { newId } from '../../../core/ids.ts'
import { record } from '../../audit/index.ts'
import { createTicket } from '../create.ts'
import { moveFollowUps } from '../follow-ups/move-follow-ups.ts'
import { recordTicketEvent } from '../history.ts'
import type { TicketRow } from '../model.ts'
import { ticketFor } from '../policy.ts'
import { saveTicket } from '../save.ts'
import { TicketLinkRow } from './model.ts'

/**
 * Another matter in the same ticket gets a ticket of its own (BP-006.9): the same customer, conversation, type and team, with a number, clocks and hands of
 * its own, and the follow-ups that belong to it. It stays with whoever has the first one.
 * @throws Conflict `version_conflict`; Invalid for follow-ups of another ticket, `ticket_type_disabled`, `ticket_fields_missing`; as `ticketFor`
 * @returns id of the link
 */
export async function splitTicket(ctx: Ctx<StaffActor>, fromId: string, wish: z.output<typeof ticketSplitRequest>): Promise<TicketLinkRow> {
  const from = await ticketFor(ctx, fromId, 'merge')
  if (from.version !== wish.version) throw new Conflict('version_conflict', 'this ticket has changed', { version: from.version })
  const into = await splitOff(ctx, from, wish)
  const followUpIds = [...new Set(wish.followUpIds)]
  await moveFollowUps(ctx, followUpIds, { from: from.id, to: into.id })
  const link = await TicketLinkRow.query(ctx.trx).insertAndFetch({
    id: newId(),
    kind: 'split',
    from_id: from.id,
    into_id: into.id,
    follow_up_ids: followUpIds,
    linked_by: ctx.actor.accountId,
    linked_at: ctx.now,
  })
  const kept = await saveTicket(ctx, from, {})
  const count = followUpIds.length
  await recordTicketEvent(ctx, kept, { kind: 'split_away', params: { number: into.number, ticketId: into.id, count } })
  await recordTicketEvent(ctx, into, { kind: 'split_here', params: { number: from.number, ticketId: from.id, count } })
  await record(ctx, {
    action: 'ticket.split',
    object: { kind: 'ticket', id: from.id, label: from.number },
    context: { into: into.number, intoId: into.id, linkId: link.id, followUps: count },
  })
  ctx.emit({ name: 'ticket.split', subjectId: from.id, payload: { into: into.id } })
  return link
}

const splitOff = (
  ctx: Ctx<StaffActor>,
  from: TicketRow,
  { title, description }: { title: string; description: string },
): Promise<TicketRow> =>
  createTicket(ctx, {
    title,
    description,
    typeId: from.type_id,
    priority: from.priority,
    fields: from.fields,
    tags: from.tags,
    teamId: from.team_id,
    assigneeId: from.assignee_id,
    customerId: from.customer_id,
    identityId: from.identity_id,
    channelAccountId: from.channel_account_id,
    conversationId: from.conversation_id,
    source: 'hand',
  })
