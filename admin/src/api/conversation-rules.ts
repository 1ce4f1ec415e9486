import type { z } from 'zod'
import type { ConversationRules, conversationRulesCreate, conversationRulesPatch } from '#api/contract/ending.ts'
import { http } from './http.ts'

const at = (id: string) => `/conversation-rules/${encodeURIComponent(id)}`

export const fetchConversationRules = (): Promise<ConversationRules[]> => http.get('/conversation-rules')
export const createConversationRules = (body: z.input<typeof conversationRulesCreate>): Promise<ConversationRules> =>
  http.post('/conversation-rules', body)
export const patchConversationRules = (id: string, body: z.input<typeof conversationRulesPatch>): Promise<ConversationRules> =>
  http.patch(at(id), body)
export const removeConversationRules = (id: string, version: number): Promise<null> => http.delete(at(id), { version })
