/** The beginning, as the customer takes part in it: choosing a team, leaving the queue, waiting for the opening, leaving word. */
import { z } from 'zod'
import {
  contactPageSchema,
  contactRequestForm,
  leaveQueueRequest,
  linkedContactForm,
  teamChoiceRequest,
  waitForOpeningRequest,
} from '../../contract/consultation.ts'
import { one } from '../../contract/list.ts'
import { route } from '../../core/http/route.ts'
import { chooseTeam, drainQueue, leaveByCustomer, leaveWord, leaveWordByLink, presentForm, waitByCustomer } from '../conversations/index.ts'

const tag = 'web channel'
const nothing = one(z.null())
const conversationId = '01930000-0000-7000-8000-0000000000c1'
const tokenParams = z.strictObject({ token: z.string().regex(/^[\w.-]{1,200}$/) })
const form = { clientKey: '7d1b02c4-contact-1', text: '想了解年度维保的价格', name: '赵敏', contact: '微信同名' }
const formErrors = ['not_closed_now', 'contact_request_exists', 'idempotency_mismatch'] as const
const perActor = { per: 'actor', max: 20, windowSeconds: 60 } as const

export const consultationRoutes = [
  route({
    method: 'POST',
    path: '/api/v1/web/team-choice',
    summary: 'Choose one of the teams that were offered (BP-003.3)',
    tag,
    auth: 'customer',
    limit: perActor,
    body: teamChoiceRequest,
    example: { conversationId, teamId: '01930000-0000-7000-8000-0000000000d1' },
    response: nothing,
    errors: ['choice_closed'],
    async handle(ctx, { body }) {
      await chooseTeam(ctx, body.conversationId, body.teamId)
      ctx.afterCommit(() => drainQueue(ctx.app))
      return { data: null }
    },
  }),
  route({
    method: 'POST',
    path: '/api/v1/web/leave-queue',
    summary: 'Leave the queue; writing again begins anew (BP-003.5)',
    tag,
    auth: 'customer',
    limit: perActor,
    body: leaveQueueRequest,
    example: { conversationId },
    response: nothing,
    errors: ['already_assigned'],
    async handle(ctx, { body }) {
      await leaveByCustomer(ctx, body.conversationId)
      return { data: null }
    },
  }),
  route({
    method: 'POST',
    path: '/api/v1/web/wait-for-opening',
    summary: 'Wait until the doors open: the queue takes me then',
    tag,
    auth: 'customer',
    limit: perActor,
    body: waitForOpeningRequest,
    example: { conversationId },
    response: nothing,
    errors: ['not_closed_now'],
    async handle(ctx, { body }) {
      await waitByCustomer(ctx, body.conversationId)
      return { data: null }
    },
  }),
  route({
    method: 'POST',
    path: '/api/v1/web/off-hours',
    summary: 'Leave word while nobody is there; the same clientKey is the same request',
    tag,
    auth: 'customer',
    limit: perActor,
    body: contactRequestForm,
    example: { conversationId, ...form },
    response: nothing,
    errors: formErrors,
    async handle(ctx, { body: { conversationId: id, ...rest } }) {
      await leaveWord(ctx, id, rest)
      return { data: null }
    },
  }),
  route({
    method: 'GET',
    path: '/api/v1/web/contact/{token}',
    summary: 'What stands behind a link to the form',
    tag,
    auth: 'public',
    limit: { per: 'ip', max: 60, windowSeconds: 60 },
    params: tokenParams,
    response: one(contactPageSchema),
    handle: async (ctx, { params }) => ({ data: await presentForm(ctx, params.token) }),
  }),
  route({
    method: 'POST',
    path: '/api/v1/web/contact/{token}',
    summary: 'Leave word through a signed link',
    tag,
    auth: 'public',
    limit: { per: 'ip', max: 20, windowSeconds: 60 },
    params: tokenParams,
    body: linkedContactForm,
    example: form,
    response: nothing,
    errors: formErrors,
    async handle(ctx, { params, body }) {
      await leaveWordByLink(ctx, params.token, body)
      return { data: null }
    },
  }),
]
