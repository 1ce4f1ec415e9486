import { z } from 'zod'
import { reachesSchema, startedSchema, startRequest } from '../../../contract/ending.ts'
import { one } from '../../../contract/list.ts'
import { route } from '../../../core/http/route.ts'
import { presentSingle } from '../present-detail.ts'
import { howToReach } from './reach.ts'
import { startConversation } from './start-conversation.ts'

const idParams = z.strictObject({ id: z.uuid() })
const tag = 'conversations'
const answer = { permission: 'conversations.reply' } as const

export const startingRoutes = [
  route({
    method: 'GET',
    path: '/api/v1/customers/{id}/reach',
    summary: 'How a customer can be reached now, before anything is written (BP-004)',
    tag,
    auth: answer,
    params: idParams,
    response: one(reachesSchema),
    handle: async (ctx, { params }) => ({ data: await howToReach(ctx, params.id) }),
  }),
  route({
    method: 'POST',
    path: '/api/v1/customers/{id}/conversations',
    summary: 'Write to a customer first; the same clientKey gives the same message (BP-004)',
    tag,
    auth: answer,
    status: 201,
    params: idParams,
    body: startRequest,
    example: { clientKey: '5f0c9a7e-start-1', parts: [{ type: 'text', text: '您好，您上次咨询的配件到货了。' }] },
    response: one(startedSchema),
    errors: [
      'customer_blocked',
      'not_reachable',
      'already_assigned',
      'at_capacity',
      'idempotency_mismatch',
      'reply_window_closed',
      'reply_quota_spent',
      'part_not_supported',
      'attachment_not_ready',
      'text_blocked',
    ],
    async handle(ctx, { params, body }) {
      const { conversationId, started, message } = await startConversation(ctx, params.id, body)
      return { data: { conversationId, started, message: await presentSingle(ctx, message) } }
    },
  }),
]
