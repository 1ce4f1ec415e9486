import type { z } from 'zod'
import type { Message } from '#api/contract/message.ts'
import type { TicketEvent } from '#api/contract/ticket-history.ts'
import type { TicketType } from '#api/contract/ticket-type.ts'
import type {
  Ticket,
  TicketCounts,
  TicketDetail,
  TicketDraft,
  TicketTemplate,
  ticketCreate,
  ticketDraftContent,
  ticketMoveRequest,
  ticketPatch,
} from '#api/contract/ticket.ts'
import type { TicketRelationRole } from '#api/contract/ticket-terms.ts'
import { http, type Page } from './http.ts'

/** Filters as they go into an address: several values of one are joined by commas. */
export type TicketAddress = Record<string, string | number | undefined>

const at = (id: string) => `/tickets/${encodeURIComponent(id)}`

export const fetchTickets = (query: TicketAddress): Promise<Page<Ticket>> => http.page('/tickets', query)
export const countTickets = (query: TicketAddress): Promise<TicketCounts> => http.get('/tickets/counts', query)
export const createTicket = (body: z.input<typeof ticketCreate>): Promise<TicketDetail> => http.post('/tickets', body)
export const fetchTicket = (id: string): Promise<TicketDetail> => http.get(at(id))
export const patchTicket = (id: string, patch: z.input<typeof ticketPatch>): Promise<TicketDetail> => http.patch(at(id), patch)
export const moveTicket = (id: string, body: z.input<typeof ticketMoveRequest>): Promise<TicketDetail> => http.post(`${at(id)}/moves`, body)

export const fetchHistory = (id: string, cursor?: string): Promise<Page<TicketEvent>> =>
  http.page(`${at(id)}/history`, { limit: 50, cursor })
export const fetchTakenMessages = (id: string): Promise<Message[]> => http.get(`${at(id)}/messages`)

export const watchTicket = (id: string, accountIds: string[]): Promise<TicketDetail> => http.post(`${at(id)}/watchers`, { accountIds })
export const unwatchTicket = (id: string, accountId: string): Promise<TicketDetail> =>
  http.delete(`${at(id)}/watchers/${encodeURIComponent(accountId)}`)
export const relateTicket = (id: string, role: TicketRelationRole, ticketId: string): Promise<TicketDetail> =>
  http.post(`${at(id)}/relations`, { role, ticketId })
export const unrelateTicket = (id: string, relationId: string): Promise<TicketDetail> =>
  http.delete(`${at(id)}/relations/${encodeURIComponent(relationId)}`)
export const addFiles = (id: string, attachmentIds: string[]): Promise<TicketDetail> => http.post(`${at(id)}/files`, { attachmentIds })
export const removeFile = (id: string, fileId: string): Promise<TicketDetail> =>
  http.delete(`${at(id)}/files/${encodeURIComponent(fileId)}`)

export const fetchTicketTypes = (): Promise<TicketType[]> => http.get('/ticket-types')
export const fetchTemplates = (): Promise<TicketTemplate[]> => http.get('/ticket-templates')

export type DraftContent = z.input<typeof ticketDraftContent>
export const fetchDrafts = (): Promise<TicketDraft[]> => http.get('/ticket-drafts')
export const createDraft = (conversationId: string | null, content: DraftContent): Promise<TicketDraft> =>
  http.post('/ticket-drafts', { conversationId, content })
export const putDraft = (id: string, content: DraftContent, version: number): Promise<TicketDraft> =>
  http.put(`/ticket-drafts/${encodeURIComponent(id)}`, { content, version })
export const removeDraft = (id: string): Promise<unknown> => http.delete(`/ticket-drafts/${encodeURIComponent(id)}`)
