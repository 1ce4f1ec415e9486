/** Working on one conversation together: passing on, helping, supervising, merging and splitting. */
import { z } from 'zod'
import { conversationDetailSchema, conversationSchema } from '../../contract/conversation.ts'
import { helperRequest, takeOverRequest, whisperRequest } from '../../contract/helpers.ts'
import {
  conversationLinkSchema,
  conversationMergeRequest,
  conversationSplitRequest,
  jointMessagesQuery,
  jointMessagesResponse,
} from '../../contract/linking.ts'
import { one } from '../../contract/list.ts'
import { messageSchema } from '../../contract/message.ts'
import { route } from '../../core/http/route.ts'
import { inviteHelper, removeHelper } from './helpers/invite-helper.ts'
import { jointMessages } from './linking/joint-messages.ts'
import { mergeConversations } from './linking/merge-conversations.ts'
import { linksOf, presentLink } from './linking/present-links.ts'
import { splitConversation } from './linking/split-conversation.ts'
import { undoLink } from './linking/undo-link.ts'
import { takeOver } from './oversight/take-over.ts'
import { whisper } from './oversight/whisper.ts'
import { conversationFor } from './policy.ts'
import { presentDetail, presentOne, presentSingle } from './present-detail.ts'
import { transferRoutes } from './transfers/routes.ts'

const idParams = z.strictObject({ id: z.uuid() })
const helperParams = z.strictObject({ id: z.uuid(), accountId: z.uuid() })
const tag = 'conversations'
const read = { permission: 'conversations.read' } as const
const answer = { permission: 'conversations.reply' } as const
const SOMEBODY = '01930000-0000-7000-8000-000000000003'

const helping = [
  route({
    method: 'POST',
    path: '/api/v1/conversations/{id}/helpers',
    summary: 'Invite a colleague to help; once more changes what he may',
    tag,
    auth: answer,
    params: idParams,
    body: helperRequest,
    example: { accountId: SOMEBODY, mayReply: false, note: '请帮忙看一下发票问题' },
    response: one(conversationSchema),
    errors: ['transfer_to_self', 'staff_not_active', 'limit_reached', 'conversation_not_assigned', 'conversation_closed'],
    async handle(ctx, { params, body }) {
      await inviteHelper(ctx, params.id, body)
      return { data: await presentOne(ctx, params.id) }
    },
  }),
  route({
    method: 'DELETE',
    path: '/api/v1/conversations/{id}/helpers/{accountId}',
    summary: 'Stop helping, or send a helper away',
    tag,
    auth: read,
    params: helperParams,
    response: one(z.null()),
    async handle(ctx, { params }) {
      await removeHelper(ctx, params.id, params.accountId)
      return { data: null }
    },
  }),
]

const supervising = [
  route({
    method: 'POST',
    path: '/api/v1/conversations/{id}/whispers',
    summary: 'A word for the agent alone; no customer and no colleague ever reads it (BP-012)',
    tag,
    auth: { permission: 'conversations.whisper' },
    status: 201,
    params: idParams,
    body: whisperRequest,
    example: { clientKey: '5f0c9a7e-whisper-1', text: '先安抚情绪，再给补偿方案' },
    response: one(messageSchema),
    errors: ['idempotency_mismatch', 'conversation_not_assigned', 'conversation_closed'],
    handle: async (ctx, { params, body }) => ({ data: await presentSingle(ctx, await whisper(ctx, params.id, body)) }),
  }),
  route({
    method: 'POST',
    path: '/api/v1/conversations/{id}/take-over',
    summary: 'Take a conversation into my own hands, with the reason (BP-012.7)',
    tag,
    auth: { permission: 'conversations.take_over' },
    params: idParams,
    body: takeOverRequest,
    example: { from: SOMEBODY, reason: '客户情绪激动，由我处理' },
    response: one(conversationDetailSchema),
    errors: ['already_assigned', 'conversation_not_assigned', 'conversation_closed'],
    async handle(ctx, { params, body }) {
      await takeOver(ctx, params.id, body)
      return { data: await presentDetail(ctx, params.id) }
    },
  }),
]

const LINK_ERRORS = ['conversation_is_stream', 'transfer_running'] as const
const linking = [
  route({
    method: 'POST',
    path: '/api/v1/conversations/{id}/merge',
    summary: 'Read this one as part of another of the same customer; can be undone for 30 days',
    tag,
    auth: answer,
    status: 201,
    params: idParams,
    body: conversationMergeRequest,
    example: { into: '01930000-0000-7000-8000-000000000b01' },
    response: one(conversationLinkSchema),
    errors: [
      ...LINK_ERRORS,
      'different_customers',
      'conversation_merged',
      'conversation_not_assigned',
      'conversation_closed',
      'limit_reached',
    ],
    handle: async (ctx, { params, body }) => ({ data: await presentLink(ctx, await mergeConversations(ctx, params.id, body.into)) }),
  }),
  route({
    method: 'POST',
    path: '/api/v1/conversations/{id}/split',
    summary: 'Give another matter a conversation of its own, which refers to these messages; can be undone for 30 days',
    tag,
    auth: answer,
    status: 201,
    params: idParams,
    body: conversationSplitRequest,
    example: { seqs: [3, 4, 7] },
    response: one(conversationLinkSchema),
    errors: [...LINK_ERRORS, 'conversation_split', 'at_capacity'],
    handle: async (ctx, { params, body }) => ({ data: await presentLink(ctx, await splitConversation(ctx, params.id, body.seqs)) }),
  }),
  route({
    method: 'GET',
    path: '/api/v1/conversations/{id}/links',
    summary: 'What it was merged with and split from, newest first',
    tag,
    auth: read,
    params: idParams,
    response: one(z.array(conversationLinkSchema)),
    async handle(ctx, { params }) {
      await conversationFor(ctx, params.id, 'view')
      return { data: await linksOf(ctx, params.id) }
    },
  }),
  route({
    method: 'POST',
    path: '/api/v1/conversation-links/{id}/undo',
    summary: 'Undo a merge or a split within 30 days',
    tag,
    auth: answer,
    params: idParams,
    response: one(conversationLinkSchema),
    errors: ['link_undone', 'link_undo_expired'],
    async handle(ctx, { params }) {
      await undoLink(ctx, params.id)
      return { data: await presentLink(ctx, params.id) }
    },
  }),
  route({
    method: 'GET',
    path: '/api/v1/conversations/{id}/joint-messages',
    summary: 'Messages of this conversation, of those merged into it, and those it refers to, by time',
    tag,
    auth: read,
    params: idParams,
    query: jointMessagesQuery,
    response: jointMessagesResponse,
    handle: (ctx, { params, query }) => jointMessages(ctx, params.id, query),
  }),
]

export const togetherRoutes = [...transferRoutes, ...helping, ...supervising, ...linking]
