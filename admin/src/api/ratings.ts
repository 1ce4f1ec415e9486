import type { z } from 'zod'
import type {
  RatingListItem,
  RatingRule,
  ratingRuleCreate,
  ratingRulePatch,
  RatingSettings,
  ratingSettingsPatch,
  RatingSummary,
} from '#api/contract/rating.ts'
import { http, type Page } from './http.ts'

export interface RatingFilter {
  level?: string | undefined
  agentId?: string | undefined
  teamId?: string | undefined
  channelKind?: string | undefined
  commented?: string | undefined
  from?: string | undefined
  to?: string | undefined
}

const at = (id: string) => `/rating-rules/${encodeURIComponent(id)}`

export const fetchRatings = (query: RatingFilter & { cursor?: string | undefined }): Promise<Page<RatingListItem>> =>
  http.page('/ratings', { limit: 30, ...query })
export const fetchRatingSummary = (query: RatingFilter): Promise<RatingSummary> => http.get('/ratings/summary', { ...query })
export const fetchRatingSettings = (): Promise<RatingSettings> => http.get('/rating-settings')
export const patchRatingSettings = (body: z.input<typeof ratingSettingsPatch>): Promise<RatingSettings> =>
  http.patch('/rating-settings', body)
export const fetchRatingRules = (): Promise<RatingRule[]> => http.get('/rating-rules')
export const createRatingRule = (body: z.input<typeof ratingRuleCreate>): Promise<RatingRule> => http.post('/rating-rules', body)
export const patchRatingRule = (id: string, body: z.input<typeof ratingRulePatch>): Promise<RatingRule> => http.patch(at(id), body)
export const removeRatingRule = (id: string, version: number): Promise<null> => http.delete(at(id), { version })
export const orderRatingRules = (ids: string[]): Promise<RatingRule[]> => http.put('/rating-rules/order', { ids })
