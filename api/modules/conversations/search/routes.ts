import { z } from 'zod'
import { historySearchQuery, messageHitPage, messageSearchQuery } from '../../../contract/search.ts'
import { route } from '../../../core/http/route.ts'
import { findInHistory } from './find-in-history.ts'
import { findMessages } from './find-messages.ts'

const tag = 'search'
const auth = { permission: 'conversations.read' } as const

export const searchRoutes = [
  route({
    method: 'GET',
    path: '/api/v1/messages/search',
    summary: 'Messages of every conversation within my scope that have these words, newest first (BP-004.3)',
    tag,
    auth,
    limit: { per: 'actor', max: 300, windowSeconds: 60 },
    query: messageSearchQuery,
    response: messageHitPage,
    errors: ['search_too_short'],
    handle: (ctx, { query }) => findMessages(ctx, query),
  }),
  route({
    method: 'GET',
    path: '/api/v1/customers/{id}/messages/search',
    summary: 'The same within one customer’s history, where one character is enough (BP-004.3)',
    tag,
    auth,
    limit: { per: 'actor', max: 300, windowSeconds: 60 },
    params: z.strictObject({ id: z.uuid() }),
    query: historySearchQuery,
    response: messageHitPage,
    errors: ['search_too_short'],
    handle: (ctx, { params, query }) => findInHistory(ctx, params.id, query),
  }),
]
