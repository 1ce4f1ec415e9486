import type { z } from 'zod'
import type {
  categoryCreate,
  CategoryMove,
  CategoryPatch,
  CategoryRemove,
  FilledReply,
  KnownValues,
  QuickReply,
  QuickReplyCategory,
  quickReplyCreate,
  quickReplyListQuery,
  QuickReplyMove,
  quickReplyPatch,
  QuickReplyScope,
  QuickReplySuggestion,
  QuickReplyVersion,
  sheetAppliedSchema,
  SheetPreview,
} from '#api/contract/quick-reply.ts'
import { addressOf, http, type Page } from './http.ts'
import { uploadFile, type UploadOptions } from './upload.ts'

/** Whose replies: the house's, a team's, one's own. */
export interface Shelf {
  scope: QuickReplyScope
  teamId?: string | undefined
}
export type QuickReplyBody = z.input<typeof quickReplyCreate>
export type QuickReplyPatchBody = z.input<typeof quickReplyPatch>
export type SheetApplied = z.infer<typeof sheetAppliedSchema>
export interface SheetChoice {
  taken: 'refuse' | 'skip' | 'update'
  leaveBad: boolean
}

const at = (id: string) => `/quick-replies/${encodeURIComponent(id)}`
const categoryAt = (id: string) => `/quick-reply-categories/${encodeURIComponent(id)}`

export const fetchQuickReplies = (query: Shelf & Omit<Partial<z.input<typeof quickReplyListQuery>>, 'limit'>): Promise<Page<QuickReply>> =>
  http.page('/quick-replies', { ...query, limit: 50 })
export const fetchQuickReply = (id: string): Promise<QuickReply> => http.get(at(id))
export const createQuickReply = (body: QuickReplyBody): Promise<QuickReply> => http.post('/quick-replies', body)
export const patchQuickReply = (id: string, body: QuickReplyPatchBody): Promise<QuickReply> => http.patch(at(id), body)
export const moveQuickReply = (id: string, body: QuickReplyMove): Promise<QuickReply> => http.post(`${at(id)}/move`, body)
export const removeQuickReply = (id: string, version: number): Promise<null> => http.delete(at(id), { version })
export const fetchQuickReplyVersions = (id: string): Promise<QuickReplyVersion[]> => http.get(`${at(id)}/versions`)
export const restoreQuickReply = (id: string, body: { number: number; version: number }): Promise<QuickReply> =>
  http.post(`${at(id)}/restore`, body)

export const suggestQuickReplies = (q: string): Promise<QuickReplySuggestion[]> => http.get('/quick-replies/suggestions', { q, limit: 20 })
export const fetchKnownValues = (conversationId: string): Promise<KnownValues> => http.get('/quick-replies/values', { conversationId })
export const fillQuickReply = (id: string, body: { conversationId: string; values: Record<string, string> }): Promise<FilledReply> =>
  http.post(`${at(id)}/fill`, body)

export const fetchCategories = ({ scope, teamId }: Shelf): Promise<QuickReplyCategory[]> =>
  http.get('/quick-reply-categories', { scope, teamId })
export const createCategory = (body: z.input<typeof categoryCreate>): Promise<QuickReplyCategory> =>
  http.post('/quick-reply-categories', body)
export const patchCategory = (id: string, body: CategoryPatch): Promise<QuickReplyCategory> => http.patch(categoryAt(id), body)
export const moveCategory = (id: string, body: CategoryMove): Promise<QuickReplyCategory> => http.post(`${categoryAt(id)}/move`, body)
export const removeCategory = (id: string, { version, contents }: CategoryRemove): Promise<null> =>
  http.delete(categoryAt(id), { version, contents })

export const sheetUrl = ({ scope, teamId }: Shelf, format: 'xlsx' | 'csv'): string =>
  addressOf('/quick-reply-sheets', { scope, teamId, format })
export const sheetTemplateUrl = (format: 'xlsx' | 'csv'): string => addressOf('/quick-reply-sheets/template', { format })
const sheetPath = (path: string, { scope, teamId }: Shelf, { taken, leaveBad }: SheetChoice): string =>
  addressOf(path, { scope, teamId, taken, leaveBad: String(leaveBad) }).replace('/api/v1', '')
export const previewSheet = (shelf: Shelf, choice: SheetChoice, file: File, options: UploadOptions): Promise<SheetPreview> =>
  uploadFile(sheetPath('/quick-reply-sheets/preview', shelf, choice), file, options)
export const applySheet = (shelf: Shelf, choice: SheetChoice, file: File, options: UploadOptions): Promise<SheetApplied> =>
  uploadFile(sheetPath('/quick-reply-sheets', shelf, choice), file, options)
