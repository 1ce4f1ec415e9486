import { z } from 'zod'
import type { customerTicketListQuery, CustomerTicketPage, CustomerTicketSummary } from '../../../contract/ticket-customer.ts'
import { OPEN_STATUSES, TICKET_STATUSES } from '../../../contract/ticket-status.ts'
import type { Ctx } from '../../../core/context.ts'
import { decodeTimeCursor, encodeCursor } from '../../../core/cursor.ts'
import { STATE_OF } from './customer-state.ts'
import { typesForCustomers } from './form-fields.ts'
import { type CustomerReach, reachedTickets } from './reach.ts'

const rowSchema = z.object({
  id: z.string(),
  number: z.string(),
  title: z.string(),
  status: z.enum(TICKET_STATUSES),
  created_at: z.date(),
  status_since: z.date(),
  sort_key: z.string(),
})

const present = (row: z.infer<typeof rowSchema>): CustomerTicketSummary => ({
  id: row.id,
  number: row.number,
  title: row.title,
  state: STATE_OF[row.status],
  createdAt: row.created_at.toISOString(),
  updatedAt: row.status_since.toISOString(),
})

/** Newest first; those that became part of another are read there. */
export async function listOwn(
  ctx: Ctx,
  reach: CustomerReach,
  query: z.output<typeof customerTicketListQuery>,
): Promise<CustomerTicketPage> {
  const after = decodeTimeCursor(query.cursor)
  const { sql, bindings } = reachedTickets(reach)
  const found: unknown = await ctx
    .trx('tickets as t')
    .whereRaw(sql, bindings)
    .whereNull('t.merged_into')
    .modify((builder) => {
      if (query.state === 'open') void builder.whereIn('t.status', [...OPEN_STATUSES])
      if (query.state === 'ended') void builder.whereNotIn('t.status', [...OPEN_STATUSES])
      if (after) void builder.whereRaw('(t.created_at, t.id) < (?::timestamptz, ?::uuid)', [after.key, after.id])
    })
    .orderByRaw('t.created_at desc, t.id desc')
    .limit(query.limit + 1)
    .select('t.id', 't.number', 't.title', 't.status', 't.created_at', 't.status_since', ctx.trx.raw('t.created_at::text as sort_key'))
  const rows = z.array(rowSchema).parse(found)
  const shown = rows.slice(0, query.limit)
  const last = rows.length > query.limit ? shown.at(-1) : undefined
  return {
    tickets: shown.map(present),
    nextCursor: last ? encodeCursor(last.sort_key, last.id) : null,
    form: reach.ticketId === null ? { types: await typesForCustomers(ctx) } : null,
  }
}
