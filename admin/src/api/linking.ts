import type { z } from 'zod'
import type { Conversation } from '#api/contract/conversation.ts'
import type { ConversationLink, jointMessagesResponse } from '#api/contract/linking.ts'
import { http } from './http.ts'

const at = (id: string) => `/conversations/${encodeURIComponent(id)}`

export const mergeConversation = (id: string, into: string): Promise<Conversation> => http.post(`${at(id)}/merge`, { into })
export const splitConversation = (id: string, seqs: number[]): Promise<Conversation> => http.post(`${at(id)}/split`, { seqs })
export const fetchLinks = (id: string): Promise<ConversationLink[]> => http.get(`${at(id)}/links`)
export const undoLink = (id: string): Promise<ConversationLink> => http.post(`/conversation-links/${encodeURIComponent(id)}/undo`)
export const fetchJointMessages = (id: string, cursor: string | undefined): Promise<z.infer<typeof jointMessagesResponse>> =>
  http.whole(`${at(id)}/joint-messages`, { cursor })
