/** The full history of a ticket: one row for each change, with both sides. */
import type { Ctx } from '../../core/context.ts'
import { newId } from '../../core/ids.ts'
import { TicketEventRow } from './model.ts'

export interface TicketEventInput {
  /** `ticketEvent.{kind}` on screen. */
  kind: string
  before?: Record<string, unknown> | null
  after?: Record<string, unknown> | null
  params?: Record<string, unknown>
}

/** The member of staff who does it; null: a customer, or the product itself. */
export const doerOf = ({ actor }: Ctx): string | null => (actor.kind === 'staff' ? actor.accountId : null)

function actorOf(ctx: Ctx): Pick<TicketEventRow, 'actor_kind' | 'actor_id'> {
  const { actor } = ctx
  if (actor.kind === 'staff') return { actor_kind: 'staff', actor_id: actor.accountId }
  if (actor.kind === 'customer') return { actor_kind: 'customer', actor_id: actor.customerId }
  return { actor_kind: 'system', actor_id: null }
}

/**
 * Writes a line of the history, by whoever acts. Call it after the row is written: `version` is the row's after the change.
 * @param ticket the row as it is now
 */
export async function recordTicketEvent(ctx: Ctx, ticket: { id: string; version: number }, event: TicketEventInput): Promise<void> {
  await recordTicketEvents(ctx, [{ ticket, event }])
}

/** The same for several, in one statement. */
export async function recordTicketEvents(
  ctx: Ctx,
  entries: readonly { ticket: { id: string; version: number }; event: TicketEventInput }[],
): Promise<void> {
  if (entries.length === 0) return
  await TicketEventRow.query(ctx.trx).insert(
    entries.map(({ ticket, event }) => ({
      id: newId(),
      ticket_id: ticket.id,
      kind: event.kind,
      ...actorOf(ctx),
      before: event.before ?? null,
      after: event.after ?? null,
      params: event.params ?? {},
      version: ticket.version,
      created_at: ctx.now,
    })),
  )
}
