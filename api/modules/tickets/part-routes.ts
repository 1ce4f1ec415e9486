/** What hangs on a ticket: files, messages, watchers, relations. Each answers with the whole ticket, as its page shows it. */
import { z } from 'zod'
import type { ErrorCode } from '../../contract/errors.ts'
import { one } from '../../contract/list.ts'
import { messageSchema } from '../../contract/message.ts'
import { relationRequest, ticketDetailSchema, ticketFilesRequest, ticketMessagesRequest, watcherRequest } from '../../contract/ticket.ts'
import { route } from '../../core/http/route.ts'
import { ticketDetail } from './detail.ts'
import { addTicketFiles, removeTicketFile } from './files.ts'
import { addMessages, ticketMessages } from './messages.ts'
import { ticketFor } from './policy.ts'
import { relateTickets, unrelateTickets } from './relations.ts'
import { unwatchTicket, watchTicket } from './watchers.ts'

const EXAMPLE = '01930000-0000-7000-8000-000000000001'
const idParams = z.strictObject({ id: z.uuid() })
const detail = one(ticketDetailSchema)
const REFUSALS: readonly ErrorCode[] = ['forbidden', 'ticket_closed', 'ticket_merged', 'limit_reached']

const files = [
  route({
    method: 'POST',
    path: '/api/v1/tickets/{id}/files',
    summary: 'Add uploads to a ticket (BP-006.6); 100 files at most',
    tag: 'tickets',
    auth: { permission: 'tickets.handle' },
    params: idParams,
    body: ticketFilesRequest,
    example: { attachmentIds: [EXAMPLE] },
    response: detail,
    errors: ['forbidden', 'ticket_merged', 'ticket_files_full'],
    async handle(ctx, { params, body }) {
      await addTicketFiles(ctx, params.id, body.attachmentIds)
      return { data: await ticketDetail(ctx, params.id) }
    },
  }),
  route({
    method: 'DELETE',
    path: '/api/v1/tickets/{id}/files/{attachmentId}',
    summary: 'Take a file out of a ticket',
    tag: 'tickets',
    auth: { permission: 'tickets.handle' },
    params: z.strictObject({ id: z.uuid(), attachmentId: z.uuid() }),
    response: detail,
    errors: REFUSALS,
    async handle(ctx, { params }) {
      await removeTicketFile(ctx, params.id, params.attachmentId)
      return { data: await ticketDetail(ctx, params.id) }
    },
  }),
]

const messages = [
  route({
    method: 'GET',
    path: '/api/v1/tickets/{id}/messages',
    summary: 'Messages that were taken over from conversations, oldest first (200 at most)',
    tag: 'tickets',
    auth: { permission: 'tickets.read' },
    params: idParams,
    response: one(z.array(messageSchema)),
    async handle(ctx, { params }) {
      return { data: await ticketMessages(ctx, await ticketFor(ctx, params.id, 'view')) }
    },
  }),
  route({
    method: 'POST',
    path: '/api/v1/tickets/{id}/messages',
    summary: 'Take over more messages, of its conversation or another of the same customer',
    tag: 'tickets',
    auth: { permission: 'tickets.handle' },
    params: idParams,
    body: ticketMessagesRequest,
    example: { conversationId: EXAMPLE, seqs: [7, 8] },
    response: detail,
    errors: [...REFUSALS, 'different_customers', 'ticket_files_full'],
    async handle(ctx, { params, body }) {
      await addMessages(ctx, params.id, body)
      return { data: await ticketDetail(ctx, params.id) }
    },
  }),
]

const watchers = [
  route({
    method: 'POST',
    path: '/api/v1/tickets/{id}/watchers',
    summary: 'Watch a ticket, or let colleagues watch it: they see it and hear of it',
    tag: 'tickets',
    auth: { permission: 'tickets.read' },
    params: idParams,
    body: watcherRequest,
    example: { accountIds: [EXAMPLE] },
    response: detail,
    errors: ['forbidden', 'staff_not_active', 'limit_reached'],
    async handle(ctx, { params, body }) {
      await watchTicket(ctx, params.id, body.accountIds)
      return { data: await ticketDetail(ctx, params.id) }
    },
  }),
  route({
    method: 'DELETE',
    path: '/api/v1/tickets/{id}/watchers/{accountId}',
    summary: 'Watch a ticket no longer',
    tag: 'tickets',
    auth: { permission: 'tickets.read' },
    params: z.strictObject({ id: z.uuid(), accountId: z.uuid() }),
    response: one(z.object({ removed: z.literal(true) })),
    errors: ['forbidden'],
    async handle(ctx, { params }) {
      await unwatchTicket(ctx, params.id, params.accountId)
      return { data: { removed: true as const } }
    },
  }),
]

const relations = [
  route({
    method: 'POST',
    path: '/api/v1/tickets/{id}/relations',
    summary: 'Relate two tickets: duplicate, parent and child, what blocks what',
    tag: 'tickets',
    auth: { permission: 'tickets.handle' },
    params: idParams,
    body: relationRequest,
    example: { role: 'blocked_by', ticketId: EXAMPLE },
    response: detail,
    errors: [...REFUSALS, 'ticket_relation_cycle', 'ticket_relation_exists'],
    async handle(ctx, { params, body }) {
      await relateTickets(ctx, params.id, body)
      return { data: await ticketDetail(ctx, params.id) }
    },
  }),
  route({
    method: 'DELETE',
    path: '/api/v1/tickets/{id}/relations/{relationId}',
    summary: 'Part two tickets again',
    tag: 'tickets',
    auth: { permission: 'tickets.handle' },
    params: z.strictObject({ id: z.uuid(), relationId: z.uuid() }),
    response: detail,
    errors: REFUSALS,
    async handle(ctx, { params }) {
      await unrelateTickets(ctx, params.id, params.relationId)
      return { data: await ticketDetail(ctx, params.id) }
    },
  }),
]

export const partRoutes = [...files, ...messages, ...watchers, ...relations]
