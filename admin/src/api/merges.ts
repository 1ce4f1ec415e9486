import type { z } from 'zod'
import type {
  CustomerMerge,
  MergePreview,
  MergeSuggestion,
  mergeRequest,
  mergeSuggestionQuery,
  undoneMergeSchema,
} from '#api/contract/merge.ts'
import { http, type Page } from './http.ts'

export type UndoneMerge = z.infer<typeof undoneMergeSchema>
export type SuggestionQuery = Partial<z.input<typeof mergeSuggestionQuery>>

const at = (id: string) => `/customers/${encodeURIComponent(id)}`

export const fetchMergePreview = (intoId: string, fromId: string): Promise<MergePreview> =>
  http.get(`${at(intoId)}/merge-preview`, { from: fromId })
export const mergeCustomers = (intoId: string, body: z.input<typeof mergeRequest>): Promise<CustomerMerge> =>
  http.post(`${at(intoId)}/merges`, body)
export const fetchMergesOf = (id: string, cursor?: string): Promise<Page<CustomerMerge>> =>
  http.page(`${at(id)}/merges`, { limit: 20, cursor })
export const undoMerge = (id: string): Promise<UndoneMerge> => http.post(`/customer-merges/${encodeURIComponent(id)}/undo`)
export const fetchSuggestions = ({ state, customerId, cursor, limit }: SuggestionQuery): Promise<Page<MergeSuggestion>> =>
  http.page('/merge-suggestions', { state, customerId, cursor, limit: Number(limit ?? 30) })
export const dismissSuggestion = (id: string): Promise<MergeSuggestion> => http.post(`/merge-suggestions/${encodeURIComponent(id)}/dismiss`)
