import { z } from 'zod'
import { conversationSchema } from '../../../contract/conversation.ts'
import {
  closeRequest,
  conversationRulesCreate,
  conversationRulesPatch,
  conversationRulesRemove,
  conversationRulesSchema,
  reopenRequest,
  webCloseRequest,
  wrapUpInput,
  wrapUpSchema,
} from '../../../contract/ending.ts'
import { one } from '../../../contract/list.ts'
import { route } from '../../../core/http/route.ts'
import { closeConversation } from '../close-conversation.ts'
import { presentOne } from '../present-detail.ts'
import { closeByCustomer } from './close-by-customer.ts'
import { changeRules, createRules, listRules, removeRules } from './manage-rules.ts'
import { reopenConversation } from './reopen.ts'
import { changeWrapUp, wrapUpOf } from './wrap-up.ts'

const idParams = z.strictObject({ id: z.uuid() })
const tag = 'conversations'
const answer = { permission: 'conversations.reply' } as const

const closing = [
  route({
    method: 'POST',
    path: '/api/v1/conversations/{id}/close',
    summary: 'End a conversation, with what it was about (BP-004.8)',
    tag,
    auth: answer,
    params: idParams,
    body: closeRequest,
    example: { reason: 'resolved', wrapUp: { result: 'resolved', summary: '已补发，客户确认收到' } },
    response: one(conversationSchema),
    errors: ['conversation_closed', 'wrap_up_required', 'entry_unknown', 'entry_disabled', 'tag_unknown'],
    async handle(ctx, { params, body }) {
      await closeConversation(ctx, params.id, body)
      return { data: await presentOne(ctx, params.id) }
    },
  }),
  route({
    method: 'POST',
    path: '/api/v1/conversations/{id}/reopen',
    summary: 'Go on with a closed conversation: answers the new one that continues it (BP-004.8)',
    tag,
    auth: answer,
    status: 201,
    params: idParams,
    body: reopenRequest,
    example: { to: 'me' },
    response: one(conversationSchema),
    errors: ['conversation_not_closed', 'conversation_open', 'customer_blocked', 'conversation_merged', 'at_capacity'],
    handle: async (ctx, { params, body }) => ({ data: await presentOne(ctx, await reopenConversation(ctx, params.id, body)) }),
  }),
  route({
    method: 'GET',
    path: '/api/v1/conversations/{id}/wrap-up',
    summary: 'What it was about, and what the rules ask to be noted',
    tag,
    auth: { permission: 'conversations.read' },
    params: idParams,
    response: one(wrapUpSchema),
    handle: async (ctx, { params }) => ({ data: await wrapUpOf(ctx, params.id) }),
  }),
  route({
    method: 'PUT',
    path: '/api/v1/conversations/{id}/wrap-up',
    summary: 'Note what it was about, before or after its end',
    tag,
    auth: answer,
    params: idParams,
    body: wrapUpInput,
    example: { result: 'follow_up', summary: '等待仓库回复' },
    response: one(wrapUpSchema),
    errors: ['entry_unknown', 'entry_disabled', 'tag_unknown'],
    async handle(ctx, { params, body }) {
      await changeWrapUp(ctx, params.id, body)
      return { data: await wrapUpOf(ctx, params.id) }
    },
  }),
  route({
    method: 'POST',
    path: '/api/v1/web/close',
    summary: 'The customer ends his conversation (BP-004.8)',
    tag: 'web channel',
    auth: 'customer',
    body: webCloseRequest,
    example: { conversationId: '01930000-0000-7000-8000-0000000000c1' },
    response: one(z.null()),
    async handle(ctx, { body }) {
      await closeByCustomer(ctx, body.conversationId)
      return { data: null }
    },
  }),
]

const manage = { permission: 'settings.manage' } as const
const rules = [
  route({
    method: 'GET',
    path: '/api/v1/conversation-rules',
    summary: 'How conversations end by themselves, for all, for teams and for accounts',
    tag,
    auth: manage,
    response: one(z.array(conversationRulesSchema)),
    handle: async (ctx) => ({ data: await listRules(ctx) }),
  }),
  route({
    method: 'POST',
    path: '/api/v1/conversation-rules',
    summary: 'Rules of one team or one account',
    tag,
    auth: manage,
    status: 201,
    body: conversationRulesCreate,
    example: { teamId: '01930000-0000-7000-8000-0000000000a1', idleWarnMinutes: 20 },
    response: one(conversationRulesSchema),
    errors: ['rules_exist'],
    handle: async (ctx, { body }) => ({ data: await createRules(ctx, body) }),
  }),
  route({
    method: 'PATCH',
    path: '/api/v1/conversation-rules/{id}',
    summary: 'Change rules; null means as for all',
    tag,
    auth: manage,
    params: idParams,
    body: conversationRulesPatch,
    example: { idleWarnMinutes: 30, version: 1 },
    response: one(conversationRulesSchema),
    errors: ['version_conflict'],
    handle: async (ctx, { params, body }) => ({ data: await changeRules(ctx, params.id, body) }),
  }),
  route({
    method: 'DELETE',
    path: '/api/v1/conversation-rules/{id}',
    summary: 'Remove the rules of a team or an account',
    tag,
    auth: manage,
    params: idParams,
    query: conversationRulesRemove,
    response: one(z.null()),
    errors: ['version_conflict', 'conflict'],
    async handle(ctx, { params, query }) {
      await removeRules(ctx, params.id, query.version)
      return { data: null }
    },
  }),
]

export const endingRoutes = [...closing, ...rules]
