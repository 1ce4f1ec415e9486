import type { TicketEvent } from '../../contract/ticket-history.ts'
import type { Ctx, StaffActor } from '../../core/context.ts'
import { z } from 'zod'
import { decodeCursor, encodeCursor } from '../../core/cursor.ts'
import { TicketEventRow } from './model.ts'
import { ticketFor } from './policy.ts'

const names = z.array(z.object({ id: z.string(), name: z.string().nullable() }))

/** Everything that happened to a ticket, newest first; ids are made in the order of time. @throws NotFound outside the scope */
export async function historyOf(
  ctx: Ctx<StaffActor>,
  id: string,
  { limit, cursor }: { limit: number; cursor?: string | undefined },
): Promise<{ data: TicketEvent[]; nextCursor: string | null }> {
  await ticketFor(ctx, id, 'view')
  const after = decodeCursor(cursor)
  const rows = await TicketEventRow.query(ctx.trx)
    .where({ ticket_id: id })
    .modify((builder) => void (after && builder.where('id', '<', after.id)))
    .orderBy('id', 'desc')
    .limit(limit + 1)
  const page = rows.slice(0, limit)
  const actors = await actorNames(ctx, page)
  const last = rows.length > limit ? page.at(-1) : undefined
  return {
    data: page.map((row) => present(row, actors)),
    nextCursor: last ? encodeCursor(last.created_at.toISOString(), last.id) : null,
  }
}

async function actorNames(ctx: Ctx, rows: readonly TicketEventRow[]): Promise<ReadonlyMap<string, string | null>> {
  const of = (kind: 'staff' | 'customer') => [
    ...new Set(rows.flatMap((row) => (row.actor_kind === kind && row.actor_id ? [row.actor_id] : []))),
  ]
  const staff = names.parse(await ctx.trx('accounts').whereIn('id', of('staff')).select('id', 'name'))
  const customers = names.parse(
    await ctx.trx('customers').whereIn('id', of('customer')).select('id', ctx.trx.raw('coalesce(remark_name, name) as name')),
  )
  return new Map([...staff, ...customers].map((row) => [row.id, row.name]))
}

function present(row: TicketEventRow, actors: ReadonlyMap<string, string | null>): TicketEvent {
  return {
    id: row.id,
    kind: row.kind,
    actor:
      row.actor_kind === 'system' || row.actor_id === null
        ? null
        : { kind: row.actor_kind, id: row.actor_id, name: actors.get(row.actor_id) ?? null },
    before: row.before,
    after: row.after,
    params: row.params,
    version: row.version,
    at: row.created_at.toISOString(),
  }
}
