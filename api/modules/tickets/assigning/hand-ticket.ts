import type { Reason } from '../../../contract/routing.ts'
import type { Ctx } from '../../../core/context.ts'
import type { TicketRow } from '../model.ts'
import { giveTickets, type Person, releaseTickets } from './give.ts'

export interface Handing {
  teamId: string | null
  /** Null: into the pool of that team. */
  to: Person | null
  reason: Reason
  /** What the former assignment says it ended by. */
  endReason?: string
  note?: string | null
}

/** A locked ticket that is not over goes to a team, and to somebody of it: escalation and the like. Who may is for the caller to say. */
export async function handTicket(ctx: Ctx, row: TicketRow, { teamId, to, reason, endReason, note }: Handing): Promise<void> {
  if (to === null) await releaseTickets(ctx, [row], { teamId, reason, note })
  else await giveTickets(ctx, [row], { to, teamId, reason, note, ...(endReason ? { endReason } : {}) })
}
