import type { Ctx } from '../../../core/context.ts'
import { Invalid } from '../../../core/errors.ts'
import { TicketTypeRow } from '../model.ts'

/**
 * The type of what a customer writes himself: the one he chose among those open to him, else the first of these, else the first there is.
 * @returns null: the house has no types
 * @throws Invalid `ticket_type_disabled` for one that he may not choose
 */
export async function typeFor(ctx: Pick<Ctx, 'trx'>, wished: string | undefined): Promise<string | null> {
  const types = await TicketTypeRow.query(ctx.trx)
    .whereNull('disabled_at')
    .orderBy([{ column: 'open_to_customers', order: 'desc' }, 'position', 'id'])
    .select('id', 'open_to_customers')
  if (wished === undefined) return types[0]?.id ?? null
  const chosen = types.find(({ id }) => id === wished)
  if (!chosen?.open_to_customers) throw new Invalid('ticket_type_disabled', 'this type is not offered', { typeId: wished })
  return chosen.id
}
