import { z } from 'zod'
import { one } from '../../contract/list.ts'
import { linkRatingRequest, ratingFormSchema, webRatingRequest } from '../../contract/rating.ts'
import { route } from '../../core/http/route.ts'
import { answerForm, formOf, linkedInvitation, ownInvitation } from './customer-form.ts'

const tag = 'ratings'
const answer = one(ratingFormSchema)
const errors = ['rating_given', 'rating_expired', 'entry_unknown'] as const
const tokenParams = z.strictObject({ token: z.string().regex(/^[\w-]{36,60}$/) })

export const customerRoutes = [
  route({
    method: 'GET',
    path: '/api/v1/web/ratings/{id}',
    summary: 'What I am asked about a service of mine',
    tag,
    auth: 'customer',
    params: z.strictObject({ id: z.uuid() }),
    response: answer,
    handle: async (ctx, { params }) => ({ data: await formOf(ctx, await ownInvitation(ctx, params.id)) }),
  }),
  route({
    method: 'POST',
    path: '/api/v1/web/ratings',
    summary: 'Rate the service; each invitation takes one answer (BP-004.9)',
    tag,
    auth: 'customer',
    limit: { per: 'actor', max: 30, windowSeconds: 60 },
    body: webRatingRequest,
    example: { invitationId: '01930000-0000-7000-8000-0000000000e1', score: 5, reasons: [], comment: '回复很快' },
    response: answer,
    errors,
    handle: async (ctx, { body }) => ({ data: await answerForm(ctx, await ownInvitation(ctx, body.invitationId), body) }),
  }),
  route({
    method: 'GET',
    path: '/api/v1/rating-links/{token}',
    summary: 'The same by a signed link, without signing in',
    tag,
    auth: 'public',
    limit: { per: 'ip', max: 60, windowSeconds: 60 },
    params: tokenParams,
    response: answer,
    handle: async (ctx, { params }) => ({ data: await formOf(ctx, await linkedInvitation(ctx, params.token)) }),
  }),
  route({
    method: 'POST',
    path: '/api/v1/rating-links/{token}',
    summary: 'Rate by a signed link, or explain a score given with one tap',
    tag,
    auth: 'public',
    limit: { per: 'ip', max: 30, windowSeconds: 60 },
    params: tokenParams,
    body: linkRatingRequest,
    example: { score: 2, reasons: [], comment: '等了很久' },
    response: answer,
    errors,
    handle: async (ctx, { params, body }) => ({ data: await answerForm(ctx, await linkedInvitation(ctx, params.token), body) }),
  }),
]
