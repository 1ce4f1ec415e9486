import { z } from 'zod'
import { realtimeTicketSchema } from '../../contract/identity.ts'
import { one } from '../../contract/list.ts'
import { customerMessageSchema } from '../../contract/message.ts'
import {
  webHistoryQuery,
  webHistorySchema,
  webMessageRequest,
  webReadRequest,
  webSessionRequest,
  webSessionSchema,
} from '../../contract/web.ts'
import { Unauthenticated } from '../../core/errors.ts'
import { headerText } from '../../core/http/authentication.ts'
import { route } from '../../core/http/route.ts'
import { issueTicket } from '../../core/realtime/tickets.ts'
import { markReadByCustomer } from '../conversations/index.ts'
import { receiveWebMessage, webHistory } from './web-messages.ts'
import { openWebSession } from './web-sessions.ts'

const tag = 'web channel'
const bearerOf = (header: unknown): string | null => /^Bearer ([\w-]{20,200})$/.exec(headerText(header) ?? '')?.[1] ?? null
const text = (value: unknown): string | null => (typeof value === 'string' && value !== '' ? value : null)

export const customerRoutes = [
  route({
    method: 'POST',
    path: '/api/v1/web/{accountId}/sessions',
    summary: 'Open the customer page: anonymous, continued, or identified by the host site (BP-003.1)',
    tag,
    auth: 'public',
    status: 201,
    limit: { per: 'ip', max: 60, windowSeconds: 60 },
    params: z.strictObject({ accountId: z.uuid() }),
    body: webSessionRequest,
    example: { locale: 'zh-CN', pageUrl: 'https://www.example.com/pricing' },
    response: one(webSessionSchema),
    errors: ['identity_invalid', 'identity_required'],
    async handle(ctx, { params, body, request }) {
      const session = await openWebSession(ctx, params.accountId, body, bearerOf(request.headers.authorization))
      const { settings } = session
      return {
        data: {
          token: session.token,
          expiresAt: session.expiresAt.toISOString(),
          title: text(settings.title) ?? '',
          welcome: text(settings.welcome),
          accent: text(settings.accent),
          identified: session.identified,
        },
      }
    },
  }),
  route({
    method: 'GET',
    path: '/api/v1/web/history',
    summary: 'My messages on this page, by conversation, resumable by afterSeq',
    tag,
    auth: 'customer',
    query: webHistoryQuery,
    response: one(webHistorySchema),
    handle: async (ctx, { query }) => ({ data: await webHistory(ctx, query) }),
  }),
  route({
    method: 'POST',
    path: '/api/v1/web/messages',
    summary: 'Write to the service; the same clientKey gives the same message',
    tag,
    auth: 'customer',
    status: 201,
    transaction: 'none',
    limit: { per: 'actor', max: 60, windowSeconds: 60 },
    body: webMessageRequest,
    example: { clientKey: '7d1b02c4-message-1', parts: [{ type: 'text', text: '你好，请问可以上门安装吗？' }] },
    response: one(customerMessageSchema),
    handle: async (ctx, { body }) => ({ data: await receiveWebMessage(ctx, body) }),
  }),
  route({
    method: 'POST',
    path: '/api/v1/web/read',
    summary: 'I have seen messages up to seq (BP-004.2)',
    tag,
    auth: 'customer',
    body: webReadRequest,
    example: { conversationId: '01930000-0000-7000-8000-0000000000c1', seq: 12 },
    response: one(z.null()),
    async handle(ctx, { body }) {
      await markReadByCustomer(ctx, body.conversationId, body.seq)
      return { data: null }
    },
  }),
  route({
    method: 'POST',
    path: '/api/v1/web/realtime-tickets',
    summary: 'Single-use ticket for the customer’s socket (namespace /customer)',
    tag: 'realtime',
    auth: 'customer',
    transaction: 'none',
    limit: { per: 'actor', max: 60, windowSeconds: 60 },
    response: one(realtimeTicketSchema),
    async handle(ctx, { request }) {
      const token = bearerOf(request.headers.authorization)
      if (token === null) throw new Unauthenticated('unauthenticated', 'a valid customer token is needed')
      return { data: await issueTicket(ctx.app, 'customer', token, ctx.now) }
    },
  }),
]
