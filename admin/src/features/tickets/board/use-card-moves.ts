import { ref, shallowRef } from 'vue'
import type { Ticket, TicketDetail, TicketMove } from '#api/contract/ticket.ts'
import { TICKET_STATUSES } from '#api/contract/ticket-status.ts'
import { isApiError } from '../../../api/http.ts'
import { moveCard } from '../../../api/ticket-board.ts'
import { fetchTicket } from '../../../api/tickets.ts'
import { confirmed } from '../../../shared/confirm.ts'
import { toast } from '../../../shared/toast.ts'
import { useCan } from '../../../shared/use-can.ts'
import { useWords } from '../../../shared/use-words.ts'
import { asks } from '../detail/next-moves.ts'
import type { Place, Step } from './board-shape.ts'

export interface Wish {
  ticket: Ticket
  step: Step
  place: Place
  /** What the place is called. */
  name: string
}
interface Input {
  adopt: (ticket: Ticket, place: Place) => void
  reload: () => Promise<void>
}

/**
 * Cards that are put elsewhere (BP-013.2). The card stands in its new place while the server is asked; refused, it is back and the reason is said. What the
 * state asks for is asked, and a full column is filled further by whoever assigns work, if he says so.
 */
export const useCardMoves = ({ adopt, reload }: Input) => {
  const { t, error } = useWords()
  const mayForce = useCan('tickets.assign')
  const pending = shallowRef<Wish | null>(null)
  const asking = shallowRef<{ wish: Wish; ticket: TicketDetail; move: TicketMove } | null>(null)
  /** For those who do not see the card move. */
  const said = ref('')

  const done = (wish: Wish, ticket: Ticket): void => {
    // Without anybody who has it, work goes back to the pool instead.
    const isStatus = wish.step.group === 'status'
    adopt(ticket, isStatus ? { ...wish.place, column: ticket.status } : wish.place)
    said.value = t('ticketBoard.moved', { number: ticket.number, column: isStatus ? t(`ticket.status.${ticket.status}`) : wish.name })
    void reload()
  }
  /** A state that was refused names what is possible instead. */
  const reasonOf = (thrown: unknown): string => {
    const why = error(thrown)
    const offered = isApiError(thrown) ? thrown.context['possible'] : undefined
    const possible = Array.isArray(offered) ? TICKET_STATUSES.filter((status) => offered.includes(status)) : []
    if (possible.length === 0) return why
    return t('ticketBoard.possible', { why, moves: possible.map((status) => t(`ticketMove.to.${status}`)).join(' · ') })
  }
  const refuse = (wish: Wish, thrown: unknown): void => {
    toast.failed(t('ticketBoard.refused', { number: wish.ticket.number, why: reasonOf(thrown) }))
    void reload()
  }
  /** @returns whether the state asks for something that a dialog can ask for */
  const ask = async (wish: Wish, to: unknown): Promise<boolean> => {
    const ticket = await fetchTicket(wish.ticket.id)
    const move = ticket.moves.find((each) => each.to === to)
    if (move === undefined || !asks(move, ticket.solution)) return false
    asking.value = { wish, ticket, move }
    return true
  }
  const wantsMore = ({ name, ticket: { number } }: Wish, context: Record<string, unknown>): Promise<boolean> => {
    const { team, count, max } = context
    const text = t(typeof team === 'string' ? 'ticketBoard.forceAskTeam' : 'ticketBoard.forceAsk', {
      team,
      count,
      max,
      number,
      column: name,
    })
    return confirmed({ text, yes: t('ticketBoard.force'), no: t('action.cancel') })
  }
  const attempt = async (wish: Wish, force: boolean): Promise<{ moved: Ticket } | { thrown: unknown }> => {
    pending.value = wish
    try {
      return { moved: await moveCard({ id: wish.ticket.id, version: wish.ticket.version, ...wish.step, force }) }
    } catch (thrown) {
      return { thrown }
    }
  }
  const run = async (wish: Wish, force: boolean): Promise<void> => {
    const answer = await attempt(wish, force)
    if ('moved' in answer) done(wish, answer.moved)
    pending.value = null
    if ('moved' in answer) return
    const { thrown } = answer
    if (isApiError(thrown) && thrown.code === 'wip_limit_reached' && mayForce.value && !force) {
      if (await wantsMore(wish, thrown.context)) await run(wish, true)
      return
    }
    const missing = isApiError(thrown) && thrown.code === 'ticket_fields_missing'
    if (missing && (await ask(wish, thrown.context['to']).catch(() => false))) return
    refuse(wish, thrown)
  }
  /** One at a time. */
  const move = (wish: Wish): Promise<void> => (pending.value === null ? run(wish, false) : Promise.resolve())
  const answered = (ticket: TicketDetail): void => {
    if (asking.value !== null) done(asking.value.wish, ticket)
  }
  return { pending, asking, said, move, answered }
}
