import type { z } from 'zod'
import type { Assignment } from '#api/contract/assignment.ts'
import type { PresenceLog } from '#api/contract/presence.ts'
import type { Presence, PresenceStatus } from '#api/contract/identity.ts'
import type {
  AgentFigures,
  Alert,
  AlertRule,
  alertListQuery,
  alertRuleCreate,
  alertRulePatch,
  AssignmentResult,
  assignmentPreviewRequest,
  assignmentRequest,
  Board,
  BoardConversation,
  boardConversationQuery,
  boardFilterQuery,
} from '#api/contract/supervision.ts'
import { http, type Page } from './http.ts'

export type BoardFilter = z.input<typeof boardFilterQuery>
export type PreviewBody = z.input<typeof assignmentPreviewRequest>
export type AssignBody = z.input<typeof assignmentRequest>

export const fetchBoard = (filter: BoardFilter): Promise<Board> => http.get('/supervision/board', { ...filter })
export const fetchBoardConversations = (query: z.input<typeof boardConversationQuery>): Promise<Page<BoardConversation>> =>
  http.page('/supervision/conversations', { ...query, limit: Number(query.limit ?? 100) })
export const fetchFigures = (teamId?: string): Promise<AgentFigures[]> => http.get('/supervision/figures', { teamId })

export const previewAssignment = (body: PreviewBody): Promise<AssignmentResult> => http.post('/supervision/assignments/preview', body)
export const assignConversations = (body: AssignBody): Promise<AssignmentResult> => http.post('/supervision/assignments', body)

export const fetchAlerts = (query: Partial<z.input<typeof alertListQuery>>): Promise<Page<Alert>> =>
  http.page('/supervision/alerts', { ...query, limit: Number(query.limit ?? 50) })
export const acknowledgeAlert = (id: string): Promise<Alert> => http.post(`/supervision/alerts/${encodeURIComponent(id)}/acknowledge`)
export const fetchAlertRules = (): Promise<AlertRule[]> => http.get('/supervision/alert-rules')
export const createAlertRule = (body: z.input<typeof alertRuleCreate>): Promise<AlertRule> => http.post('/supervision/alert-rules', body)
export const patchAlertRule = (id: string, body: z.input<typeof alertRulePatch>): Promise<AlertRule> =>
  http.patch(`/supervision/alert-rules/${encodeURIComponent(id)}`, body)
export const deleteAlertRule = (id: string, version: number): Promise<null> =>
  http.delete(`/supervision/alert-rules/${encodeURIComponent(id)}`, { version })

const at = (accountId: string) => `/staff/${encodeURIComponent(accountId)}`
export const putStaffPresence = (accountId: string, body: { status: PresenceStatus; note: string }): Promise<Presence> =>
  http.put(`${at(accountId)}/presence`, body)
export const fetchPresenceLog = (accountId: string, day?: string): Promise<PresenceLog> =>
  http.get(`${at(accountId)}/presence/log`, { day })
export const fetchAssignmentsOf = (accountId: string, cursor?: string): Promise<Page<Assignment>> =>
  http.page(`${at(accountId)}/assignments`, { limit: 30, cursor })
export const fetchConversationAssignments = (conversationId: string): Promise<Page<Assignment>> =>
  http.page(`/conversations/${encodeURIComponent(conversationId)}/assignments`, { limit: 50 })
