import { z } from 'zod'
import { one } from '../../../contract/list.ts'
import { ticketLinkSchema, ticketMergeRequest, ticketSplitRequest } from '../../../contract/ticket-linking.ts'
import { route } from '../../../core/http/route.ts'
import { ticketFor } from '../policy.ts'
import { linkById, linksOf } from './list-links.ts'
import { mergeTickets } from './merge-tickets.ts'
import { splitTicket } from './split-ticket.ts'
import { undoTicketLink } from './undo-link.ts'

const EXAMPLE = '01930000-0000-7000-8000-000000000001'
const idParams = z.strictObject({ id: z.uuid() })
const tag = 'tickets'
const handling = { permission: 'tickets.handle' } as const

export const linkingRoutes = [
  route({
    method: 'GET',
    path: '/api/v1/tickets/{id}/links',
    summary: 'What was merged into it or it into, what was split off it or from what; newest first (BP-006.9)',
    tag,
    auth: { permission: 'tickets.read' },
    params: idParams,
    response: one(z.array(ticketLinkSchema)),
    async handle(ctx, { params }) {
      await ticketFor(ctx, params.id, 'view')
      return { data: await linksOf(ctx, params.id) }
    },
  }),
  route({
    method: 'POST',
    path: '/api/v1/tickets/{id}/merge',
    summary: 'Close this ticket as part of another one of the same customer; undone within 30 days (BP-006.9)',
    tag,
    auth: handling,
    params: idParams,
    body: ticketMergeRequest,
    example: { intoId: EXAMPLE, version: 3 },
    status: 201,
    response: one(ticketLinkSchema),
    errors: ['version_conflict', 'different_customers', 'ticket_without_customer', 'ticket_merged', 'ticket_closed', 'limit_reached'],
    handle: async (ctx, { params, body }) => ({ data: await linkById(ctx, await mergeTickets(ctx, params.id, body)) }),
  }),
  route({
    method: 'POST',
    path: '/api/v1/tickets/{id}/split',
    summary: 'Give another matter a ticket of its own, with the follow-ups that belong to it; undone within 30 days (BP-006.9)',
    tag,
    auth: handling,
    params: idParams,
    body: ticketSplitRequest,
    example: { title: '另一台设备的问题', description: '', followUpIds: [], version: 3 },
    status: 201,
    response: one(ticketLinkSchema),
    errors: ['version_conflict', 'ticket_merged', 'ticket_type_disabled', 'ticket_fields_missing'],
    handle: async (ctx, { params, body }) => ({ data: await linkById(ctx, (await splitTicket(ctx, params.id, body)).id) }),
  }),
  route({
    method: 'POST',
    path: '/api/v1/ticket-links/{id}/undo',
    summary: 'Take a merge or a split back within 30 days; what was written in between stays where it was written',
    tag,
    auth: handling,
    params: idParams,
    response: one(ticketLinkSchema),
    errors: ['link_undone', 'link_undo_expired', 'ticket_merged', 'ticket_closed'],
    handle: async (ctx, { params }) => ({ data: await linkById(ctx, (await undoTicketLink(ctx, params.id)).id) }),
  }),
]
