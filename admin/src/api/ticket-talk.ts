import type { z } from 'zod'
import type { ArticleDraft } from '#api/contract/knowledge.ts'
import type { TicketEnding, articleDraftRequest } from '#api/contract/ticket-ending.ts'
import type { ChecklistItem, FollowUp, checklistItemPatch, followUpCreate, followUpListQuery } from '#api/contract/ticket-follow-up.ts'
import { http, type Page } from './http.ts'

const at = (ticketId: string) => `/tickets/${encodeURIComponent(ticketId)}`
const itemAt = (id: string) => `/ticket-checklist-items/${encodeURIComponent(id)}`

export const fetchFollowUps = (ticketId: string, query: Partial<z.input<typeof followUpListQuery>>): Promise<Page<FollowUp>> =>
  http.page(`${at(ticketId)}/follow-ups`, { ...query, limit: 30 })
export const addFollowUp = (ticketId: string, body: z.input<typeof followUpCreate>): Promise<FollowUp> =>
  http.post(`${at(ticketId)}/follow-ups`, body)

export const fetchChecklist = (ticketId: string): Promise<ChecklistItem[]> => http.get(`${at(ticketId)}/checklist`)
export const addToChecklist = (ticketId: string, texts: string[]): Promise<ChecklistItem[]> =>
  http.post(`${at(ticketId)}/checklist`, { texts })
export const patchChecklistItem = (id: string, body: z.input<typeof checklistItemPatch>): Promise<ChecklistItem> =>
  http.patch(itemAt(id), body)
export const removeChecklistItem = (id: string, version: number): Promise<unknown> => http.delete(itemAt(id), { version })

/** How it ends: the solution, the customer's word, his rating, the article made of it. */
export const fetchEnding = (ticketId: string): Promise<TicketEnding> => http.get(`${at(ticketId)}/ending`)
/** @param version of the ticket */
export const putSolution = (ticketId: string, solution: string | null, version: number): Promise<unknown> =>
  http.put(`${at(ticketId)}/solution`, { solution, version })
export const draftArticle = (ticketId: string, body: z.input<typeof articleDraftRequest> = {}): Promise<ArticleDraft> =>
  http.post(`${at(ticketId)}/article-draft`, body)
