import type { z } from 'zod'
import type { Conversation } from '#api/contract/conversation.ts'
import type {
  BulkTagResult,
  Customer,
  CustomerNote,
  CustomerPatch,
  CustomerSummary,
  TimelineEntry,
  bulkTagRequest,
  customerCountSchema,
  customerCreate,
  customerTagsPatch,
  formalRequest,
} from '#api/contract/customer.ts'
import type { ArchivingProposal } from '#api/contract/registration.ts'
import { http, type Page } from './http.ts'

export type CustomerCount = z.infer<typeof customerCountSchema>

const at = (id: string) => `/customers/${encodeURIComponent(id)}`
const noteAt = (id: string, noteId: string) => `${at(id)}/notes/${encodeURIComponent(noteId)}`

/** Filters as they go into an address: lists and the archive's flag are text there already. */
export type CustomerAddress = Record<string, string | number | undefined>

export const fetchCustomers = (query: CustomerAddress): Promise<Page<CustomerSummary>> => http.page('/customers', query)
export const countCustomers = (query: CustomerAddress): Promise<CustomerCount> => http.get('/customers/count', query)
export const createCustomer = (body: z.input<typeof customerCreate>): Promise<Customer> => http.post('/customers', body)
export const fetchCustomer = (id: string): Promise<Customer> => http.get(at(id))
export const patchCustomer = (id: string, patch: CustomerPatch): Promise<Customer> => http.patch(at(id), patch)
export const makeFormal = (id: string, body: z.input<typeof formalRequest>): Promise<Customer> => http.post(`${at(id)}/formal`, body)
/** Who may be the same person, and which institution the customer may mean. */
export const fetchArchivingProposal = (id: string): Promise<ArchivingProposal> => http.get(`${at(id)}/archiving`)
export const archiveCustomer = (id: string, version: number): Promise<Customer> => http.post(`${at(id)}/archive`, { version })
export const restoreCustomer = (id: string, version: number): Promise<Customer> => http.post(`${at(id)}/restore`, { version })
export const patchCustomerTags = (id: string, patch: z.input<typeof customerTagsPatch>): Promise<Customer> =>
  http.patch(`${at(id)}/tags`, patch)
export const tagCustomers = (body: z.input<typeof bulkTagRequest>): Promise<BulkTagResult> => http.post('/customers/bulk-tagging', body)

export const addPhone = (id: string, phone: string): Promise<Customer> => http.post(`${at(id)}/phones`, { phone })
export const removePhone = (id: string, identityId: string): Promise<Customer> =>
  http.delete(`${at(id)}/phones/${encodeURIComponent(identityId)}`)
/** Each time leaves a line in the audit trail. */
export const revealPhone = async (id: string, identityId: string): Promise<string> =>
  (await http.post<{ value: string }>(`${at(id)}/phones/${encodeURIComponent(identityId)}/reveal`)).value

export const fetchCustomerConversations = (id: string, cursor?: string): Promise<Page<Conversation>> =>
  http.page(`${at(id)}/conversations`, { limit: 20, cursor })
export const fetchTimeline = (id: string, query: { kind?: string; cursor?: string }): Promise<Page<TimelineEntry>> =>
  http.page(`${at(id)}/timeline`, { limit: 20, ...query })
export const createNote = (id: string, text: string): Promise<CustomerNote> => http.post(`${at(id)}/notes`, { text })
export const patchNote = (id: string, noteId: string, body: { text: string; version: number }): Promise<CustomerNote> =>
  http.patch(noteAt(id, noteId), body)
export const removeNote = (id: string, noteId: string, version: number): Promise<null> => http.delete(noteAt(id, noteId), { version })
