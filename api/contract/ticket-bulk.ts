/** The same changes to many tickets; each by itself, and each says what became of it (BP-013.5). */
import { BULK_AT_ONCE } from './ticket-terms.ts'
import { z } from 'zod'
import { ticketActionSchema } from './ticket-action.ts'

export const ticketBulkRequest = z.strictObject({
  items: z
    .array(z.strictObject({ id: z.uuid(), version: z.int().positive().optional() }))
    .min(1)
    .max(BULK_AT_ONCE),
  actions: z.array(ticketActionSchema).min(1).max(10),
})
