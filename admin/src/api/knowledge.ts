import type { ArticleDraft, ArticleDraftSummary, DraftSource } from '#api/contract/knowledge.ts'
import { http, type Page } from './http.ts'

export interface DraftFilter {
  q?: string | undefined
  source?: DraftSource | undefined
}
const one = (id: string): string => `/knowledge/drafts/${encodeURIComponent(id)}`

export const fetchDrafts = (query: DraftFilter & { cursor?: string | undefined }): Promise<Page<ArticleDraftSummary>> =>
  http.page('/knowledge/drafts', { limit: 30, ...query })
export const fetchDraft = (id: string): Promise<ArticleDraft> => http.get(one(id))
export const createDraft = (body: { title: string; body: string }): Promise<ArticleDraft> => http.post('/knowledge/drafts', body)
export const changeDraft = (id: string, body: { title: string; body: string; version: number }): Promise<ArticleDraft> =>
  http.patch(one(id), body)
export const removeDraft = (id: string, version: number): Promise<null> => http.delete(one(id), { version })
