/** Passing a conversation on (BP-004.6). */
import { z } from 'zod'
import { one } from '../../../contract/list.ts'
import {
  declineRequest,
  transferCandidatesQuery,
  transferCandidatesSchema,
  transferListQuery,
  transferRequest,
  transferRulesRequest,
  transferRulesSchema,
  transferSchema,
} from '../../../contract/transfer.ts'
import { route } from '../../../core/http/route.ts'
import { conversationFor } from '../policy.ts'
import { transferCandidates } from './candidates.ts'
import { acceptTransfer, cancelTransfer, declineTransfer } from './decide-transfer.ts'
import { offerTransfer } from './offer-transfer.ts'
import { presentTransfer, runningTransfersOf, transfersOf } from './present.ts'
import { changeTransferRules, transferRules } from './rules.ts'

const idParams = z.strictObject({ id: z.uuid() })
const tag = 'conversations'
const read = { permission: 'conversations.read' } as const
const answer = { permission: 'conversations.reply' } as const
const SOMEBODY = '01930000-0000-7000-8000-000000000003'

export const transferRoutes = [
  route({
    method: 'POST',
    path: '/api/v1/conversations/{id}/transfers',
    summary: 'Pass a conversation on: ask a colleague, or give it to a team (BP-004.6)',
    tag,
    auth: answer,
    status: 201,
    params: idParams,
    body: transferRequest,
    example: { to: { accountId: SOMEBODY }, note: '客户要换货，订单已核对，请继续跟进' },
    response: one(transferSchema),
    errors: [
      'transfer_running',
      'transfer_to_self',
      'staff_not_active',
      'target_offline',
      'target_at_capacity',
      'team_disabled',
      'team_closed',
      'conversation_not_assigned',
      'conversation_closed',
    ],
    handle: async (ctx, { params, body }) => ({ data: await presentTransfer(ctx, await offerTransfer(ctx, params.id, body)) }),
  }),
  route({
    method: 'GET',
    path: '/api/v1/conversations/{id}/transfers',
    summary: 'How it was passed on, newest first',
    tag,
    auth: read,
    params: idParams,
    query: transferListQuery,
    response: one(z.array(transferSchema)),
    async handle(ctx, { params, query }) {
      await conversationFor(ctx, params.id, 'view')
      return { data: await transfersOf(ctx, params.id, query.limit) }
    },
  }),
  route({
    method: 'GET',
    path: '/api/v1/conversations/{id}/colleagues',
    summary: 'Whom and which teams I can ask, invite or mention, and why not',
    tag,
    auth: answer,
    params: idParams,
    query: transferCandidatesQuery,
    response: one(transferCandidatesSchema),
    handle: async (ctx, { params, query }) => ({ data: await transferCandidates(ctx, params.id, query.q) }),
  }),
  route({
    method: 'GET',
    path: '/api/v1/me/transfers',
    summary: 'Running offers to me, from me, and about what is mine',
    tag,
    auth: read,
    response: one(z.array(transferSchema)),
    handle: async (ctx) => ({ data: await runningTransfersOf(ctx, ctx.actor.accountId) }),
  }),
  route({
    method: 'POST',
    path: '/api/v1/transfers/{id}/accept',
    summary: 'Take over what I was asked to take over',
    tag,
    auth: answer,
    params: idParams,
    response: one(transferSchema),
    errors: ['transfer_decided', 'conversation_closed', 'at_capacity'],
    async handle(ctx, { params }) {
      await acceptTransfer(ctx, params.id)
      return { data: await presentTransfer(ctx, params.id) }
    },
  }),
  route({
    method: 'POST',
    path: '/api/v1/transfers/{id}/decline',
    summary: 'Say no; it stays with whoever has it',
    tag,
    auth: answer,
    params: idParams,
    body: declineRequest,
    example: { reason: 'busy' },
    response: one(transferSchema),
    errors: ['transfer_decided'],
    async handle(ctx, { params, body }) {
      await declineTransfer(ctx, params.id, body)
      return { data: await presentTransfer(ctx, params.id) }
    },
  }),
  route({
    method: 'POST',
    path: '/api/v1/transfers/{id}/cancel',
    summary: 'Take an offer back',
    tag,
    auth: answer,
    params: idParams,
    response: one(transferSchema),
    errors: ['transfer_decided'],
    async handle(ctx, { params }) {
      await cancelTransfer(ctx, params.id)
      return { data: await presentTransfer(ctx, params.id) }
    },
  }),
  route({
    method: 'GET',
    path: '/api/v1/transfer-rules',
    summary: 'How long somebody who is asked may think',
    tag,
    auth: read,
    response: one(transferRulesSchema),
    handle: async (ctx) => ({ data: await transferRules(ctx.trx) }),
  }),
  route({
    method: 'PUT',
    path: '/api/v1/transfer-rules',
    summary: 'Change it, for offers from now on',
    tag,
    auth: { permission: 'settings.manage' },
    body: transferRulesRequest,
    example: { acceptSeconds: 60, version: 1 },
    response: one(transferRulesSchema),
    errors: ['version_conflict'],
    handle: async (ctx, { body }) => ({ data: await changeTransferRules(ctx, body) }),
  }),
]
