import { onMounted, ref, shallowRef, watch } from 'vue'
import type { TicketBoard } from '#api/contract/ticket-board.ts'
import type { Ticket } from '#api/contract/ticket.ts'
import { failureCode, type FailureCode } from '../../../api/http.ts'
import { fetchBoardCards, fetchTicketBoard } from '../../../api/ticket-board.ts'
import type { TicketAddress } from '../../../api/tickets.ts'
import { toast } from '../../../shared/toast.ts'
import { useWords } from '../../../shared/use-words.ts'
import { useTicketEvents } from '../parts/use-ticket-events.ts'
import { type BoardCell, filledUp, placeKey, withCardAt, withMore, withTicket, type Place } from './board-shape.ts'
import type { Cut } from './board-state.ts'
import { useSettled } from './use-settled.ts'

const PAGE = 20
/** The most that the API gives at once. */
const AT_ONCE = 100

export interface BoardQuestion {
  cut: Cut
  filters: TicketAddress
}
const addressOf = ({ cut, filters }: BoardQuestion): TicketAddress => ({ ...filters, group: cut.group, lanes: cut.lanes })
const addressOfCell = (question: BoardQuestion, { column, lane }: Place): TicketAddress => ({
  ...addressOf(question),
  column,
  ...(question.cut.lanes === 'none' ? {} : { lane }),
})

/** The board while it is on screen: kept fresh by what is heard, with as many cards of a cell as the reader has asked for. */
export const useBoard = (question: () => BoardQuestion, resting: () => boolean) => {
  const { error: wordsOf } = useWords()
  /** With the cut it was asked for: a new choice shows when its answer is here. */
  const held = shallowRef<{ board: TicketBoard; cut: Cut } | null>(null)
  const failed = ref<FailureCode | null>(null)
  const loading = ref(false)
  const filling = shallowRef<ReadonlySet<string>>(new Set())
  const wanted = new Map<string, number>()
  let attempt = 0

  const change = (by: (board: TicketBoard) => TicketBoard): void => {
    if (held.value !== null) held.value = { ...held.value, board: by(held.value.board) }
  }
  const furtherOf = async (asked: BoardQuestion, first: BoardCell): Promise<BoardCell> => {
    const most = wanted.get(placeKey(first)) ?? 0
    let cell = first
    while (cell.nextCursor !== null && cell.cards.length < most) {
      const limit = Math.min(AT_ONCE, most - cell.cards.length)
      cell = filledUp(cell, await fetchBoardCards({ ...addressOfCell(asked, cell), cursor: cell.nextCursor, limit }))
    }
    return cell
  }
  /** A late answer to an earlier question is dropped. */
  const reload = async (): Promise<void> => {
    const mine = (attempt += 1)
    const asked = question()
    loading.value = true
    try {
      const board = await fetchTicketBoard(addressOf(asked))
      const cells = await Promise.all(board.cells.map((cell) => furtherOf(asked, cell)))
      if (mine !== attempt) return
      // A card that vanished from under the hand would never be let go.
      if (resting()) {
        soon()
        return
      }
      held.value = { board: { ...board, cells }, cut: asked.cut }
      failed.value = null
    } catch (error) {
      if (mine === attempt) failed.value = failureCode(error)
    } finally {
      if (mine === attempt) loading.value = false
    }
  }
  const more = async (cell: BoardCell): Promise<void> => {
    const key = placeKey(cell)
    if (cell.nextCursor === null || filling.value.has(key)) return
    const mine = attempt
    filling.value = new Set([...filling.value, key])
    wanted.set(key, cell.cards.length + PAGE)
    try {
      const page = await fetchBoardCards({ ...addressOfCell(question(), cell), cursor: cell.nextCursor, limit: PAGE })
      // A board that is on its way brings them, too.
      if (mine === attempt) change((board) => withMore(board, cell, page))
    } catch (error) {
      toast.failed(wordsOf(error))
    } finally {
      filling.value = new Set([...filling.value].filter((each) => each !== key))
    }
  }
  const adopt = (ticket: Ticket, place: Place): void => change((board) => withTicket(withCardAt(board, ticket.id, place), ticket))

  const soon = useSettled(reload, resting)
  useTicketEvents((ticket) => {
    change((board) => withTicket(board, ticket))
    soon()
  }, soon)
  watch(
    () => JSON.stringify(question()),
    () => {
      wanted.clear()
      void reload()
    },
  )
  onMounted(reload)
  return { held, failed, loading, filling, reload, more, adopt }
}
