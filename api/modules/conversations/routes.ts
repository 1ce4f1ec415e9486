import { z } from 'zod'
import {
  conversationDetailSchema,
  conversationListQuery,
  conversationSchema,
  draftRequest,
  messageListQuery,
  messagesResponse,
  noteRequest,
  readRequest,
  replyCostSchema,
  replyRequest,
} from '../../contract/conversation.ts'
import { listQuery, one, page } from '../../contract/list.ts'
import { messagePartInputSchema, messageSchema } from '../../contract/message.ts'
import { route } from '../../core/http/route.ts'
import { acceptConversation } from './accept-conversation.ts'
import { saveDraft } from './drafts.ts'
import { presentConversations } from './load-conversations.ts'
import { writeNote } from './notes.ts'
import { conversationFor } from './policy.ts'
import { presentAll, presentDetail, presentOne, presentSingle } from './present-detail.ts'
import { countConversations, listConversations, listMessages } from './queries.ts'
import { withTags } from './shown-tags.ts'
import { markReadByStaff } from './read-marks.ts'
import { recallMessage } from './recall.ts'
import { reply, replyCost } from './reply.ts'
import { holdMessage, retryMessage } from './resend.ts'

const idParams = z.strictObject({ id: z.uuid() })
const messageParams = z.strictObject({ id: z.uuid(), seq: z.coerce.number().int().positive() })
const nothing = one(z.null())
const tag = 'conversations'
const read = { permission: 'conversations.read' } as const
const answer = { permission: 'conversations.reply' } as const

const reading = [
  route({
    method: 'GET',
    path: '/api/v1/conversations',
    summary: 'Conversations within my scope',
    tag,
    auth: read,
    query: conversationListQuery,
    response: page(conversationSchema),
    async handle(ctx, { query }) {
      const { rows, nextCursor } = await listConversations(ctx, query)
      return { data: await withTags(ctx.trx, await presentConversations(ctx.app, ctx.trx, rows, ctx.now)), nextCursor }
    },
  }),
  route({
    method: 'GET',
    path: '/api/v1/conversations/counts',
    summary: 'How many are mine, waiting and unread',
    tag,
    auth: read,
    response: one(z.object({ mine: z.int(), queued: z.int(), unread: z.int(), snoozed: z.int(), pinned: z.int(), reminders: z.int() })),
    handle: async (ctx) => ({ data: await countConversations(ctx) }),
  }),
  route({
    method: 'GET',
    path: '/api/v1/conversations/{id}',
    summary: 'One conversation with its channel’s limits and my draft',
    tag,
    auth: read,
    params: idParams,
    response: one(conversationDetailSchema),
    handle: async (ctx, { params }) => ({ data: await presentDetail(ctx, params.id) }),
  }),
  route({
    method: 'GET',
    path: '/api/v1/conversations/{id}/messages',
    summary: 'Messages, oldest first; the newest page without afterSeq and beforeSeq (BP-004.3)',
    tag,
    auth: read,
    params: idParams,
    query: messageListQuery,
    response: one(messagesResponse),
    async handle(ctx, { params, query }) {
      await conversationFor(ctx, params.id, 'view')
      return { data: await presentAll(ctx, params.id, await listMessages(ctx.trx, params.id, query)) }
    },
  }),
  route({
    method: 'GET',
    path: '/api/v1/customers/{id}/conversations',
    summary: 'Conversations of one customer within my scope, newest first',
    tag,
    auth: read,
    params: idParams,
    query: listQuery,
    response: page(conversationSchema),
    async handle(ctx, { params, query }) {
      const { rows, nextCursor } = await listConversations(ctx, { ...query, customerId: params.id })
      return { data: await withTags(ctx.trx, await presentConversations(ctx.app, ctx.trx, rows, ctx.now)), nextCursor }
    },
  }),
]

