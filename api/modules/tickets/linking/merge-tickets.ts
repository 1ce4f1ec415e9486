import { Conflict, Invalid } from '../../../core/errors.ts'
import type { Ctx, StaffActor } from '../../../core/context.ts'
import { newId } from '../../../core/ids.ts'
import { record } from '../../audit/index.ts'
import { recordTicketEvent } from '../history.ts'
import type { TicketRow } from '../model.ts'
import { moveTicket } from '../moves.ts'
import { ticketFor } from '../policy.ts'
import { saveTicket } from '../save.ts'
import { TicketLinkRow } from './model.ts'

/** So many in one is no matter any more but a dump. */
const MAX_MERGED = 50

/**
 * Two tickets about one matter go on as one (BP-006.9): this one is closed and points to the other, where work goes on. What was written stays where it was
 * written and is reached through the link, so undoing has only the state and the holder to put back.
 * @throws Invalid; Conflict `version_conflict`, `different_customers`, `ticket_without_customer`, `ticket_merged`, `ticket_closed`, `limit_reached`; as `ticketFor`
 * @returns id of the link
 */
export async function mergeTickets(ctx: Ctx<StaffActor>, fromId: string, wish: { intoId: string; version: number }): Promise<string> {
  if (fromId === wish.intoId) throw new Invalid('invalid_request', 'a ticket cannot be merged with itself')
  const { from, into } = await bothLocked(ctx, fromId, wish.intoId)
  if (from.version !== wish.version) throw new Conflict('version_conflict', 'this ticket has changed', { version: from.version })
  await refuseUnfit(ctx, from, into)
  const link = await TicketLinkRow.query(ctx.trx).insertAndFetch({
    id: newId(),
    kind: 'merge',
    from_id: from.id,
    into_id: into.id,
    from_status: from.status,
    from_assignee_id: from.assignee_id,
    linked_by: ctx.actor.accountId,
    linked_at: ctx.now,
  })
  const pointing = { merged_into: into.id }
  const params = { number: into.number, ticketId: into.id }
  // Whoever had it stays named on it: undoing gives it back to him.
  if (from.status === 'closed') await saveTicket(ctx, from, pointing)
  else await moveTicket(ctx, from, 'closed', { trusted: true, columns: pointing, params: { merged: params } })
  await recordTicketEvent(ctx, from, { kind: 'merged_away', params })
  const kept = await saveTicket(ctx, into, {})
  await recordTicketEvent(ctx, kept, { kind: 'merged_here', params: { number: from.number, ticketId: from.id } })
  await record(ctx, {
    action: 'ticket.merged',
    object: { kind: 'ticket', id: from.id, label: from.number },
    context: { into: into.number, intoId: into.id, linkId: link.id },
  })
  ctx.emit({ name: 'ticket.merged', subjectId: from.id, payload: { into: into.id } })
  return link.id
}

/** Always in the same order, so that two who merge the two ways round take turns. */
export async function bothLocked(ctx: Ctx<StaffActor>, fromId: string, intoId: string): Promise<{ from: TicketRow; into: TicketRow }> {
  const [first, second] = [fromId, intoId].sort()
  const one = await ticketFor(ctx, first ?? '', 'merge')
  const other = await ticketFor(ctx, second ?? '', 'merge')
  return one.id === fromId ? { from: one, into: other } : { from: other, into: one }
}

/** Whoever it is of must be able to follow it to the other. */
function refuseStrangers(from: TicketRow, into: TicketRow): void {
  if (from.customer_id === null || from.customer_id === into.customer_id) return
  if (into.customer_id === null)
    throw new Conflict('ticket_without_customer', 'its customer would lose sight of it', { number: into.number })
  throw new Conflict('different_customers', 'one would read what the other one wrote')
}

async function refuseUnfit(ctx: Ctx, from: TicketRow, into: TicketRow): Promise<void> {
  if (into.status === 'closed')
    throw new Conflict('ticket_closed', 'what goes on cannot become part of what is over', { number: into.number })
  refuseStrangers(from, into)
  const merged = await TicketLinkRow.query(ctx.trx)
    .where({ kind: 'merge' })
    .whereNull('undone_at')
    .whereIn('into_id', [from.id, into.id])
    .select('into_id')
  if (merged.some((row) => row.into_id === from.id)) throw new Conflict('ticket_merged', 'others are merged into this one: undo that first')
  if (merged.length >= MAX_MERGED) throw new Conflict('limit_reached', 'enough tickets are merged here', { max: MAX_MERGED })
}
