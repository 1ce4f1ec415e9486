import { computed, onScopeDispose, ref, shallowRef, watch } from 'vue'
import type { TicketDetail } from '#api/contract/ticket.ts'
import { failureCode, type FailureCode } from '../../../api/http.ts'
import { fetchTicket } from '../../../api/tickets.ts'
import { markSeen } from '../../../api/ticket-work.ts'
import { useRealtime } from '../../../realtime/realtime.ts'
import { useSession } from '../../../stores/session.ts'

/** Bursts of changes (a macro, an escalation) are fetched once. */
const SETTLED_MS = 250

/** The ticket on screen: loaded, watched on the socket, marked as seen, and kept as it is now. */
export const useTicket = (id: () => string) => {
  const realtime = useRealtime()
  const session = useSession()
  const ticket = shallowRef<TicketDetail | null>(null)
  const failed = ref<FailureCode | null>(null)
  /** Rises with everything that happened, for what is loaded beside the ticket. */
  const round = ref(0)
  /** Who else has it open: two people answering one customer is seen before it happens. */
  const viewers = ref<{ id: string; name: string }[]>([])
  let attempt = 0
  let timer: ReturnType<typeof setTimeout> | undefined

  const see = (found: TicketDetail): void => {
    if (found.assignee?.id === session.meId && found.seenAt === null) void markSeen(found.id).catch(() => undefined)
  }
  const load = async (): Promise<void> => {
    const mine = (attempt += 1)
    const asked = id()
    try {
      const found = await fetchTicket(asked)
      if (mine !== attempt) return
      ticket.value = found
      failed.value = null
      round.value += 1
      see(found)
    } catch (error) {
      if (mine !== attempt) return
      failed.value = failureCode(error)
      // What somebody may no longer see does not stay on his screen.
      if (failed.value === 'not_found' || failed.value === 'forbidden') ticket.value = null
    }
  }
  const soon = (): void => {
    clearTimeout(timer)
    timer = setTimeout(() => void load(), SETTLED_MS)
  }
  const adopt = (next: TicketDetail): void => {
    ticket.value = next
    round.value += 1
  }
  const attend = (ticketId: string): void => realtime.send({ name: 'ticket.watch', payload: { ticketId } })
  const stop = realtime.hear(
    (event) => {
      if (event.type === 'ticket.viewers' && event.id === id()) viewers.value = event.patch.viewers.filter((one) => one.id !== session.meId)
      if (event.type === 'ticket.changed' && event.id === id()) soon()
      if (event.type === 'ticket.updated' && event.id === id() && event.version > (ticket.value?.version ?? 0)) soon()
    },
    () => {
      if (id() === '') return
      attend(id())
      void load()
    },
  )
  watch(
    id,
    (next, before) => {
      if (before !== undefined && before !== '') realtime.send({ name: 'ticket.unwatch', payload: { ticketId: before } })
      ticket.value = null
      viewers.value = []
      if (next === '') return
      attend(next)
      void load()
    },
    { immediate: true },
  )
  onScopeDispose(() => {
    clearTimeout(timer)
    stop()
    if (id() !== '') realtime.send({ name: 'ticket.unwatch', payload: { ticketId: id() } })
  })
  const mine = computed(() => ticket.value?.assignee?.id === session.meId)
  return { ticket, failed, round, viewers, mine, load, adopt }
}
