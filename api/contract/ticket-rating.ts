/** What customers thought of how their tickets were handled (MOD-10), for those who answer for it. One rating for each time a ticket ended. */
import { z } from 'zod'
import { listQuery } from './list.ts'

const named = z.object({ id: z.uuid(), name: z.string() })
export const ticketRatingItemSchema = z.object({
  id: z.uuid(),
  /** 1 to 5. */
  score: z.int().min(1).max(5),
  comment: z.string().nullable(),
  ratedAt: z.iso.datetime(),
  ticket: z.object({ id: z.uuid(), number: z.string(), title: z.string() }),
  /** Who had it when it ended. */
  agent: named.nullable(),
  team: named.nullable(),
  customer: z.object({ id: z.uuid(), name: z.string().nullable(), tail: z.string() }).nullable(),
})
export type TicketRatingItem = z.infer<typeof ticketRatingItemSchema>

const filters = {
  agentId: z.uuid().optional(),
  teamId: z.uuid().optional(),
  /** From and up to these scores. */
  least: z.coerce.number().int().min(1).max(5).optional(),
  most: z.coerce.number().int().min(1).max(5).optional(),
  commented: z.enum(['true', 'false']).optional(),
  from: z.iso.datetime({ offset: true }).optional(),
  to: z.iso.datetime({ offset: true }).optional(),
}
export const ticketRatingListQuery = listQuery.extend(filters)
export const ticketRatingSummaryQuery = z.strictObject(filters)

const average = z.number().min(1).max(5)
/** `of` null: nobody had them, or no team. */
const share = z.object({ of: named.nullable(), count: z.int().positive(), average })
export type TicketRatingShare = z.infer<typeof share>
export const ticketRatingSummarySchema = z.object({
  count: z.int().nonnegative(),
  /** Null: none. */
  average: average.nullable(),
  /** Of 1 and 2. */
  low: z.int().nonnegative(),
  /** Those with the most ratings first, at most fifty. */
  byAgent: z.array(share),
  byTeam: z.array(share),
})
export type TicketRatingSummary = z.infer<typeof ticketRatingSummarySchema>
