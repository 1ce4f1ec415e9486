import type { z } from 'zod'
import type { Escalation, EscalationLevels, TicketClocks, escalateRequest } from '#api/contract/sla.ts'
import type { TicketResults, ticketAssignRequest, ticketTransferRequest } from '#api/contract/ticket-assigning.ts'
import type { ticketBulkRequest } from '#api/contract/ticket-bulk.ts'
import type { ticketExportRequest, ticketExportSchema } from '#api/contract/ticket-export.ts'
import type { TicketLink, ticketMergeRequest, ticketSplitRequest } from '#api/contract/ticket-linking.ts'
import type { TicketMacro, TicketMacroPreview } from '#api/contract/ticket-macro.ts'
import type { Ticket } from '#api/contract/ticket.ts'
import { http, type Page } from './http.ts'

const at = (id: string) => `/tickets/${encodeURIComponent(id)}`
const macroAt = (id: string, macroId: string) => `${at(id)}/macros/${encodeURIComponent(macroId)}`

export const assignTickets = (body: z.input<typeof ticketAssignRequest>): Promise<TicketResults> => http.post('/tickets/assignments', body)
export const claimTicket = (id: string): Promise<unknown> => http.post(`${at(id)}/claim`)
export const transferTicket = (id: string, body: z.input<typeof ticketTransferRequest>): Promise<unknown> =>
  http.post(`${at(id)}/transfer`, body)
/** The assignee has opened it: it is no longer new to him. */
export const markSeen = (id: string): Promise<unknown> => http.put(`${at(id)}/seen`, {})

export const fetchClocks = (id: string): Promise<TicketClocks> => http.get(`${at(id)}/sla`)
export const fetchWarnings = (query: Record<string, string | number | undefined>): Promise<Page<Ticket>> =>
  http.page('/tickets/sla-warnings', query)
export const fetchEscalations = (id: string): Promise<Escalation[]> => http.get(`${at(id)}/escalations`)
export const fetchLevels = (): Promise<EscalationLevels> => http.get('/escalation-levels')
export const escalate = (id: string, body: z.input<typeof escalateRequest>): Promise<unknown> => http.post(`${at(id)}/escalations`, body)

export const fetchMacros = (): Promise<TicketMacro[]> => http.get('/ticket-macros', { usable: 'true' })
export const previewMacro = (id: string, macroId: string, version: number): Promise<TicketMacroPreview> =>
  http.post(`${macroAt(id, macroId)}/preview`, { version })
export const applyMacro = (id: string, macroId: string, version: number): Promise<unknown> => http.post(macroAt(id, macroId), { version })

export const previewBulk = (body: z.input<typeof ticketBulkRequest>): Promise<TicketResults> => http.post('/tickets/bulk/preview', body)
export const changeTickets = (body: z.input<typeof ticketBulkRequest>): Promise<TicketResults> => http.post('/tickets/bulk', body)

export const mergeTicket = (id: string, body: z.input<typeof ticketMergeRequest>): Promise<TicketLink> => http.post(`${at(id)}/merge`, body)
export const splitTicket = (id: string, body: z.input<typeof ticketSplitRequest>): Promise<TicketLink> => http.post(`${at(id)}/split`, body)
export const fetchLinks = (id: string): Promise<TicketLink[]> => http.get(`${at(id)}/links`)
export const undoLink = (linkId: string): Promise<TicketLink> => http.post(`/ticket-links/${encodeURIComponent(linkId)}/undo`)

export type ExportBody = z.input<typeof ticketExportRequest>
export const exportTickets = (body: ExportBody): Promise<z.infer<typeof ticketExportSchema>> => http.post('/ticket-exports', body)
