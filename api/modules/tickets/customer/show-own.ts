/** One ticket as its customer sees it: an allow-list, so that nothing internal is in it (S22). */
import { z } from 'zod'
import type { Attachment } from '../../../contract/attachment.ts'
import type { CustomerTicket } from '../../../contract/ticket-customer.ts'
import { TICKET_STATUSES } from '../../../contract/ticket-status.ts'
import type { Ctx } from '../../../core/context.ts'
import { AttachmentRow, customerUrls, presentAttachment, type UrlMaker } from '../../files/index.ts'
import { ClosingRow, TicketRatingRow } from '../ending/model.ts'
import { type EndingSettingsRow, endingSettingsOf } from '../ending/settings.ts'
import { filesOf, parseFollowUps, selectFollowUps } from '../follow-ups/present.ts'
import type { TicketRow } from '../model.ts'
import { isOver } from '../states.ts'
import { STATE_OF, stepsOf } from './customer-state.ts'
import { fieldsFor } from './form-fields.ts'
import type { CustomerReach } from './reach.ts'
import { ownTicket } from './reach.ts'
import { mayReopen } from './rules.ts'
import { nextUrge } from './urges.ts'

const SHOWN = 200
const steps = z.object({ rows: z.array(z.object({ to: z.enum(TICKET_STATUSES), at: z.date() })) })

async function stepsUntilNow(ctx: Ctx, row: TicketRow): Promise<CustomerTicket['steps']> {
  const answer: unknown = await ctx.trx.raw(
    `select after->>'status' as to, created_at as at from ticket_events where ticket_id = ? and after->>'status' is not null order by id desc limit ?`,
    [row.id, SHOWN],
  )
  const moves = steps.parse(answer).rows.toReversed()
  return stepsOf([{ to: 'new', at: row.created_at }, ...moves]).map(({ state, at }) => ({ state, at: at.toISOString() }))
}

async function visibleFollowUps(ctx: Ctx, ticketId: string, urls: UrlMaker): Promise<CustomerTicket['followUps']> {
  const rows = parseFollowUps(
    await selectFollowUps(ctx)
      .where('f.visibility', 'customer')
      // Of tickets that were merged into it, too: what he said there is said.
      .whereRaw('f.ticket_id in (select ?::uuid union all select m.id from tickets m where m.merged_into = ?)', [ticketId, ticketId])
      .orderByRaw('f.created_at desc, f.id desc')
      .limit(SHOWN),
  ).toReversed()
  const files = await filesOf(
    ctx,
    rows.map(({ id }) => id),
    urls,
  )
  return rows.map((row) => ({
    id: row.id,
    from: row.author_kind === 'staff' ? 'service' : 'me',
    name: row.author_kind === 'staff' ? row.staff_name : null,
    text: row.body,
    files: files.get(row.id) ?? [],
    at: row.created_at.toISOString(),
  }))
}

const idRows = z.array(z.object({ attachment_id: z.string() }))

/** Those that he sent with his form; what colleagues attached is theirs. */
async function ownFiles(ctx: Ctx, ticketId: string, urls: UrlMaker): Promise<Attachment[]> {
  const links = idRows.parse(
    await ctx
      .trx('ticket_files')
      .where({ ticket_id: ticketId })
      .whereNull('follow_up_id')
      .whereNull('added_by')
      .whereNull('origin_id')
      .orderBy(['created_at', 'attachment_id'])
      .limit(SHOWN)
      .select('attachment_id'),
  )
  if (links.length === 0) return []
  const rows = await AttachmentRow.query(ctx.trx)
    .findByIds(links.map(({ attachment_id: id }) => id))
    .orderBy('id')
  return rows.filter((row) => row.identity_id !== null).map((row) => presentAttachment(row, urls))
}

const ratingOf = (ctx: Ctx, row: TicketRow) => TicketRatingRow.query(ctx.trx).findOne({ ticket_id: row.id, round: row.reopened_count })

function mayOf(
  row: TicketRow,
  settings: EndingSettingsRow,
  facts: { now: Date; rated: boolean; urgeable: boolean },
): CustomerTicket['may'] {
  const alive = row.merged_into === null
  const over = isOver(row.status)
  return {
    add: alive && !over,
    urge: alive && facts.urgeable,
    confirm: alive && row.status === 'awaiting_confirmation',
    reopen: alive && mayReopen(row, settings.reopen_days, facts.now),
    rate: alive && over && settings.rating && !facts.rated,
  }
}

/** What customers wrote themselves; what staff wrote into it may be meant for colleagues. */
const descriptionFor = (row: TicketRow): string => (row.source === 'customer' || row.source === 'off_hours' ? row.description : '')
/** Told from when he is asked about it. */
const solutionFor = (row: TicketRow): string | null => (row.status === 'awaiting_confirmation' || isOver(row.status) ? row.solution : null)

/** @throws NotFound for a ticket that is not his */
export async function showOwn(ctx: Ctx, reach: CustomerReach, id: string): Promise<CustomerTicket> {
  const row = await ownTicket(ctx, reach, id)
  const settings = await endingSettingsOf(ctx)
  const urls = customerUrls(ctx.app.config, ctx.now)
  const rating = await ratingOf(ctx, row)
  const closing = row.status === 'awaiting_confirmation' ? await ClosingRow.query(ctx.trx).findById(row.id) : undefined
  const urge = await nextUrge(ctx, row, settings)
  return {
    id: row.id,
    number: row.number,
    title: row.title,
    state: STATE_OF[row.status],
    createdAt: row.created_at.toISOString(),
    updatedAt: row.status_since.toISOString(),
    description: descriptionFor(row),
    fields: await fieldsFor(ctx, row),
    files: await ownFiles(ctx, row.id, urls),
    steps: await stepsUntilNow(ctx, row),
    followUps: await visibleFollowUps(ctx, row.id, urls),
    solution: solutionFor(row),
    closesAt: closing?.close_at.toISOString() ?? null,
    rating: rating ? { score: rating.score, comment: rating.comment } : null,
    may: mayOf(row, settings, { now: ctx.now, rated: rating !== undefined, urgeable: urge.now }),
    nextUrgeAt: urge.at?.toISOString() ?? null,
    version: row.version,
  }
}
