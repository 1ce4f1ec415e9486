import { one } from '../../../contract/list.ts'
import { ticketResultsSchema } from '../../../contract/ticket-assigning.ts'
import { ticketBulkRequest } from '../../../contract/ticket-bulk.ts'
import { route } from '../../../core/http/route.ts'
import { changeMany, previewMany } from './change-many.ts'

const example = {
  items: [{ id: '01930000-0000-7000-8000-000000000001', version: 3 }],
  actions: [{ kind: 'priority' as const, to: 'high' as const }],
}

export const bulkRoutes = [
  route({
    method: 'POST',
    path: '/api/v1/tickets/bulk',
    summary: 'The same changes to up to 100 tickets, each by itself; each says what became of it (BP-013.5)',
    tag: 'tickets',
    auth: { permission: 'tickets.handle' },
    limit: { per: 'actor', max: 30, windowSeconds: 60 },
    body: ticketBulkRequest,
    example,
    response: one(ticketResultsSchema),
    handle: async (ctx, { body }) => ({ data: await changeMany(ctx, body) }),
  }),
  route({
    method: 'POST',
    path: '/api/v1/tickets/bulk/preview',
    summary: 'What would become of each; nothing is changed',
    tag: 'tickets',
    auth: { permission: 'tickets.handle' },
    limit: { per: 'actor', max: 30, windowSeconds: 60 },
    body: ticketBulkRequest,
    example,
    response: one(ticketResultsSchema),
    handle: async (ctx, { body }) => ({ data: await previewMany(ctx, body) }),
  }),
]
