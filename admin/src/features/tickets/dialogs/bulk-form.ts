import type { Priority } from '#api/contract/priority.ts'
import type { TicketStatus } from '#api/contract/ticket-status.ts'
import type { TicketAction } from '#api/contract/ticket-action.ts'

/** What shall change on every chosen ticket; what is empty stays as it is. */
export interface BulkForm {
  status: TicketStatus | ''
  reason: string
  priority: Priority | ''
  typeId: string
  note: string
}
export const emptyBulk = (): BulkForm => ({ status: '', reason: '', priority: '', typeId: '', note: '' })

/** In the order in which they are done: what is said comes first, the state last, so that it is judged by everything before it. */
export const actionsOf = ({ status, reason, priority, typeId, note }: BulkForm): TicketAction[] => {
  const why = reason.trim()
  return [
    ...(note.trim() === '' ? [] : [{ kind: 'follow_up' as const, visibility: 'internal' as const, text: note.trim() }]),
    ...(typeId === '' ? [] : [{ kind: 'type' as const, typeId }]),
    ...(priority === '' ? [] : [{ kind: 'priority' as const, to: priority }]),
    ...(status === '' ? [] : [{ kind: 'status' as const, to: status, ...(why === '' ? {} : { reason: why }) }]),
  ]
}
