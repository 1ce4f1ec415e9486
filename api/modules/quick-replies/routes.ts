import { z } from 'zod'
import { one, page } from '../../contract/list.ts'
import {
  filledReplySchema,
  knownValuesQuery,
  knownValuesSchema,
  quickReplyCreate,
  quickReplyFill,
  quickReplyListQuery,
  quickReplyMove,
  quickReplyPatch,
  quickReplyRemove,
  quickReplyRestore,
  quickReplySchema,
  quickReplyVersionSchema,
  suggestionQuery,
  suggestionSchema,
} from '../../contract/quick-reply.ts'
import { route } from '../../core/http/route.ts'
import { fillReply } from './fill.ts'
import { knownValues } from './known-values.ts'
import { listReplies } from './list-replies.ts'
import { moveReply } from './order-replies.ts'
import { replyFor } from './policy.ts'
import { presentReply } from './present.ts'
import { suggestReplies } from './suggest.ts'
import { versionsOf } from './versions.ts'
import { createReply, removeReply, restoreReply, updateReply } from './write-replies.ts'

const EXAMPLE = '01930000-0000-7000-8000-000000000001'
const tag = 'quick replies'
const path = '/api/v1/quick-replies'
const idParams = z.strictObject({ id: z.uuid() })
/** Everybody who works with conversations has replies of his own; what else he may is asked of the shelf. */
const read = { permission: 'conversations.read' } as const
const answer = { permission: 'conversations.reply' } as const

const reading = [
  route({
    method: 'GET',
    path,
    summary: 'Quick replies of the house, of a team or my own, in their order, or the best matches first (BP-016.1–3)',
    tag,
    auth: read,
    query: quickReplyListQuery,
    response: page(quickReplySchema),
    handle: (ctx, { query }) => listReplies(ctx, query),
  }),
  route({
    method: 'GET',
    path: `${path}/suggestions`,
    summary: 'What I may use, by short code, title, 拼音 or text, best first (BP-004.4, BP-016.6)',
    tag,
    auth: answer,
    query: suggestionQuery,
    limit: { per: 'actor', max: 1200, windowSeconds: 60 },
    response: one(z.array(suggestionSchema)),
    handle: async (ctx, { query }) => ({ data: await suggestReplies(ctx, query) }),
  }),
  route({
    method: 'GET',
    path: `${path}/values`,
    summary: 'What a conversation knows by itself, for previews (BP-016.5)',
    tag,
    auth: answer,
    query: knownValuesQuery,
    response: one(knownValuesSchema),
    handle: async (ctx, { query }) => ({ data: await knownValues(ctx, query.conversationId) }),
  }),
  route({
    method: 'GET',
    path: `${path}/{id}`,
    summary: 'One quick reply',
    tag,
    auth: read,
    params: idParams,
    response: one(quickReplySchema),
    handle: async (ctx, { params }) => ({ data: await presentReply(ctx, (await replyFor(ctx, params.id, 'view')).id) }),
  }),
  route({
    method: 'GET',
    path: `${path}/{id}/versions`,
    summary: 'What it said before, newest first (100 at most)',
    tag,
    auth: read,
    params: idParams,
    response: one(z.array(quickReplyVersionSchema)),
    handle: async (ctx, { params }) => ({ data: await versionsOf(ctx, (await replyFor(ctx, params.id, 'view')).id) }),
  }),
]

const writing = [
  route({
    method: 'POST',
    path,
    summary: 'Make a quick reply for everybody, for a team or for myself (BP-016.1, BP-016.2, BP-016.5, BP-016.6)',
    tag,
    auth: read,
    status: 201,
    body: quickReplyCreate,
    example: {
      scope: 'personal',
      title: '发票已寄出',
      code: 'fpjc',
      categoryId: null,
      parts: [{ type: 'text', text: '{{customer.name}}您好，您的发票已寄出，单号 {{快递单号}}。' }],
      variables: [{ name: '快递单号', kind: 'text', choices: [] }],
    },
    response: one(quickReplySchema),
    errors: ['forbidden', 'code_taken', 'limit_reached', 'variable_unknown'],
    handle: async (ctx, { body }) => ({ data: await presentReply(ctx, (await createReply(ctx, body)).id) }),
  }),
  route({
    method: 'PATCH',
    path: `${path}/{id}`,
    summary: 'Change a quick reply; when somebody else did meanwhile, `context.theirs` holds what he made of it (BP-016.4)',
    tag,
    auth: read,
    params: idParams,
    body: quickReplyPatch,
    example: { title: '发票已寄出（普票）', version: 1 },
    response: one(quickReplySchema),
    errors: ['forbidden', 'version_conflict', 'code_taken', 'variable_unknown'],
    async handle(ctx, { params, body }) {
      await updateReply(ctx, params.id, body)
      return { data: await presentReply(ctx, params.id) }
    },
  }),
  route({
    method: 'DELETE',
    path: `${path}/{id}`,
    summary: 'Delete a quick reply with its versions',
    tag,
    auth: read,
    params: idParams,
    query: quickReplyRemove,
    response: one(z.null()),
    errors: ['forbidden', 'version_conflict'],
    async handle(ctx, { params, query }) {
      await removeReply(ctx, params.id, query.version)
      return { data: null }
    },
  }),
  route({
    method: 'POST',
    path: `${path}/{id}/move`,
    summary: 'Into a category, before one of its replies or at the end (BP-016.3)',
    tag,
    auth: read,
    params: idParams,
    body: quickReplyMove,
    example: { categoryId: null, before: EXAMPLE, version: 1 },
    response: one(quickReplySchema),
    errors: ['forbidden', 'version_conflict'],
    async handle(ctx, { params, body }) {
      await moveReply(ctx, params.id, body)
      return { data: await presentReply(ctx, params.id) }
    },
  }),
  route({
    method: 'POST',
    path: `${path}/{id}/restore`,
    summary: 'Let an earlier version stand again (BP-016.4)',
    tag,
    auth: read,
    params: idParams,
    body: quickReplyRestore,
    example: { number: 1, version: 3 },
    response: one(quickReplySchema),
    errors: ['forbidden', 'version_conflict', 'code_taken'],
    async handle(ctx, { params, body }) {
      await restoreReply(ctx, params.id, body)
      return { data: await presentReply(ctx, params.id) }
    },
  }),
  route({
    method: 'POST',
    path: `${path}/{id}/fill`,
    summary: 'The reply for this conversation, variables filled; what is missing is asked for first. Nothing is sent (BP-004.4, BP-016.5)',
    tag,
    auth: answer,
    params: idParams,
    body: quickReplyFill,
    example: { conversationId: EXAMPLE, values: { 快递单号: 'SF1234567890' } },
    response: one(filledReplySchema),
    errors: ['conflict', 'variable_unknown', 'variable_invalid'],
    handle: async (ctx, { params, body }) => ({ data: await fillReply(ctx, params.id, body) }),
  }),
]

export const routes = [...reading, ...writing]
