import type { TicketEvent } from '../../contract/ticket-history.ts'
import type { Ctx, StaffActor } from '../../core/context.ts'
import { z } from 'zod'
import { decodeCursor, encodeCursor } from '../../core/cursor.ts'
import { TicketEventRow } from './model.ts'
import { ticketFor } from './policy.ts'

const named = z.object({ rows: z.array(z.object({ id: z.string(), name: z.string().nullable() })) })
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
  const called = await namesIn(ctx, page)
  const last = rows.length > limit ? page.at(-1) : undefined
  return {
    data: page.map((row) => present(row, actors, called)),
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

/** What a change names by id alone, so that people may be renamed, and what the reader calls it. */
const NAMED = { assigneeId: 'assignee', teamId: 'team', customerId: 'customer' } as const
type Named = keyof typeof NAMED
const NAMED_IDS = ['assigneeId', 'teamId', 'customerId'] as const satisfies readonly Named[]

const idIn = (side: Record<string, unknown> | null, name: Named): string[] => {
  const id = side?.[name]
  return typeof id === 'string' ? [id] : []
}

async function namesIn(ctx: Ctx, rows: readonly TicketEventRow[]): Promise<ReadonlyMap<string, string | null>> {
  const ids = rows.flatMap(({ before, after }) => NAMED_IDS.flatMap((name) => [...idIn(before, name), ...idIn(after, name)]))
  if (ids.length === 0) return new Map()
  const { rows: found } = named.parse(
    await ctx.trx.raw(
      `select id, name from accounts where id = any(:ids::uuid[]) union all select id, name from teams where id = any(:ids::uuid[])
       union all select id, coalesce(remark_name, name) from customers where id = any(:ids::uuid[])`,
      { ids: [...new Set(ids)] },
    ),
  )
  return new Map(found.map((row) => [row.id, row.name]))
}

const withNames = (side: Record<string, unknown> | null, called: ReadonlyMap<string, string | null>): Record<string, unknown> | null => {
  if (side === null) return null
  const more = NAMED_IDS.flatMap((name) => idIn(side, name).map((id) => [NAMED[name], { id, name: called.get(id) ?? null }] as const))
  return { ...side, ...Object.fromEntries(more) }
}

function present(row: TicketEventRow, actors: ReadonlyMap<string, string | null>, called: ReadonlyMap<string, string | null>): TicketEvent {
  return {
    id: row.id,
    kind: row.kind,
    actor:
      row.actor_kind === 'system' || row.actor_id === null
        ? null
        : { kind: row.actor_kind, id: row.actor_id, name: actors.get(row.actor_id) ?? null },
    before: withNames(row.before, called),
    after: withNames(row.after, called),
    params: row.params,
    version: row.version,
    at: row.created_at.toISOString(),
  }
}
