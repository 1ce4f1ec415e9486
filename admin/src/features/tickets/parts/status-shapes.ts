import type { TicketStatus } from '#api/contract/ticket-status.ts'

export type StatusTone = 'fresh' | 'working' | 'waiting' | 'still' | 'good' | 'over'

/** How a status is drawn: its tone, and how far round the ring it is (0 … 1), so that colour is never alone. */
export const STATUS_SHAPES: Record<TicketStatus, { tone: StatusTone; filled: number; sign?: 'pause' | 'check' | 'question' }> = {
  new: { tone: 'fresh', filled: 0 },
  unassigned: { tone: 'fresh', filled: 0.12 },
  in_progress: { tone: 'working', filled: 0.5 },
  waiting_customer: { tone: 'waiting', filled: 0.66 },
  on_hold: { tone: 'still', filled: 0, sign: 'pause' },
  awaiting_confirmation: { tone: 'waiting', filled: 0.85, sign: 'question' },
  resolved: { tone: 'good', filled: 1, sign: 'check' },
  closed: { tone: 'over', filled: 1, sign: 'check' },
}
