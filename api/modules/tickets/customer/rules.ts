/** What customers may do with their tickets. Pure. */
import type { TicketRow } from '../model.ts'
import { isOver } from '../states.ts'

const DAY_MS = 86_400_000

/** Within so many days after it ended; a closed one counts from when it was solved. */
export function mayReopen(row: Pick<TicketRow, 'status' | 'resolved_at' | 'closed_at'>, days: number, now: Date): boolean {
  const ended = row.resolved_at ?? row.closed_at
  return isOver(row.status) && days > 0 && ended !== null && now.getTime() - ended.getTime() <= days * DAY_MS
}

/** While somebody here has something to do. */
export const isUrgeable = (row: Pick<TicketRow, 'status' | 'merged_into'>): boolean =>
  row.merged_into === null && !isOver(row.status) && row.status !== 'awaiting_confirmation' && row.status !== 'waiting_customer'

/**
 * When he may urge again.
 * @param urged of the last 24 hours, oldest first
 * @returns null: now
 */
export function nextUrgeAt(urged: readonly Date[], limits: { perDay: number; minutes: number }, now: Date): Date | null {
  const last = urged.at(-1)
  const afterLast = last ? last.getTime() + limits.minutes * 60_000 : 0
  const over = urged.length - limits.perDay
  const afterOldest = over >= 0 ? (urged[over]?.getTime() ?? 0) + DAY_MS : 0
  const at = Math.max(afterLast, afterOldest)
  return at > now.getTime() ? new Date(at) : null
}
