/** The board as it is drawn: where cards stand, and where they may be put. Pure. */
import type { BoardGroup, TicketBoard } from '#api/contract/ticket-board.ts'
import type { Ticket } from '#api/contract/ticket.ts'
import type { Page } from '../../../api/http.ts'
import { GROUPS, type Cut } from './board-state.ts'

export type BoardCell = TicketBoard['cells'][number]
export interface Place {
  column: string
  lane: string
}
/** One change that puts a card elsewhere. */
export interface Step {
  group: BoardGroup
  to: string
}

/** Nobody’s column or lane; also the one lane of a board without lanes. */
export const NOBODY = 'none'

export const placeKey = ({ column, lane }: Place): string => `${lane} ${column}`
const isAt = (cell: Place, place: Place): boolean => cell.column === place.column && cell.lane === place.lane

/** Another column, or another lane: what would take two changes, or changes the kind of a ticket, is not dragged. */
export const stepTo = ({ group, lanes }: Cut, from: Place, to: Place): Step | null => {
  const otherColumn = from.column !== to.column
  const otherLane = from.lane !== to.lane
  if (otherColumn === otherLane) return null
  if (otherColumn) return { group, to: to.column }
  const ofLane = GROUPS.find((each) => each === lanes)
  return ofLane === undefined ? null : { group: ofLane, to: to.lane }
}

const recounted = <T extends { key: string; count: number }>(rows: readonly T[], from: string, to: string): T[] =>
  rows.map((row) => ({ ...row, count: row.count - Number(row.key === from) + Number(row.key === to) }))

/** As it will be when the card has got there, first of its cell. */
export const withCardAt = (board: TicketBoard, id: string, to: Place): TicketBoard => {
  const from = board.cells.find(({ cards }) => cards.some((card) => card.id === id))
  const card = from?.cards.find((each) => each.id === id)
  if (from === undefined || card === undefined || isAt(from, to)) return board
  const target = board.cells.find((cell) => isAt(cell, to))
  const left = { ...from, count: from.count - 1, cards: from.cards.filter((each) => each !== card) }
  const reached = {
    column: to.column,
    lane: to.lane,
    count: (target?.count ?? 0) + 1,
    cards: [card, ...(target?.cards ?? [])],
    nextCursor: target?.nextCursor ?? null,
  }
  return {
    columns: recounted(board.columns, from.column, to.column),
    lanes: recounted(board.lanes, from.lane, to.lane),
    cells: [...board.cells.filter((cell) => cell !== from && cell !== target), left, reached],
  }
}

/** A ticket as it is now, where its card stands; an older look changes nothing. */
export const withTicket = (board: TicketBoard, ticket: Ticket): TicketBoard => ({
  ...board,
  cells: board.cells.map((cell) =>
    cell.cards.some(({ id, version }) => id === ticket.id && version < ticket.version)
      ? { ...cell, cards: cell.cards.map((card) => (card.id === ticket.id ? ticket : card)) }
      : cell,
  ),
})

/** With a further page of a cell. What has moved up meanwhile stands there once. */
export const filledUp = (cell: BoardCell, page: Page<Ticket>): BoardCell => {
  const known = new Set(cell.cards.map(({ id }) => id))
  return { ...cell, cards: [...cell.cards, ...page.data.filter(({ id }) => !known.has(id))], nextCursor: page.nextCursor }
}
export const withMore = (board: TicketBoard, place: Place, page: Page<Ticket>): TicketBoard => ({
  ...board,
  cells: board.cells.map((cell) => (isAt(cell, place) ? filledUp(cell, page) : cell)),
})
