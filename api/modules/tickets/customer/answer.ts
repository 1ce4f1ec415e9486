/** The customer's word on how it ended: it is solved, it is not, it is not after all, and what he thinks of it. */
import type { Ctx, CustomerActor } from '../../../core/context.ts'
import { Conflict } from '../../../core/errors.ts'
import { newId } from '../../../core/ids.ts'
import { Account } from '../../identity/index.ts'
import { notify } from '../../notifications/index.ts'
import { ConfirmationRow, TicketRatingRow } from '../ending/model.ts'
import { endingSettingsOf } from '../ending/settings.ts'
import { peopleBehind } from '../follow-ups/people-behind.ts'
import { recordTicketEvent } from '../history.ts'
import type { TicketRow } from '../model.ts'
import { moveTicket } from '../moves.ts'
import { saveTicket } from '../save.ts'
import { isOver } from '../states.ts'
import { type CustomerReach, lockOwn } from './reach.ts'
import { mayReopen } from './rules.ts'

type News = 'ticket.confirmed' | 'ticket.rejected' | 'ticket.reopened'

async function tell(ctx: Ctx, row: TicketRow, kind: News): Promise<void> {
  await notify(ctx, {
    to: await peopleBehind(ctx, row),
    kind,
    params: { number: row.number, title: row.title },
    link: `/tickets/${row.id}`,
    key: `${kind}:${row.id}:${row.version}`,
  })
}

const latestConfirmation = (ctx: Ctx, ticketId: string) =>
  ConfirmationRow.query(ctx.trx)
    .where({ ticket_id: ticketId })
    .orderBy([
      { column: 'asked_at', order: 'desc' },
      { column: 'id', order: 'desc' },
    ])
    .first()

/** Said twice, it is said once. @throws NotFound; Conflict `ticket_not_awaiting` */
export async function confirm(ctx: Ctx<CustomerActor>, reach: CustomerReach, id: string): Promise<void> {
  const row = await lockOwn(ctx, reach, id)
  if (row.status !== 'awaiting_confirmation') {
    if (isOver(row.status) && (await latestConfirmation(ctx, row.id))?.state === 'confirmed') return
    throw new Conflict('ticket_not_awaiting', 'nothing to confirm', { status: row.status })
  }
  await tell(ctx, await moveTicket(ctx, row, 'resolved'), 'ticket.confirmed')
}

/** It goes back to whoever had it, with what is missing. @throws NotFound; Conflict `ticket_not_awaiting` */
export async function reject(ctx: Ctx<CustomerActor>, reach: CustomerReach, { id, reason }: { id: string; reason: string }): Promise<void> {
  const row = await lockOwn(ctx, reach, id)
  if (row.status !== 'awaiting_confirmation') throw new Conflict('ticket_not_awaiting', 'nothing to reject', { status: row.status })
  await ConfirmationRow.query(ctx.trx).where({ ticket_id: row.id, state: 'open' }).patch({ reason })
  await tell(ctx, await backToWork(ctx, row, reason), 'ticket.rejected')
}

/** @throws NotFound; Conflict `ticket_not_ended`, `ticket_reopen_over` */
export async function reopen(ctx: Ctx<CustomerActor>, reach: CustomerReach, { id, reason }: { id: string; reason: string }): Promise<void> {
  const row = await lockOwn(ctx, reach, id)
  if (!isOver(row.status) || row.merged_into !== null)
    throw new Conflict('ticket_not_ended', 'it is being worked on', { status: row.status })
  const { reopen_days: days } = await endingSettingsOf(ctx)
  if (!mayReopen(row, days, ctx.now)) throw new Conflict('ticket_reopen_over', 'too late to reopen', { days })
  await tell(ctx, await backToWork(ctx, row, reason), 'ticket.reopened')
}

/** To whom it was; who has left meanwhile is not waited for. */
async function backToWork(ctx: Ctx, row: TicketRow, reason: string): Promise<TicketRow> {
  const before = row.assignee_id === null ? undefined : await Account.query(ctx.trx).findById(row.assignee_id).select('status')
  return moveTicket(ctx, row, before?.status === 'active' ? 'in_progress' : 'unassigned', { reason })
}

const LOW = 2

/** Once for each time it ended. @throws NotFound; Conflict `ticket_not_ended`, `ticket_rated` */
export async function rateTicket(
  ctx: Ctx<CustomerActor>,
  reach: CustomerReach,
  { id, score, comment }: { id: string; score: number; comment?: string | undefined },
): Promise<void> {
  const row = await lockOwn(ctx, reach, id)
  const { rating } = await endingSettingsOf(ctx)
  if (!rating || !isOver(row.status) || row.merged_into !== null) throw new Conflict('ticket_not_ended', 'not to be rated now', {})
  const round = row.reopened_count
  const given = await TicketRatingRow.query(ctx.trx).findOne({ ticket_id: row.id, round })
  if (given) throw new Conflict('ticket_rated', 'this ticket has been rated', { score: given.score })
  const rated = {
    id: newId(),
    ticket_id: row.id,
    round,
    score,
    comment: comment?.trim() ? comment.trim() : null,
    agent_id: row.assignee_id,
    team_id: row.team_id,
    identity_id: reach.identityId,
    created_at: ctx.now,
  }
  await TicketRatingRow.query(ctx.trx).insert(rated)
  const saved = await saveTicket(ctx, row, {})
  await recordTicketEvent(ctx, saved, { kind: 'rated', params: { score } })
  ctx.emit({ name: 'ticket.rated', subjectId: row.id, payload: { ratingId: rated.id, score, agentId: rated.agent_id } })
  if (score > LOW) return
  const supervisors = await peopleBehind(ctx, { assignee_id: null, team_id: row.team_id })
  await notify(ctx, {
    to: [...new Set([...supervisors, ...(row.assignee_id === null ? [] : [row.assignee_id])])],
    kind: 'ticket.rated_low',
    params: { number: row.number, title: row.title, score },
    link: `/tickets/${row.id}`,
    key: `ticket.rated_low:${rated.id}`,
  })
}
