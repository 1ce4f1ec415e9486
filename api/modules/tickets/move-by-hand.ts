import type { TicketMoveRequest } from '../../contract/ticket.ts'
import type { Ctx, StaffActor } from '../../core/context.ts'
import { Conflict } from '../../core/errors.ts'
import { TicketEventRow, type TicketRow } from './model.ts'
import { moveTicket } from './moves.ts'
import { ticketFor } from './policy.ts'

/**
 * A member of staff changes the state. `version`: the look on which he decided; a state that somebody else changed since is a conflict, anything else is not.
 * @throws Conflict `version_conflict`; as `ticketFor`, `moveTicket`
 */
export async function moveByHand(ctx: Ctx<StaffActor>, id: string, { to, version, ...options }: TicketMoveRequest): Promise<TicketRow> {
  const row = await ticketFor(ctx, id, 'move')
  if (version !== undefined && version !== row.version && row.status !== to) await refuseMoved(ctx, row, { to, version })
  return moveTicket(ctx, row, to, options)
}

async function refuseMoved(ctx: Ctx, row: TicketRow, { to, version }: { to: string; version: number }): Promise<void> {
  const moved = await TicketEventRow.query(ctx.trx)
    .where({ ticket_id: row.id })
    .where('version', '>', version)
    .whereRaw(`jsonb_exists(after, 'status')`)
    .orderBy('id', 'desc')
    .first()
  if (!moved) return
  throw new Conflict('version_conflict', 'somebody else moved it meanwhile', {
    version: row.version,
    conflicts: [{ field: 'status', theirs: row.status, yours: to }],
    by: moved.actor_kind === 'staff' ? { id: moved.actor_id } : null,
    at: moved.created_at.toISOString(),
  })
}
