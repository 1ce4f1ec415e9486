import type { Conversation } from '#api/contract/conversation.ts'
import type { Customer } from '#api/contract/customer.ts'
import { http, type Page } from './http.ts'

const at = (id: string) => `/customers/${encodeURIComponent(id)}`

export const fetchCustomer = (id: string): Promise<Customer> => http.get(at(id))
export const patchCustomer = (id: string, patch: { remarkName: string | null; version: number }): Promise<Customer> =>
  http.patch(at(id), patch)
export const fetchCustomerConversations = (id: string, cursor?: string): Promise<Page<Conversation>> =>
  http.page(`${at(id)}/conversations`, { limit: 20, cursor })
