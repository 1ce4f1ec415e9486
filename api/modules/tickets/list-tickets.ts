import type { Knex } from 'knex'
import { z } from 'zod'
import type { Ticket, TicketCounts, TicketFilters, TicketListQuery } from '../../contract/ticket.ts'
import { TICKET_STATUSES } from '../../contract/ticket-status.ts'
import type { Ctx, StaffActor } from '../../core/context.ts'
import { decodeCursor, encodeCursor } from '../../core/cursor.ts'
import { Invalid } from '../../core/errors.ts'
import { filteredTickets, filterTickets } from './filters.ts'
import { parseTickets, presentTicket, selectTickets } from './load.ts'
import { ticketReach, visibleTickets } from './policy.ts'

type Sort = TicketListQuery['sort']

/** A sort is a column, a direction and the type in which its cursor is read; ties go by id in the same direction. */
const SORTS: Record<Sort, { column: string; order: 'asc' | 'desc'; type: 'timestamptz' | 'int' }> = {
  '-activity': { column: 't.last_activity_at', order: 'desc', type: 'timestamptz' },
  '-created': { column: 't.created_at', order: 'desc', type: 'timestamptz' },
  created: { column: 't.created_at', order: 'asc', type: 'timestamptz' },
  // What is owed nothing comes last.
  due: { column: `coalesce(t.next_due_at, 'infinity')`, order: 'asc', type: 'timestamptz' },
  priority: { column: 't.priority_rank', order: 'asc', type: 'int' },
  status_since: { column: 't.status_since', order: 'asc', type: 'timestamptz' },
}

const sortKeys = {
  timestamptz: z.string().regex(/^(infinity|\d{4}-\d{2}-\d{2}[ T][\d:.]{5,18}(?:[+-]\d{2}(?::?\d{2})?|Z)?)$/),
  int: z.string().regex(/^\d{1,3}$/),
}

function after(builder: Knex.QueryBuilder, query: TicketListQuery): void {
  const { column, order, type } = SORTS[query.sort]
  const place = decodeCursor(query.cursor)
  if (!place) return
  if (!sortKeys[type].safeParse(place.key).success) throw new Invalid('invalid_request', 'bad cursor')
  void builder.whereRaw(`(${column}, t.id) ${order === 'desc' ? '<' : '>'} (?::${type}, ?::uuid)`, [place.key, place.id])
}

const keyed = z.array(z.object({ id: z.string(), sort_key: z.string() }))

export async function listTickets(ctx: Ctx<StaffActor>, query: TicketListQuery): Promise<{ data: Ticket[]; nextCursor: string | null }> {
  const { column, order } = SORTS[query.sort]
  const builder = selectTickets(ctx.trx).select(ctx.trx.raw(`${column}::text as sort_key`))
  await filterTickets(ctx, builder, query)
  after(builder, query)
  const found: unknown = await builder.orderByRaw(`${column} ${order}, t.id ${order}`).limit(query.limit + 1)
  const rows = parseTickets(found)
  const last = rows.length > query.limit ? keyed.parse(found)[query.limit - 1] : undefined
  return { data: rows.slice(0, query.limit).map(presentTicket), nextCursor: last ? encodeCursor(last.sort_key, last.id) : null }
}

/** Beyond this nobody counts: 10,001 is shown as "10,000+". */
const COUNTED = 10_001

const one = z.object({ count: z.coerce.number() })

async function upTo(builder: Knex.QueryBuilder, trx: Knex): Promise<number> {
  const limited = builder.clone().select(trx.raw('1')).limit(COUNTED)
  return one.parse(await trx.from(limited.as('s')).count({ count: '*' }).first()).count
}

/** By state within the filters, and what is on the reader's own table regardless of them. */
export async function countTickets(ctx: Ctx<StaffActor>, filters: TicketFilters): Promise<TicketCounts> {
  const { status: _status, ...rest } = filters
  const { query: base } = await filteredTickets(ctx, rest)
  const wanted = TICKET_STATUSES.map(async (status) => [status, await upTo(base.clone().where('t.status', status), ctx.trx)] as const)
  const [entries, own] = await Promise.all([Promise.all(wanted), ownCounts(ctx)])
  const of = new Map(entries)
  const count = (status: (typeof TICKET_STATUSES)[number]) => of.get(status) ?? 0
  return {
    byStatus: {
      new: count('new'),
      unassigned: count('unassigned'),
      in_progress: count('in_progress'),
      waiting_customer: count('waiting_customer'),
      on_hold: count('on_hold'),
      awaiting_confirmation: count('awaiting_confirmation'),
      resolved: count('resolved'),
      closed: count('closed'),
    },
    ...own,
  }
}

const owned = z.object({ rows: z.tuple([z.object({ mine: z.coerce.number(), unread: z.coerce.number() })]) })

async function ownCounts(ctx: Ctx<StaffActor>): Promise<Omit<TicketCounts, 'byStatus'>> {
  const reach = await ticketReach(ctx)
  const mine = owned.parse(
    await ctx.trx.raw(
      `select count(*) as mine, count(*) filter (where seen_at is null) as unread from tickets
       where assignee_id = ? and status in ('in_progress', 'waiting_customer', 'on_hold', 'awaiting_confirmation')`,
      [reach.accountId],
    ),
  ).rows[0]
  const pool = ctx
    .trx('tickets as t')
    .whereRaw(`t.status in ('new', 'unassigned')`)
    .where((any) => any.whereNull('t.team_id').orWhereIn('t.team_id', [...reach.teamIds]))
  const visible = visibleTickets(reach)
  const late = ctx
    .trx('tickets as t')
    .where('t.next_due_at', '<', ctx.now)
    .modify((builder) => void (visible && builder.whereRaw(visible.sql, visible.bindings)))
  return { ...mine, claimable: await upTo(pool, ctx.trx), overdue: await upTo(late, ctx.trx) }
}
