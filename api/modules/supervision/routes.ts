import { z } from 'zod'
import { one, page } from '../../contract/list.ts'
import {
  agentFiguresSchema,
  assignmentPreviewRequest,
  assignmentRequest,
  assignmentResultSchema,
  boardConversationQuery,
  boardConversationSchema,
  boardFilterQuery,
  boardResponse,
} from '../../contract/supervision.ts'
import { route } from '../../core/http/route.ts'
import { assignByHand } from './assigning/assign.ts'
import { previewAssignment } from './assigning/preview.ts'
import { listBoardConversations, loadBoard } from './board/board.ts'
import { figuresOfToday } from './board/figures.ts'

const EXAMPLE = '01930000-0000-7000-8000-000000000001'
const view = { permission: 'supervision.view' } as const
const assign = { permission: 'conversations.assign' } as const
const decision = {
  items: [{ id: EXAMPLE, seen: { assigneeId: null, teamId: null } }],
  to: { kind: 'agent' as const, accountId: EXAMPLE },
  force: false,
}

export const boardRoutes = [
  route({
    method: 'GET',
    path: '/api/v1/supervision/board',
    summary: 'What waits, who works, how teams and channels stand, and what is wrong (BP-012.1–4)',
    tag: 'supervision',
    auth: view,
    query: boardFilterQuery,
    response: boardResponse,
    handle: async (ctx, { query }) => ({ data: await loadBoard(ctx, query) }),
  }),
  route({
    method: 'GET',
    path: '/api/v1/supervision/conversations',
    summary: 'What waits in the order of the queue, or what is handled, whose customer waits longest first',
    tag: 'supervision',
    auth: view,
    query: boardConversationQuery,
    response: page(boardConversationSchema),
    handle: (ctx, { query }) => listBoardConversations(ctx, query),
  }),
  route({
    method: 'GET',
    path: '/api/v1/supervision/figures',
    summary: 'Response times of today by agent: sums and numbers',
    tag: 'supervision',
    auth: view,
    query: z.strictObject({ teamId: z.uuid().optional() }),
    response: one(z.array(agentFiguresSchema)),
    handle: async (ctx, { query }) => ({ data: await figuresOfToday(ctx, query) }),
  }),
  route({
    method: 'POST',
    path: '/api/v1/supervision/assignments/preview',
    summary: 'What would become of each conversation; nothing is changed (BP-012.6)',
    tag: 'supervision',
    auth: assign,
    body: assignmentPreviewRequest,
    example: decision,
    response: one(assignmentResultSchema),
    errors: ['staff_not_active', 'team_disabled'],
    handle: async (ctx, { body }) => ({ data: await previewAssignment(ctx, body) }),
  }),
  route({
    method: 'POST',
    path: '/api/v1/supervision/assignments',
    summary: 'Hand out up to 200 conversations: to an agent, into a team’s queue, or as the policies say (BP-012.5–7)',
    tag: 'supervision',
    auth: assign,
    transaction: 'none',
    body: assignmentRequest,
    example: { ...decision, clientKey: 'a1b2c3d4e5f6', note: '午高峰调度' },
    response: one(assignmentResultSchema),
    errors: ['staff_not_active', 'team_disabled', 'team_closed', 'idempotency_mismatch'],
    handle: async (ctx, { body }) => ({ data: await assignByHand(ctx.app, ctx.actor, body, ctx.source) }),
  }),
]