const answering = [
  route({
    method: 'POST',
    path: '/api/v1/conversations/{id}/messages',
    summary: 'Answer the customer; the same clientKey gives the same message (BP-004.1)',
    tag,
    auth: answer,
    status: 201,
    params: idParams,
    body: replyRequest,
    example: { clientKey: '5f0c9a7e-reply-1', parts: [{ type: 'text', text: '您好，请稍等，我帮您查一下。' }] },
    response: one(messageSchema),
    errors: [
      'conversation_closed',
      'idempotency_mismatch',
      'reply_window_closed',
      'reply_quota_spent',
      'part_not_supported',
      'attachment_not_ready',
      'already_assigned',
      'at_capacity',
    ],
    handle: async (ctx, { params, body }) => ({ data: await presentSingle(ctx, await reply(ctx, params.id, body)) }),
  }),
  route({
    method: 'POST',
    path: '/api/v1/conversations/{id}/reply-cost',
    summary: 'How many platform calls an answer would take',
    tag,
    auth: answer,
    params: idParams,
    body: z.strictObject({ parts: z.array(messagePartInputSchema).min(1).max(9) }),
    example: { parts: [{ type: 'text', text: '您好' }] },
    response: one(replyCostSchema),
    errors: ['part_not_supported'],
    handle: async (ctx, { params, body }) => ({ data: { calls: await replyCost(ctx, params.id, body.parts) } }),
  }),
  route({
    method: 'POST',
    path: '/api/v1/conversations/{id}/notes',
    summary: 'Write an internal note',
    tag,
    auth: answer,
    status: 201,
    params: idParams,
    body: noteRequest,
    example: { clientKey: '5f0c9a7e-note-1', text: '客户昨天已打过电话，优先处理', mentions: [] },
    response: one(messageSchema),
    errors: ['conversation_closed', 'idempotency_mismatch', 'mention_out_of_scope'],
    handle: async (ctx, { params, body }) => ({ data: await presentSingle(ctx, await writeNote(ctx, params.id, body)) }),
  }),
  route({
    method: 'POST',
    path: '/api/v1/conversations/{id}/messages/{seq}/retry',
    summary: 'Send a failed or unknown message once more',
    tag,
    auth: answer,
    params: messageParams,
    response: one(messageSchema),
    errors: ['not_retryable', 'reply_window_closed', 'reply_quota_spent', 'conversation_closed'],
    handle: async (ctx, { params }) => ({ data: await presentSingle(ctx, await retryMessage(ctx, params.id, params.seq)) }),
  }),
  route({
    method: 'POST',
    path: '/api/v1/conversations/{id}/messages/{seq}/hold',
    summary: 'Send a failed message when the customer writes',
    tag,
    auth: answer,
    params: messageParams,
    response: one(messageSchema),
    errors: ['not_retryable', 'conversation_closed'],
    handle: async (ctx, { params }) => ({ data: await presentSingle(ctx, await holdMessage(ctx, params.id, params.seq)) }),
  }),
  route({
    method: 'POST',
    path: '/api/v1/conversations/{id}/messages/{seq}/recall',
    summary: 'Take back my own message',
    tag,
    auth: answer,
    params: messageParams,
    response: one(messageSchema),
    errors: ['not_recallable', 'conversation_closed'],
    handle: async (ctx, { params }) => ({ data: await presentSingle(ctx, await recallMessage(ctx, params.id, params.seq)) }),
  }),
]

const handling = [
  route({
    method: 'POST',
    path: '/api/v1/conversations/{id}/read',
    summary: 'I have seen messages up to seq (BP-004.2)',
    tag,
    auth: read,
    params: idParams,
    body: readRequest,
    example: { seq: 12 },
    response: one(conversationSchema),
    async handle(ctx, { params, body }) {
      await markReadByStaff(ctx, params.id, body.seq)
      return { data: await presentOne(ctx, params.id) }
    },
  }),
  route({
    method: 'PUT',
    path: '/api/v1/conversations/{id}/draft',
    summary: 'Keep my draft; an empty text forgets it',
    tag,
    auth: answer,
    params: idParams,
    body: draftRequest,
    example: { text: '关于您的订单' },
    response: nothing,
    errors: ['conversation_closed'],
    async handle(ctx, { params, body }) {
      await saveDraft(ctx, params.id, body.text)
      return { data: null }
    },
  }),
  route({
    method: 'POST',
    path: '/api/v1/conversations/{id}/accept',
    summary: 'Take a waiting conversation',
    tag,
    auth: answer,
    params: idParams,
    response: one(conversationSchema),
    errors: ['already_assigned', 'at_capacity', 'conversation_closed'],
    async handle(ctx, { params }) {
      await acceptConversation(ctx, params.id)
      return { data: await presentOne(ctx, params.id) }
    },
  }),
]

export const routes = [...reading, ...answering, ...handling]
