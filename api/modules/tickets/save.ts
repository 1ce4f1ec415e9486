/** The one way to write a ticket's row. */
import type { PartialModelObject } from 'objection'
import type { Ctx } from '../../core/context.ts'
import { announceLater } from './announce.ts'
import type { TicketRow } from './model.ts'

export type TicketColumns = PartialModelObject<TicketRow>

/**
 * Writes a locked row, bumps its version, and lets its readers know after the commit. Neither history nor events: the use case says what it was.
 * `row` is brought up to date in place, so that later steps of the transaction see it as it is.
 */
export async function saveTicket(ctx: Ctx, row: TicketRow, patch: TicketColumns): Promise<TicketRow> {
  announceLater(ctx, row.id, row)
  return row.$query(ctx.trx).patchAndFetch({ ...patch, version: row.version + 1, updated_at: ctx.now, last_activity_at: ctx.now })
}
