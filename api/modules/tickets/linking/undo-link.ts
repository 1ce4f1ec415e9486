import { TICKET_LINK_UNDO_DAYS } from '../../../contract/ticket-terms.ts'
import type { Ctx, StaffActor } from '../../../core/context.ts'
import { Conflict, NotFound } from '../../../core/errors.ts'
import { record } from '../../audit/index.ts'
import { ableStaff } from '../assigning/able.ts'
import { takeBackFollowUps } from '../follow-ups/move-follow-ups.ts'
import { recordTicketEvent } from '../history.ts'
import { TicketRow } from '../model.ts'
import { moveTicket } from '../moves.ts'
import { ticketFor } from '../policy.ts'
import { saveTicket } from '../save.ts'
import { isOver, isPool } from '../states.ts'
import { TicketLinkRow } from './model.ts'

export const undoUntil = (linkedAt: Date): Date => new Date(linkedAt.getTime() + TICKET_LINK_UNDO_DAYS * 86_400_000)

/**
 * Merged tickets part, a split one is one again; what was written in between stays where it was written. Within 30 days.
 * @throws NotFound outside one's scope; Conflict `link_undone`, `link_undo_expired`, `ticket_closed`, `ticket_merged`; as `ticketFor`
 */
export async function undoTicketLink(ctx: Ctx<StaffActor>, id: string): Promise<TicketLinkRow> {
  const known = await TicketLinkRow.query(ctx.trx).findById(id).select('from_id', 'into_id', 'kind')
  if (!known) throw new NotFound('link')
  const { from, into } = await lockedFor(ctx, known)
  const link = await TicketLinkRow.query(ctx.trx).findById(id).forNoKeyUpdate().throwIfNotFound()
  if (link.undone_at !== null) throw new Conflict('link_undone', 'undone already', { undoneAt: link.undone_at.toISOString() })
  if (undoUntil(link.linked_at) < ctx.now) throw new Conflict('link_undo_expired', 'it is too late for that')
  if (link.kind === 'split') await refuseMerged(ctx, into)
  await link.$query(ctx.trx).patch({ undone_at: ctx.now, undone_by: ctx.actor.accountId })
  if (link.kind === 'merge') await part(ctx, from, into, link)
  else await rejoin(ctx, from, into, link)
  await record(ctx, {
    action: link.kind === 'merge' ? 'ticket.merge_undone' : 'ticket.split_undone',
    object: { kind: 'ticket', id: from.id, label: from.number },
    context: { into: into.number, intoId: into.id, linkId: id },
  })
  return link
}

/** Locked in the order of ids, as everywhere; what goes on must be one's to merge and split, the other one within one's scope. */
async function lockedFor(ctx: Ctx<StaffActor>, link: Pick<TicketLinkRow, 'from_id' | 'into_id' | 'kind'>) {
  const rows = await TicketRow.query(ctx.trx).whereIn('id', [link.from_id, link.into_id]).orderBy('id').forNoKeyUpdate()
  const main = link.kind === 'merge' ? link.into_id : link.from_id
  await ticketFor(ctx, main, 'merge')
  await ticketFor(ctx, main === link.from_id ? link.into_id : link.from_id, 'view')
  const [from, into] = [link.from_id, link.into_id].map((each) => rows.find((row) => row.id === each))
  if (!from || !into) throw new NotFound('ticket')
  return { from, into }
}

/** What was merged since is parted first: else one would lead to a ticket that leads on, and its customer nowhere. */
async function refuseMerged(ctx: Ctx, into: TicketRow): Promise<void> {
  if (into.merged_into !== null) throw new Conflict('ticket_merged', 'it was merged into another one', { into: into.merged_into })
  const merged = await TicketLinkRow.query(ctx.trx).where({ kind: 'merge', into_id: into.id }).whereNull('undone_at').resultSize()
  if (merged > 0) throw new Conflict('ticket_merged', 'others are merged into it: undo that first')
}

async function part(ctx: Ctx<StaffActor>, from: TicketRow, into: TicketRow, link: TicketLinkRow): Promise<void> {
  await putBack(ctx, from, link)
  await recordTicketEvent(ctx, from, { kind: 'merge_undone', params: { number: into.number, ticketId: into.id } })
  const kept = await saveTicket(ctx, into, {})
  await recordTicketEvent(ctx, kept, { kind: 'merge_undone', params: { number: from.number, ticketId: from.id } })
}

/** As it was: open with whoever had it, if he still works with tickets, else in the pool. What was over stays over. */
async function putBack(ctx: Ctx<StaffActor>, from: TicketRow, link: TicketLinkRow): Promise<void> {
  const former = link.from_status ?? 'unassigned'
  if (isOver(former)) {
    await saveTicket(ctx, from, { merged_into: null })
    return
  }
  const holderId = link.from_assignee_id
  const able = !isPool(former) && holderId !== null && (await ableStaff(ctx.trx, [holderId])).has(holderId)
  const columns = { merged_into: null, reopened_count: from.reopened_count }
  const held = { ...columns, assignee_id: holderId, assigned_at: from.assigned_at ?? ctx.now }
  const params = { undone: 'merge' }
  await moveTicket(ctx, from, able ? 'in_progress' : 'unassigned', { trusted: true, columns: able ? held : columns, params })
  if (able && (former === 'waiting_customer' || former === 'on_hold')) await moveTicket(ctx, from, former, { trusted: true, params })
}

/** The one that was split off leads back to the first from now on: its customer finds that behind his link, and has nothing to reopen or to rate. */
async function rejoin(ctx: Ctx<StaffActor>, from: TicketRow, into: TicketRow, link: TicketLinkRow): Promise<void> {
  await takeBackFollowUps(ctx, link.follow_up_ids, { from: into.id, to: from.id })
  const params = { number: from.number, ticketId: from.id }
  const pointing = { merged_into: from.id }
  if (into.status === 'closed') await saveTicket(ctx, into, pointing)
  else await moveTicket(ctx, into, 'closed', { trusted: true, columns: pointing, params: { undone: 'split' } })
  await recordTicketEvent(ctx, into, { kind: 'split_undone', params })
  const kept = await saveTicket(ctx, from, {})
  await recordTicketEvent(ctx, kept, { kind: 'split_undone', params: { number: into.number, ticketId: into.id } })
}
