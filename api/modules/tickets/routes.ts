import { z } from 'zod'
import { one, page } from '../../contract/list.ts'
import {
  ticketCountsSchema,
  ticketCreate,
  ticketDetailSchema,
  ticketFilters,
  ticketListQuery,
  ticketMoveRequest,
  ticketPatch,
  ticketSchema,
} from '../../contract/ticket.ts'
import { ticketEventSchema, ticketHistoryQuery } from '../../contract/ticket-history.ts'
import { route } from '../../core/http/route.ts'
import { ticketDetail } from './detail.ts'
import { historyOf } from './list-history.ts'
import { countTickets } from './count-tickets.ts'
import { listTickets } from './list-tickets.ts'
import { moveByHand } from './move-by-hand.ts'
import { openTicket } from './open-ticket.ts'
import { updateTicket } from './update.ts'

const EXAMPLE = '01930000-0000-7000-8000-000000000001'
const idParams = z.strictObject({ id: z.uuid() })

export const ticketRoutes = [
  route({
    method: 'GET',
    path: '/api/v1/tickets',
    summary: 'Tickets that I may see, filtered and sorted (BP-006.1, BP-013.2)',
    tag: 'tickets',
    auth: { permission: 'tickets.read' },
    query: ticketListQuery,
    response: page(ticketSchema),
    handle: (ctx, { query }) => listTickets(ctx, query),
  }),
  route({
    method: 'GET',
    path: '/api/v1/tickets/counts',
    summary: 'How many there are in each state, within the same filters; and what waits for me',
    tag: 'tickets',
    auth: { permission: 'tickets.read' },
    query: ticketFilters,
    response: one(ticketCountsSchema),
    handle: async (ctx, { query }) => ({ data: await countTickets(ctx, query) }),
  }),
  route({
    method: 'POST',
    path: '/api/v1/tickets',
    summary: 'Make a ticket: by hand, from a conversation with selected messages, or from another system (BP-005.1–4)',
    tag: 'tickets',
    auth: { permission: 'tickets.create' },
    status: 201,
    body: ticketCreate,
    example: {
      clientKey: 'order-4711-complaint',
      title: '发票抬头开错，需要重开',
      description: '客户要求改为公司全称。',
      typeId: EXAMPLE,
      priority: 'high',
      fields: {},
      tags: ['发票'],
      assigneeId: null,
      customerId: null,
      watcherIds: [],
      checklist: [],
      attachmentIds: [],
      from: { conversationId: EXAMPLE, seqs: [3, 4] },
      source: 'hand',
    },
    response: one(ticketDetailSchema),
    errors: [
      'forbidden',
      'ticket_type_disabled',
      'ticket_fields_missing',
      'field_invalid',
      'entry_unknown',
      'entry_disabled',
      'staff_not_active',
      'customer_merged',
      'idempotency_mismatch',
      'ticket_files_full',
      'limit_reached',
    ],
    handle: async (ctx, { body }) => ({ data: await ticketDetail(ctx, (await openTicket(ctx, body)).id) }),
  }),
  route({
    method: 'GET',
    path: '/api/v1/tickets/{id}',
    summary: 'One ticket with its form, files, watchers, relations, and what I may do with it (BP-006.1)',
    tag: 'tickets',
    auth: { permission: 'tickets.read' },
    params: idParams,
    response: one(ticketDetailSchema),
    handle: async (ctx, { params }) => ({ data: await ticketDetail(ctx, params.id) }),
  }),
  route({
    method: 'PATCH',
    path: '/api/v1/tickets/{id}',
    summary: 'Change what a ticket says; only what somebody else changed as well is a conflict',
    tag: 'tickets',
    auth: { permission: 'tickets.handle' },
    params: idParams,
    body: ticketPatch,
    example: { priority: 'urgent', tags: ['发票', '加急'], version: 4 },
    response: one(ticketDetailSchema),
    errors: [
      'forbidden',
      'version_conflict',
      'ticket_closed',
      'ticket_merged',
      'ticket_type_disabled',
      'ticket_fields_missing',
      'field_invalid',
      'entry_unknown',
      'entry_disabled',
      'different_customers',
      'customer_merged',
    ],
    async handle(ctx, { params, body }) {
      await updateTicket(ctx, params.id, body)
      return { data: await ticketDetail(ctx, params.id) }
    },
  }),
  route({
    method: 'POST',
    path: '/api/v1/tickets/{id}/moves',
    summary: 'Put a ticket into another state (BP-006.4, BP-006.9); a refused move says what is possible',
    tag: 'tickets',
    auth: { permission: 'tickets.handle' },
    params: idParams,
    body: ticketMoveRequest,
    example: { to: 'resolved', solution: '已重开发票并寄出', version: 5 },
    response: one(ticketDetailSchema),
    errors: ['ticket_move_refused', 'ticket_move_forbidden', 'ticket_fields_missing', 'field_invalid', 'ticket_merged', 'version_conflict'],
    async handle(ctx, { params, body }) {
      await moveByHand(ctx, params.id, body)
      return { data: await ticketDetail(ctx, params.id) }
    },
  }),
  route({
    method: 'GET',
    path: '/api/v1/tickets/{id}/history',
    summary: 'Everything that happened to a ticket, newest first, with both sides of each change',
    tag: 'tickets',
    auth: { permission: 'tickets.read' },
    params: idParams,
    query: ticketHistoryQuery,
    response: page(ticketEventSchema),
    handle: (ctx, { params, query }) => historyOf(ctx, params.id, query),
  }),
]
