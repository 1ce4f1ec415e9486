import type { z } from 'zod'
import type { Conversation } from '#api/contract/conversation.ts'
import type { WrapUp, closeRequest, wrapUpInput } from '#api/contract/ending.ts'
import { http } from './http.ts'

export type CloseBody = z.input<typeof closeRequest>
export type WrapUpBody = z.input<typeof wrapUpInput>

const at = (id: string) => `/conversations/${encodeURIComponent(id)}`

export const closeConversation = (id: string, body: CloseBody): Promise<Conversation> => http.post(`${at(id)}/close`, body)
export const reopenConversation = (id: string): Promise<Conversation> => http.post(`${at(id)}/reopen`)
export const fetchWrapUp = (id: string): Promise<WrapUp> => http.get(`${at(id)}/wrap-up`)
export const putWrapUp = (id: string, body: WrapUpBody): Promise<WrapUp> => http.put(`${at(id)}/wrap-up`, body)
