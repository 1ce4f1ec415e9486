import type { z } from 'zod'
import type {
  Transfer,
  TransferCandidates,
  declineRequest,
  transferRequest,
  transferRulesRequest,
  transferRulesSchema,
} from '#api/contract/transfer.ts'
import { http } from './http.ts'

export type TransferBody = z.input<typeof transferRequest>
export type DeclineBody = z.input<typeof declineRequest>
export type TransferRules = z.infer<typeof transferRulesSchema>

const of = (conversationId: string) => `/conversations/${encodeURIComponent(conversationId)}`
const at = (id: string) => `/transfers/${encodeURIComponent(id)}`

/** Whom a conversation could be given to, who could help in it, whom a note may name. */
export const fetchColleagues = (conversationId: string, q: string): Promise<TransferCandidates> =>
  http.get(`${of(conversationId)}/colleagues`, { q })
/** Running offers that wait for me. */
export const fetchMyOffers = (): Promise<Transfer[]> => http.get('/me/transfers')
export const fetchTransfers = (conversationId: string): Promise<Transfer[]> => http.get(`${of(conversationId)}/transfers`)
export const offerTransfer = (conversationId: string, body: TransferBody): Promise<Transfer> =>
  http.post(`${of(conversationId)}/transfers`, body)
export const acceptTransfer = (id: string): Promise<Transfer> => http.post(`${at(id)}/accept`)
export const declineTransfer = (id: string, body: DeclineBody): Promise<Transfer> => http.post(`${at(id)}/decline`, body)
export const cancelTransfer = (id: string): Promise<Transfer> => http.post(`${at(id)}/cancel`)
export const fetchTransferRules = (): Promise<TransferRules> => http.get('/transfer-rules')
export const putTransferRules = (body: z.input<typeof transferRulesRequest>): Promise<TransferRules> => http.put('/transfer-rules', body)
