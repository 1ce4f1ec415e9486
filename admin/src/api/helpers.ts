import type { z } from 'zod'
import type { Conversation } from '#api/contract/conversation.ts'
import type { Message } from '#api/contract/message.ts'
import type { helperRequest, takeOverRequest, whisperRequest } from '#api/contract/helpers.ts'
import { http } from './http.ts'

const at = (id: string) => `/conversations/${encodeURIComponent(id)}`

export const inviteHelper = (id: string, body: z.input<typeof helperRequest>): Promise<Conversation> => http.post(`${at(id)}/helpers`, body)
export const removeHelper = (id: string, accountId: string): Promise<Conversation> =>
  http.delete(`${at(id)}/helpers/${encodeURIComponent(accountId)}`)
export const postWhisper = (id: string, body: z.input<typeof whisperRequest>): Promise<Message> => http.post(`${at(id)}/whispers`, body)
export const takeOver = (id: string, body: z.input<typeof takeOverRequest>): Promise<Conversation> => http.post(`${at(id)}/take-over`, body)
