import type { z } from 'zod'
import type {
  Approval,
  ModerationHit,
  ModerationList,
  ModerationTry,
  moderationListCreate,
  moderationListPatch,
  moderationTryRequest,
  moderationWordsChange,
  wordsChangedSchema,
} from '#api/contract/moderation.ts'
import { addressOf, http, type Page } from './http.ts'
import { uploadFile, type UploadOptions } from './upload.ts'

export type WordsChanged = z.infer<typeof wordsChangedSchema>
const at = (id: string) => `/moderation/lists/${encodeURIComponent(id)}`

export const fetchWordLists = (): Promise<ModerationList[]> => http.get('/moderation/lists')
export const createWordList = (body: z.input<typeof moderationListCreate>): Promise<ModerationList> => http.post('/moderation/lists', body)
export const patchWordList = (id: string, body: z.input<typeof moderationListPatch>): Promise<ModerationList> => http.patch(at(id), body)
export const removeWordList = (id: string, version: number): Promise<null> => http.delete(at(id), { version })

export const fetchWords = (id: string, query: { q?: string; cursor?: string }): Promise<Page<string>> =>
  http.page(`${at(id)}/words`, { ...query, limit: 100 })
export const changeWords = (id: string, body: z.input<typeof moderationWordsChange>): Promise<WordsChanged> =>
  http.post(`${at(id)}/words`, body)
export const wordSheetUrl = (id: string, format: 'xlsx' | 'csv'): string => addressOf(`${at(id)}/sheet`, { format })
export const importWords = (id: string, file: File, options: UploadOptions): Promise<WordsChanged> =>
  uploadFile(`${at(id)}/sheet`, file, options)

export const tryWords = (body: z.input<typeof moderationTryRequest>): Promise<ModerationTry> => http.post('/moderation/try', body)
export const fetchHits = (cursor?: string): Promise<Page<ModerationHit>> => http.page('/moderation/hits', { cursor, limit: 50 })
export const fetchApprovals = (cursor?: string): Promise<Page<Approval>> => http.page('/moderation/approvals', { cursor, limit: 30 })
export const decideApproval = (messageId: string, body: { approve: boolean; note?: string }): Promise<null> =>
  http.post(`/moderation/approvals/${encodeURIComponent(messageId)}`, body)
