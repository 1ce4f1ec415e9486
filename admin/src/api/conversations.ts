import type { z } from 'zod'
import type { Conversation, ConversationDetail, ConversationStatus, noteRequest, replyRequest } from '#api/contract/conversation.ts'
import type { Message, MessagePartInput } from '#api/contract/message.ts'
import { http, type Page } from './http.ts'

export interface ConversationQuery {
  status?: ConversationStatus
  assignee?: string
  q?: string
  channelKind?: string
  teamId?: string
  customerId?: string
  sort?: 'recent' | 'waiting'
  snoozed?: 'true' | 'false'
  pinned?: 'true'
  reminders?: 'true'
  helping?: 'true'
  limit?: number
  cursor?: string
}
export interface ConversationCounts {
  mine: number
  queued: number
  unread: number
  snoozed: number
  pinned: number
  reminders: number
}
export type ReplyRequest = z.input<typeof replyRequest>
export type NoteRequest = z.input<typeof noteRequest>

/** Largest page of messages the API gives at once. */
export const MESSAGE_PAGE = 50
export const MESSAGE_PAGE_MAX = 200

const at = (id: string) => `/conversations/${encodeURIComponent(id)}`

export const fetchConversations = (query: ConversationQuery): Promise<Page<Conversation>> => http.page('/conversations', { ...query })
export const fetchCounts = (): Promise<ConversationCounts> => http.get('/conversations/counts')
export const fetchConversation = (id: string): Promise<ConversationDetail> => http.get(at(id))
export const fetchMessages = (id: string, range: { afterSeq?: number; beforeSeq?: number; limit?: number } = {}): Promise<Message[]> =>
  http.get(`${at(id)}/messages`, { limit: MESSAGE_PAGE, ...range })
export const postReply = (id: string, request: ReplyRequest): Promise<Message> => http.post(`${at(id)}/messages`, request)
export const postNote = (id: string, request: NoteRequest): Promise<Message> => http.post(`${at(id)}/notes`, request)
export const fetchReplyCost = (id: string, parts: MessagePartInput[]): Promise<{ calls: number }> =>
  http.post(`${at(id)}/reply-cost`, { parts })
export const messageAction = (id: string, seq: number, action: 'retry' | 'hold' | 'recall'): Promise<Message> =>
  http.post(`${at(id)}/messages/${seq}/${action}`)
export const postRead = (id: string, seq: number): Promise<Conversation> => http.post(`${at(id)}/read`, { seq })
export const putDraft = (id: string, text: string): Promise<null> => http.put(`${at(id)}/draft`, { text })
export const acceptConversation = (id: string): Promise<Conversation> => http.post(`${at(id)}/accept`)
