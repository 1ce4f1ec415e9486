import { z } from 'zod'
import { page } from '../../../contract/list.ts'
import { assignmentListQuery, assignmentSchema } from '../../../contract/assignment.ts'
import { route } from '../../../core/http/route.ts'
import { assignmentsOf } from '../../routing/index.ts'
import { conversationFor } from '../policy.ts'

export const assigningRoutes = [
  route({
    method: 'GET',
    path: '/api/v1/conversations/{id}/assignments',
    summary: 'Who had it since when, why, and who else was considered; newest first (BP-012.8)',
    tag: 'conversations',
    auth: { permission: 'conversations.read' },
    params: z.strictObject({ id: z.uuid() }),
    query: assignmentListQuery,
    response: page(assignmentSchema),
    async handle(ctx, { params, query }) {
      await conversationFor(ctx, params.id, 'view')
      return assignmentsOf(ctx, { kind: 'conversation', id: params.id }, query)
    },
  }),
]
