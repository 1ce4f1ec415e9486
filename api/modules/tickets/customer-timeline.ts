/** Tickets on the one line of all that happened with a customer, and which customers a member of staff has to do with through them. */
import type { Knex } from 'knex'
import { z } from 'zod'
import { TICKET_STATUSES } from '../../contract/ticket-status.ts'
import type { Ctx, StaffActor } from '../../core/context.ts'
import { momentOf, type TimelinePage, type TimelineRequest } from '../customers/index.ts'
import { withinReach } from './filters.ts'
import { ticketReach } from './policy.ts'

const rows = z.array(
  z.object({
    id: z.string(),
    number: z.string(),
    title: z.string(),
    status: z.enum(TICKET_STATUSES),
    priority: z.string(),
    assignee_id: z.string().nullable(),
    assignee_name: z.string().nullable(),
    at: z.string(),
  }),
)

export async function ticketEntries(ctx: Ctx<StaffActor>, { customerId, before, limit }: TimelineRequest): Promise<TimelinePage> {
  if (!ctx.actor.permissions.has('tickets.read')) return []
  const reach = await ticketReach(ctx)
  const found: unknown = await ctx
    .trx('tickets as t')
    .leftJoin('accounts as a', 'a.id', 't.assignee_id')
    .where('t.customer_id', customerId)
    .modify((builder) => {
      withinReach(builder, reach)
      if (before) void builder.whereRaw('(t.created_at, t.id) < (?::timestamptz, ?::uuid)', [before.at, before.id])
    })
    .orderBy([
      { column: 't.created_at', order: 'desc' },
      { column: 't.id', order: 'desc' },
    ])
    .limit(limit)
    .select('t.id', 't.number', 't.title', 't.status', 't.priority', 't.assignee_id', 'a.name as assignee_name')
    .select(ctx.trx.raw(`${momentOf('t.created_at')} as at`))
  return rows.parse(found).map((row) => ({
    kind: 'ticket',
    id: row.id,
    at: row.at,
    text: row.title,
    state: row.status,
    actor: row.assignee_id !== null && row.assignee_name !== null ? { id: row.assignee_id, name: row.assignee_name } : null,
    facts: { number: row.number, priority: row.priority },
  }))
}

/** Whose tickets they have. */
export const ticketCustomers = (ctx: Ctx<StaffActor>, staff: readonly string[]): Knex.QueryBuilder[] => [
  ctx
    .trx('tickets')
    .select('customer_id')
    .whereIn('assignee_id', [...staff])
    .whereNotNull('customer_id'),
]
