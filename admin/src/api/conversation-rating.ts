import type { ConversationRating } from '#api/contract/rating.ts'
import { http } from './http.ts'

const at = (conversationId: string) => `/conversations/${encodeURIComponent(conversationId)}`

export const fetchConversationRating = (conversationId: string): Promise<ConversationRating> => http.get(`${at(conversationId)}/rating`)
export const inviteRating = (conversationId: string): Promise<ConversationRating> => http.post(`${at(conversationId)}/rating-invitations`)
