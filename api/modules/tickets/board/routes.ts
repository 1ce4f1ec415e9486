import { one, page } from '../../../contract/list.ts'
import { ticketSchema } from '../../../contract/ticket.ts'
import {
  boardMoveRequest,
  ticketBoardQuery,
  ticketBoardSchema,
  ticketCardQuery,
  ticketProgressQuery,
  ticketProgressSchema,
  wipLimitsPut,
  wipLimitsSchema,
} from '../../../contract/ticket-board.ts'
import { route } from '../../../core/http/route.ts'
import { ticketAnswer } from '../assigning/routes.ts'
import { boardCards } from './cards.ts'
import { loadBoard } from './load-board.ts'
import { moveCard } from './move-card.ts'
import { ticketProgress } from './progress.ts'
import { putWipLimits, wipLimits } from './wip.ts'

const tag = 'ticket board'
const reading = { permission: 'tickets.read' } as const

export const boardRoutes = [
  route({
    method: 'GET',
    path: '/api/v1/tickets/board',
    summary: 'Tickets as columns by state, assignee, team or priority, with swim lanes, ageing and how much there may be (BP-013.1)',
    tag,
    auth: reading,
    query: ticketBoardQuery,
    response: one(ticketBoardSchema),
    handle: async (ctx, { query }) => ({ data: await loadBoard(ctx, query) }),
  }),
  route({
    method: 'GET',
    path: '/api/v1/tickets/board/cards',
    summary: 'More cards of one column or cell, in the order of the board',
    tag,
    auth: reading,
    query: ticketCardQuery,
    response: page(ticketSchema),
    handle: (ctx, { query }) => boardCards(ctx, query),
  }),
  route({
    method: 'PUT',
    path: '/api/v1/tickets/board/moves',
    summary: 'Drag a card: a move of its state, a hand-out or a change of priority, by the rules of each (BP-013.1)',
    tag,
    auth: { permission: 'tickets.handle' },
    body: boardMoveRequest,
    example: { id: '01930000-0000-7000-8000-000000000001', version: 3, group: 'status', to: 'waiting_customer', force: false },
    response: one(ticketSchema),
    errors: [
      'version_conflict',
      'wip_limit_reached',
      'ticket_move_refused',
      'ticket_move_forbidden',
      'ticket_fields_missing',
      'ticket_over',
      'ticket_closed',
      'ticket_merged',
      'staff_not_active',
      'team_disabled',
    ],
    async handle(ctx, { body }) {
      await moveCard(ctx, body)
      return ticketAnswer(ctx, body.id)
    },
  }),
  route({
    method: 'GET',
    path: '/api/v1/tickets/progress',
    summary: 'What is open, waiting and late, how old it is, and what the day brought, by team or person (BP-013.7)',
    tag,
    auth: { permission: 'tickets.assign' },
    query: ticketProgressQuery,
    response: one(ticketProgressSchema),
    handle: async (ctx, { query }) => ({ data: await ticketProgress(ctx, query) }),
  }),
  route({
    method: 'GET',
    path: '/api/v1/ticket-wip-limits',
    summary: 'How many tickets there may be in a state at once, of the house and of teams',
    tag,
    auth: reading,
    response: one(wipLimitsSchema),
    handle: async (ctx) => ({ data: await wipLimits(ctx) }),
  }),
  route({
    method: 'PUT',
    path: '/api/v1/ticket-wip-limits',
    summary: 'All limits anew',
    tag,
    auth: { permission: 'tickets.settings' },
    body: wipLimitsPut,
    example: { limits: [{ teamId: null, status: 'in_progress', max: 50 }], version: 0 },
    response: one(wipLimitsSchema),
    errors: ['version_conflict'],
    handle: async (ctx, { body }) => ({ data: await putWipLimits(ctx, body) }),
  }),
]
