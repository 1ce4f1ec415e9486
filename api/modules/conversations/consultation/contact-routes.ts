import { z } from 'zod'
import { contactRequestHandled, contactRequestListQuery, contactRequestSchema } from '../../../contract/consultation.ts'
import { one, page } from '../../../contract/list.ts'
import { route } from '../../../core/http/route.ts'
import { listContactRequests, markHandled } from './list-contact-requests.ts'

const tag = 'consultation'

export const contactRoutes = [
  route({
    method: 'GET',
    path: '/api/v1/contact-requests',
    summary: 'What customers left outside working hours: of my teams, and of no team',
    tag,
    auth: { permission: 'conversations.read' },
    query: contactRequestListQuery,
    response: page(contactRequestSchema),
    handle: (ctx, { query }) => listContactRequests(ctx, query),
  }),
  route({
    method: 'POST',
    path: '/api/v1/contact-requests/{id}/handled',
    summary: 'Somebody has seen to this request',
    tag,
    auth: { permission: 'conversations.reply' },
    params: z.strictObject({ id: z.uuid() }),
    body: contactRequestHandled,
    example: { version: 1 },
    response: one(contactRequestSchema),
    errors: ['version_conflict'],
    handle: async (ctx, { params, body }) => ({ data: await markHandled(ctx, params.id, body.version) }),
  }),
]
