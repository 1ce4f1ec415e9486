import type { z } from 'zod'
import type { Block, blockRequest, reachesSchema, startRequest, startedSchema } from '#api/contract/ending.ts'
import { http } from './http.ts'

export type Reaches = z.infer<typeof reachesSchema>
export type StartBody = z.input<typeof startRequest>
export type BlockBody = z.input<typeof blockRequest>

const at = (customerId: string) => `/customers/${encodeURIComponent(customerId)}`

/** How a customer can be written to, before a word is written. */
export const fetchReach = (customerId: string): Promise<Reaches> => http.get(`${at(customerId)}/reach`)
export const startConversation = (customerId: string, body: StartBody): Promise<z.infer<typeof startedSchema>> =>
  http.post(`${at(customerId)}/conversations`, body)
export const fetchBlock = (customerId: string): Promise<Block | null> => http.get(`${at(customerId)}/block`)
export const blockCustomer = (customerId: string, body: BlockBody): Promise<Block> => http.put(`${at(customerId)}/block`, body)
export const unblockCustomer = (customerId: string): Promise<null> => http.delete(`${at(customerId)}/block`)
