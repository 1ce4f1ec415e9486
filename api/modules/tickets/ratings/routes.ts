import { one, page } from '../../../contract/list.ts'
import {
  ticketRatingItemSchema,
  ticketRatingListQuery,
  ticketRatingSummaryQuery,
  ticketRatingSummarySchema,
} from '../../../contract/ticket-rating.ts'
import { route } from '../../../core/http/route.ts'
import { listTicketRatings, ticketRatingSummary } from './list-ratings.ts'

const tag = 'tickets'
const auth = { permission: 'ratings.read' } as const

export const ticketRatingRoutes = [
  route({
    method: 'GET',
    path: '/api/v1/ticket-ratings',
    summary: 'What customers thought of how their tickets were handled, newest first (MOD-10)',
    tag,
    auth,
    query: ticketRatingListQuery,
    response: page(ticketRatingItemSchema),
    handle: (ctx, { query }) => listTicketRatings(ctx, query),
  }),
  route({
    method: 'GET',
    path: '/api/v1/ticket-ratings/summary',
    summary: 'Their number and average by the same filters: of all, of each person and of each team',
    tag,
    auth,
    query: ticketRatingSummaryQuery,
    response: one(ticketRatingSummarySchema),
    handle: async (ctx, { query }) => ({ data: await ticketRatingSummary(ctx, query) }),
  }),
]
