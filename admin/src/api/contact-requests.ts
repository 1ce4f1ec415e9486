import type { ContactRequest } from '#api/contract/consultation.ts'
import { http, type Page } from './http.ts'

export interface ContactRequestFilter {
  status?: string | undefined
  teamId?: string | undefined
}

export const fetchContactRequests = (query: ContactRequestFilter & { cursor?: string | undefined }): Promise<Page<ContactRequest>> =>
  http.page('/contact-requests', { limit: 30, ...query })
export const markContactRequestHandled = (id: string, version: number): Promise<ContactRequest> =>
  http.post(`/contact-requests/${encodeURIComponent(id)}/handled`, { version })
