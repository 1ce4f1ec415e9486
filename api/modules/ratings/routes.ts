import { z } from 'zod'
import { one, page } from '../../contract/list.ts'
import {
  conversationRatingSchema,
  ratingListItemSchema,
  ratingListQuery,
  ratingRuleCreate,
  ratingRuleOrder,
  ratingRulePatch,
  ratingRuleSchema,
  ratingSettingsPatch,
  ratingSettingsSchema,
  ratingSummaryQuery,
  ratingSummarySchema,
} from '../../contract/rating.ts'
import { route } from '../../core/http/route.ts'
import { inviteByHand } from './invite.ts'
import { conversationRating } from './present.ts'
import { listRatings, ratingSummary } from './queries.ts'
import { createRule, listRules, orderRules, presentRule, removeRule, updateRule } from './rule-changes.ts'
import { changeSettings, ratingSettings } from './settings.ts'

const tag = 'ratings'
const idParams = z.strictObject({ id: z.uuid() })
const manage = { permission: 'ratings.manage' } as const
const readSettings = { permission: 'ratings.read' } as const
const readAll = { permission: 'ratings.read' } as const

const asking = [
  route({
    method: 'POST',
    path: '/api/v1/conversations/{id}/rating-invitations',
    summary: 'Ask the customer to rate; once a conversation (BP-004.9)',
    tag,
    auth: { permission: 'conversations.reply' },
    status: 201,
    params: idParams,
    response: one(conversationRatingSchema),
    errors: ['rating_invited', 'rating_without_agent'],
    async handle(ctx, { params }) {
      await inviteByHand(ctx, params.id)
      return { data: await conversationRating(ctx, params.id) }
    },
  }),
  route({
    method: 'GET',
    path: '/api/v1/conversations/{id}/rating',
    summary: 'The invitation of a conversation, how it fared, and the rating',
    tag,
    auth: { permission: 'conversations.read' },
    params: idParams,
    response: one(conversationRatingSchema),
    handle: async (ctx, { params }) => ({ data: await conversationRating(ctx, params.id) }),
  }),
]

const reading = [
  route({
    method: 'GET',
    path: '/api/v1/ratings',
    summary: 'Ratings of my people and teams, newest first',
    tag,
    auth: readAll,
    query: ratingListQuery,
    response: page(ratingListItemSchema),
    handle: (ctx, { query }) => listRatings(ctx, query),
  }),
  route({
    method: 'GET',
    path: '/api/v1/ratings/summary',
    summary: 'How many of each level, and how many of those who were asked answered',
    tag,
    auth: readAll,
    query: ratingSummaryQuery,
    response: one(ratingSummarySchema),
    handle: async (ctx, { query }) => ({ data: await ratingSummary(ctx, query) }),
  }),
]

const settings = [
  route({
    method: 'GET',
    path: '/api/v1/rating-settings',
    summary: 'Scale, expiry, texts and reasons',
    tag,
    auth: readSettings,
    response: one(ratingSettingsSchema),
    handle: async (ctx) => ({ data: await ratingSettings(ctx) }),
  }),
  route({
    method: 'PATCH',
    path: '/api/v1/rating-settings',
    summary: 'Change them; invitations that are out keep theirs',
    tag,
    auth: manage,
    body: ratingSettingsPatch,
    example: { scale: 5, expiresHours: 48, version: 1 },
    response: one(ratingSettingsSchema),
    errors: ['version_conflict', 'entry_unknown', 'entry_disabled'],
    handle: async (ctx, { body }) => ({ data: await changeSettings(ctx, body) }),
  }),
]

const rules = [
  route({
    method: 'GET',
    path: '/api/v1/rating-rules',
    summary: 'When customers are asked; the first that fits decides',
    tag,
    auth: readSettings,
    response: one(z.array(ratingRuleSchema)),
    handle: async (ctx) => ({ data: (await listRules(ctx)).map(presentRule) }),
  }),
  route({
    method: 'POST',
    path: '/api/v1/rating-rules',
    summary: 'Add a rule at the end',
    tag,
    auth: manage,
    status: 201,
    body: ratingRuleCreate,
    example: { name: '问题解决后邀请', closeReasons: ['resolved'], channelAccountIds: [], teamIds: [], invite: true, enabled: true },
    response: one(ratingRuleSchema),
    errors: ['name_taken', 'limit_reached'],
    handle: async (ctx, { body }) => ({ data: presentRule(await createRule(ctx, body)) }),
  }),
  route({
    method: 'PATCH',
    path: '/api/v1/rating-rules/{id}',
    summary: 'Change a rule',
    tag,
    auth: manage,
    params: idParams,
    body: ratingRulePatch,
    example: { enabled: false, version: 1 },
    response: one(ratingRuleSchema),
    errors: ['name_taken', 'version_conflict'],
    handle: async (ctx, { params, body }) => ({ data: presentRule(await updateRule(ctx, params.id, body)) }),
  }),
  route({
    method: 'DELETE',
    path: '/api/v1/rating-rules/{id}',
    summary: 'Delete a rule',
    tag,
    auth: manage,
    params: idParams,
    query: z.strictObject({ version: z.coerce.number().int().positive() }),
    response: one(z.null()),
    errors: ['version_conflict'],
    async handle(ctx, { params, query }) {
      await removeRule(ctx, params.id, query.version)
      return { data: null }
    },
  }),
  route({
    method: 'PUT',
    path: '/api/v1/rating-rules/order',
    summary: 'Put all rules in a new order',
    tag,
    auth: manage,
    body: ratingRuleOrder,
    example: { ids: ['01930000-0000-7000-8000-0000000000d1'] },
    response: one(z.array(ratingRuleSchema)),
    errors: ['version_conflict'],
    handle: async (ctx, { body }) => ({ data: (await orderRules(ctx, body.ids)).map(presentRule) }),
  }),
]

export const staffRoutes = [...asking, ...reading, ...settings, ...rules]
