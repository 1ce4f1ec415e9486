import type { TicketRatingItem, TicketRatingSummary } from '#api/contract/ticket-rating.ts'
import { http, type Page } from './http.ts'

export interface TicketRatingFilter {
  agentId?: string | undefined
  teamId?: string | undefined
  least?: number | undefined
  most?: number | undefined
  commented?: string | undefined
  from?: string | undefined
}

export const fetchTicketRatings = (query: TicketRatingFilter & { cursor?: string | undefined }): Promise<Page<TicketRatingItem>> =>
  http.page('/ticket-ratings', { limit: 30, ...query })
export const fetchTicketRatingSummary = (query: TicketRatingFilter): Promise<TicketRatingSummary> =>
  http.get('/ticket-ratings/summary', { ...query })
