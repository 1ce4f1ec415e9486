import type { MessageHitPage } from '#api/contract/search.ts'
import { http } from './http.ts'

export interface MessageSearch {
  q: string
  from?: string | undefined
  to?: string | undefined
  channelKind?: string | undefined
  agentId?: string | undefined
  direction?: string | undefined
  cursor?: string | undefined
}

export const searchMessages = (query: MessageSearch): Promise<MessageHitPage> => http.whole('/messages/search', { limit: 30, ...query })
export const searchHistory = (customerId: string, query: { q: string; cursor?: string | undefined }): Promise<MessageHitPage> =>
  http.whole(`/customers/${encodeURIComponent(customerId)}/messages/search`, { limit: 30, ...query })
