import type { Assignment } from '#api/contract/assignment.ts'
import { http, type Page } from './http.ts'

/** Who had a conversation, when and why, newest first. */
export const fetchAssignments = (conversationId: string, cursor: string | undefined): Promise<Page<Assignment>> =>
  http.page(`/conversations/${encodeURIComponent(conversationId)}/assignments`, { cursor, limit: 50 })
