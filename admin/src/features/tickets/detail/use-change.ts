import { shallowRef } from 'vue'
import type { TicketChange, TicketDetail } from '#api/contract/ticket.ts'
import { isApiError } from '../../../api/http.ts'
import { patchTicket } from '../../../api/tickets.ts'
import { toast } from '../../../shared/toast.ts'
import { useWords } from '../../../shared/use-words.ts'
import { conflictOf, type Conflict } from './conflict.ts'

interface Input {
  ticket: () => TicketDetail | null
  adopt: (ticket: TicketDetail) => void
  reload: () => Promise<void>
}

/** Changes to what a ticket says. Where a colleague was faster with the same fields, both stand side by side and the reader decides. */
export const useChange = ({ ticket, adopt, reload }: Input) => {
  const { error } = useWords()
  const conflict = shallowRef<(Conflict & { change: Partial<TicketChange> }) | null>(null)

  const send = async (change: Partial<TicketChange>, version: number): Promise<boolean> => {
    const id = ticket()?.id
    if (id === undefined) return false
    try {
      adopt(await patchTicket(id, { ...change, version }))
      return true
    } catch (thrown) {
      const found = isApiError(thrown) && thrown.code === 'version_conflict' ? conflictOf(thrown.context) : null
      if (found === null) toast.failed(error(thrown))
      else conflict.value = { ...found, change }
      return false
    }
  }
  const change = (patch: Partial<TicketChange>): Promise<boolean> => send(patch, ticket()?.version ?? 0)
  const mineInstead = async (): Promise<void> => {
    const held = conflict.value
    conflict.value = null
    if (held !== null) await send(held.change, held.version)
  }
  const theirs = async (): Promise<void> => {
    conflict.value = null
    await reload()
  }
  return { change, conflict, mineInstead, theirs }
}
