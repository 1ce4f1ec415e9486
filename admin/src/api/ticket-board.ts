import type { z } from 'zod'
import type { TicketBoard, TicketProgress, boardMoveRequest } from '#api/contract/ticket-board.ts'
import type { Ticket } from '#api/contract/ticket.ts'
import { http, type Page } from './http.ts'
import type { TicketAddress } from './tickets.ts'

export const fetchTicketBoard = (query: TicketAddress): Promise<TicketBoard> => http.get('/tickets/board', query)
export const fetchBoardCards = (query: TicketAddress): Promise<Page<Ticket>> => http.page('/tickets/board/cards', query)
export const moveCard = (body: z.input<typeof boardMoveRequest>): Promise<Ticket> => http.put('/tickets/board/moves', body)
export const fetchProgress = (query: { by: 'team' | 'assignee'; teamId: string }): Promise<TicketProgress> =>
  http.get('/tickets/progress', query)
