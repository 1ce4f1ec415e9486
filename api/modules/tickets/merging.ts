import { z } from 'zod'
import type { Merging } from '../customers/index.ts'
import { TicketRow } from './model.ts'

const moved = z.array(z.string())

/**
 * Tickets say whose they are; when two customers become one, they follow. Parting again gives back what came from the identities that go back, and of
 * tickets made by hand those that were moved.
 */
export const movedTickets: Merging = {
  kind: 'tickets',
  count: (ctx, customerId) => TicketRow.query(ctx.trx).where({ customer_id: customerId }).resultSize(),
  async merge(ctx, { from, into }) {
    const rows = await TicketRow.query(ctx.trx).where({ customer_id: from }).patch({ customer_id: into }).returning('id')
    return rows.map(({ id }) => id)
  },
  async undo(ctx, { from, into, identityIds }, done) {
    await TicketRow.query(ctx.trx)
      .where({ customer_id: into })
      .where((any) =>
        any.whereIn('identity_id', [...identityIds]).orWhere((hand) => hand.whereNull('identity_id').whereIn('id', moved.parse(done))),
      )
      .patch({ customer_id: from })
  },
}
