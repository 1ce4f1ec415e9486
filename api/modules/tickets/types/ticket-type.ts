/** What the rest of the module asks about types. */
import type { Ctx } from '../../../core/context.ts'
import { Invalid } from '../../../core/errors.ts'
import { TicketTypeRow } from '../model.ts'

/**
 * The type that a ticket is about to be of, locked against being disabled meanwhile.
 * @param keep the type it is of already: it may stay although it is disabled by now
 * @throws Invalid `ticket_type_disabled`, `invalid_request` for none
 */
export async function checkType(ctx: Ctx, id: string, keep: string | null = null): Promise<TicketTypeRow> {
  const row = await TicketTypeRow.query(ctx.trx).findById(id).forShare()
  if (!row) throw new Invalid('invalid_request', 'no such type', { issues: [{ path: 'typeId', code: 'unknown', message: 'unknown' }] })
  if (row.disabled_at !== null && id !== keep)
    throw new Invalid('ticket_type_disabled', 'this type is disabled', { nameZh: row.name_zh, nameEn: row.name_en })
  return row
}

/** For what nobody chose a type for: the first that is on. Customers' own choose among `open_to_customers`. */
export async function firstType(ctx: Pick<Ctx, 'trx'>): Promise<TicketTypeRow> {
  return TicketTypeRow.query(ctx.trx).orderByRaw('disabled_at is not null, position').first().throwIfNotFound()
}
