/** Where a ticket stands, in the customer's words. Pure. */
import type { CustomerTicketState } from '../../../contract/ticket-customer.ts'
import type { TicketStatus } from '../../../contract/ticket-status.ts'

export const STATE_OF: Readonly<Record<TicketStatus, CustomerTicketState>> = {
  new: 'received',
  unassigned: 'received',
  in_progress: 'in_progress',
  // What holds it up is ours to know.
  on_hold: 'in_progress',
  waiting_customer: 'waiting_for_you',
  awaiting_confirmation: 'please_confirm',
  resolved: 'resolved',
  closed: 'closed',
}

/** Steps that look the same to him are one. */
export function stepsOf(moves: readonly { to: TicketStatus; at: Date }[]): { state: CustomerTicketState; at: Date }[] {
  const steps: { state: CustomerTicketState; at: Date }[] = []
  for (const { to, at } of moves) {
    const state = STATE_OF[to]
    if (steps.at(-1)?.state !== state) steps.push({ state, at })
  }
  return steps
}
