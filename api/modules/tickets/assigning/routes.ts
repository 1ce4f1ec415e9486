import { z } from 'zod'
import { assignmentListQuery, assignmentSchema } from '../../../contract/assignment.ts'
import { one, page } from '../../../contract/list.ts'
import { ticketSchema } from '../../../contract/ticket.ts'
import { ticketAssignRequest, ticketResultsSchema, ticketTransferRequest } from '../../../contract/ticket-assigning.ts'
import type { Ctx } from '../../../core/context.ts'
import { route } from '../../../core/http/route.ts'
import { assignmentsOf } from '../../routing/index.ts'
import { presentTickets } from '../load.ts'
import { ticketFor } from '../policy.ts'
import { assignTickets } from './assign-tickets.ts'
import { claimTicket } from './claim-ticket.ts'
import { seeTicket } from './see-ticket.ts'
import { transferTicket } from './transfer-ticket.ts'

const EXAMPLE = '01930000-0000-7000-8000-000000000001'
const idParams = z.strictObject({ id: z.uuid() })
const tag = 'tickets'
const handling = { permission: 'tickets.handle' } as const

export async function ticketAnswer(ctx: Ctx, id: string) {
  const [data] = await presentTickets(ctx.trx, [id])
  if (!data) throw new Error('ticket vanished')
  return { data }
}

export const assigningRoutes = [
  route({
    method: 'POST',
    path: '/api/v1/tickets/assignments',
    summary:
      'Give up to 200 tickets to somebody, to the pool of a team, or to whom the policies choose; each says what became of it (BP-013.4, BP-013.5)',
    tag,
    auth: { permission: 'tickets.assign' },
    body: ticketAssignRequest,
    example: {
      items: [{ id: EXAMPLE, seen: { assigneeId: null, teamId: null } }],
      to: { kind: 'agent', accountId: EXAMPLE },
      note: '熟悉这个客户',
    },
    response: one(ticketResultsSchema),
    errors: ['staff_not_active', 'team_disabled'],
    handle: async (ctx, { body }) => ({ data: await assignTickets(ctx, body) }),
  }),
  route({
    method: 'POST',
    path: '/api/v1/tickets/{id}/claim',
    summary: 'Take a ticket from the pool (BP-005.6)',
    tag,
    auth: handling,
    params: idParams,
    response: one(ticketSchema),
    errors: ['already_assigned', 'ticket_closed', 'ticket_merged'],
    async handle(ctx, { params }) {
      await claimTicket(ctx, params.id)
      return ticketAnswer(ctx, params.id)
    },
  }),
  route({
    method: 'POST',
    path: '/api/v1/tickets/{id}/transfer',
    summary: 'Hand a ticket on to a colleague or to the pool of a team, with a word why (BP-006.6)',
    tag,
    auth: handling,
    params: idParams,
    body: ticketTransferRequest,
    example: { to: { kind: 'team', teamId: EXAMPLE }, note: '需要二线排查网络' },
    response: one(ticketSchema),
    errors: ['already_there', 'ticket_over', 'ticket_closed', 'ticket_merged', 'staff_not_active', 'team_disabled'],
    async handle(ctx, { params, body }) {
      await transferTicket(ctx, params.id, body)
      return ticketAnswer(ctx, params.id)
    },
  }),
  route({
    method: 'PUT',
    path: '/api/v1/tickets/{id}/seen',
    summary: 'I have this ticket before me: mine is unread no more',
    tag,
    auth: { permission: 'tickets.read' },
    params: idParams,
    response: one(ticketSchema),
    async handle(ctx, { params }) {
      await seeTicket(ctx, params.id)
      return ticketAnswer(ctx, params.id)
    },
  }),
  route({
    method: 'GET',
    path: '/api/v1/tickets/{id}/assignments',
    summary: 'Who had it since when, why, and who else was considered; newest first',
    tag,
    auth: { permission: 'tickets.read' },
    params: idParams,
    query: assignmentListQuery,
    response: page(assignmentSchema),
    async handle(ctx, { params, query }) {
      await ticketFor(ctx, params.id, 'view')
      return assignmentsOf(ctx, { kind: 'ticket', id: params.id }, query)
    },
  }),
]
