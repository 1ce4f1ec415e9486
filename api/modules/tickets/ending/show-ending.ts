import { z } from 'zod'
import type { TicketConfirmation, TicketEnding, TicketRating } from '../../../contract/ticket-ending.ts'
import type { Ctx, StaffActor } from '../../../core/context.ts'
import { draftOf } from '../../knowledge/index.ts'
import { ticketLink } from '../customer/ticket-links.ts'
import type { TicketRow } from '../model.ts'
import { ticketFor } from '../policy.ts'
import { ClosingRow, ConfirmationRow, TicketRatingRow } from './model.ts'

async function confirmationOf(ctx: Ctx, ticketId: string): Promise<TicketConfirmation | null> {
  const row = await ConfirmationRow.query(ctx.trx)
    .where({ ticket_id: ticketId })
    .orderBy([
      { column: 'asked_at', order: 'desc' },
      { column: 'id', order: 'desc' },
    ])
    .first()
  if (!row) return null
  const closing = row.state === 'open' ? await ClosingRow.query(ctx.trx).findById(ticketId) : undefined
  return {
    state: row.state,
    askedAt: row.asked_at.toISOString(),
    untold: row.untold,
    noticeAt: closing?.notice_at?.toISOString() ?? null,
    closesAt: closing?.close_at.toISOString() ?? null,
    noticedAt: closing?.noticed_at?.toISOString() ?? null,
    answeredAt: row.answered_at?.toISOString() ?? null,
    reason: row.reason,
  }
}

const names = z.array(z.object({ name: z.string() }))

async function ratingOf(ctx: Ctx, ticketId: string): Promise<TicketRating | null> {
  const row = await TicketRatingRow.query(ctx.trx).where({ ticket_id: ticketId }).orderBy('round', 'desc').first()
  if (!row) return null
  const [agent] = row.agent_id === null ? [] : names.parse(await ctx.trx('accounts').select('name').where({ id: row.agent_id }))
  return {
    score: row.score,
    comment: row.comment,
    ratedAt: row.created_at.toISOString(),
    agent: row.agent_id === null ? null : { id: row.agent_id, name: agent?.name ?? '' },
  }
}

const known = z.object({ rows: z.array(z.object({ id: z.string() })) })

/** His page opens only for whom some channel knows: what he does there is done in that identity's name, of several the one he last came with. */
export async function identityOf(ctx: Pick<Ctx, 'trx'>, ticket: Pick<TicketRow, 'identity_id' | 'customer_id'>): Promise<string | null> {
  if (ticket.identity_id !== null || ticket.customer_id === null) return ticket.identity_id
  const answer: unknown = await ctx.trx.raw(
    `select id from customer_identities where customer_id = ? and channel_account_id is not null order by last_seen_at desc, id desc limit 1`,
    [ticket.customer_id],
  )
  return known.parse(answer).rows[0]?.id ?? null
}

/** @throws NotFound outside one's scope */
export async function showEnding(ctx: Ctx<StaffActor>, id: string): Promise<TicketEnding> {
  const row = await ticketFor(ctx, id, 'view')
  const article = await draftOf(ctx, { kind: 'ticket', id })
  const reachable = (await identityOf(ctx, row)) !== null
  return {
    solution: row.solution,
    confirmation: await confirmationOf(ctx, id),
    rating: await ratingOf(ctx, id),
    urges: row.urges,
    lastUrgedAt: row.last_urged_at?.toISOString() ?? null,
    article: article ? { id: article.id, title: article.title } : null,
    customerLink: reachable ? ticketLink(ctx.app.config, { kind: 'ticket', id }, ctx.now) : null,
  }
}
