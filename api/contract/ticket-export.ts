/** A list of tickets as a spreadsheet: a link for one person, for ten minutes (BP-013.7). */
import { z } from 'zod'
import { slaWarningQuery } from './sla.ts'
import { ticketFilters } from './ticket.ts'
import { TICKET_SORTS } from './ticket-terms.ts'

/** A filter as of the list, the warnings of the clocks, or a selection. */
export const ticketExportRequest = z.strictObject({
  tickets: z.union([
    z.strictObject({ filter: ticketFilters, sort: z.enum(TICKET_SORTS).default('-activity') }),
    z.strictObject({ warnings: slaWarningQuery.omit({ limit: true, cursor: true }) }),
    z.strictObject({ ids: z.array(z.uuid()).min(1).max(1000) }),
  ]),
  format: z.enum(['xlsx', 'csv']).default('xlsx'),
})
export type TicketExportRequest = z.output<typeof ticketExportRequest>
export const ticketExportSchema = z.object({ url: z.string(), expiresAt: z.iso.datetime() })
