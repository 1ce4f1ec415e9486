import type { SlaCause } from '../../../contract/sla.ts'
import type { Ctx } from '../../../core/context.ts'
import type { ClockState } from './clock.ts'
import { climb } from './ladder.ts'
import { loadClocks, loadFacts, loadHouse } from './load.ts'
import { reckon, type Reckoned } from './reckon.ts'
import { writeReckoned } from './write.ts'

/**
 * Brings the clocks of these tickets in line with what the tickets are now (BP-006.2), in the transaction that changed them and after their rows were
 * written. The caller holds the rows' locks: they are the one thing that clocks are changed under.
 * @param cause `replied`: staff spoke so that the customer sees it; `spoken`: the customer did
 */
export async function keepClocks(
  ctx: Ctx,
  ticketIds: readonly string[],
  cause: Extract<SlaCause, 'created' | 'moved' | 'changed' | 'replied' | 'spoken'>,
): Promise<void> {
  if (ticketIds.length === 0) return
  if (cause === 'replied')
    await ctx
      .trx('tickets')
      .whereIn('id', [...ticketIds])
      .whereNull('first_replied_at')
      .update({ first_replied_at: ctx.now })
  await settle(ctx, ticketIds, cause)
}

/** The same for whatever cause; climbs the rungs that time has reached. @returns the number of tickets */
export async function settle(ctx: Ctx, ticketIds: readonly string[], cause: SlaCause): Promise<number> {
  const tickets = await loadFacts(ctx.trx, ticketIds)
  const clocks = await loadClocks(ctx.trx, ticketIds)
  const house = await loadHouse(ctx, tickets, clocks)
  const byTicket = new Map<string, ClockState[]>()
  for (const clock of clocks) byTicket.set(clock.ticketId, [...(byTicket.get(clock.ticketId) ?? []), clock])
  const found = tickets.map((ticket): { ticketId: string; reckoned: Reckoned } => ({
    ticketId: ticket.id,
    reckoned: reckon(ticket, byTicket.get(ticket.id) ?? [], house, { cause, now: ctx.now }),
  }))
  await writeReckoned(ctx, found)
  await climb(
    ctx,
    found.flatMap(({ reckoned }) => reckoned.reached),
    house.policies,
  )
  return tickets.length
}
