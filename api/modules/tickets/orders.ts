/** The orders in which tickets are listed, and walking along one of them. */
import type { Knex } from 'knex'
import { z } from 'zod'
import type { TicketFilters, TicketListQuery } from '../../contract/ticket.ts'
import type { TicketStatus } from '../../contract/ticket-status.ts'
import { decodeCursor } from '../../core/cursor.ts'
import { Invalid } from '../../core/errors.ts'
import { rankOf } from './rank.ts'

export type Sort = TicketListQuery['sort']

/** A sort is a column, a direction and the type in which its cursor is read; ties go by id in the same direction. */
interface Order {
  column: string
  direction: 'asc' | 'desc'
  type: 'timestamptz' | 'int'
}
export const ORDERS: Record<Sort, Order> = {
  '-activity': { column: 't.last_activity_at', direction: 'desc', type: 'timestamptz' },
  '-created': { column: 't.created_at', direction: 'desc', type: 'timestamptz' },
  created: { column: 't.created_at', direction: 'asc', type: 'timestamptz' },
  // What is owed nothing comes last.
  due: { column: `coalesce(t.next_due_at, 'infinity')`, direction: 'asc', type: 'timestamptz' },
  priority: { column: 't.priority_rank', direction: 'asc', type: 'int' },
  status_since: { column: 't.status_since', direction: 'asc', type: 'timestamptz' },
}

const sortKeys = {
  timestamptz: z.string().regex(/^(infinity|\d{4}-\d{2}-\d{2}[ T][\d:.]{5,18}(?:[+-]\d{2}(?::?\d{2})?|Z)?)$/),
  int: z.string().regex(/^\d{1,3}$/),
}

export interface Place {
  key: string
  id: string
}

/** @throws Invalid `invalid_request` for a cursor of another order */
export function placeOf({ cursor, sort }: Pick<TicketListQuery, 'cursor' | 'sort'>): Place | null {
  const place = decodeCursor(cursor)
  if (place && !sortKeys[ORDERS[sort].type].safeParse(place.key).success) throw new Invalid('invalid_request', 'bad cursor')
  return place
}

export interface Walk {
  sort: Sort
  after: Place | null
  statuses: readonly TicketStatus[]
  /** How many are looked at. */
  steps: number
  /** Where it begins and ends, by filters on what it is ordered by. */
  along(builder: Knex.QueryBuilder): void
}

export function afterPlace(builder: Knex.QueryBuilder, { sort, after }: Pick<Walk, 'sort' | 'after'>): void {
  const { column, direction, type } = ORDERS[sort]
  if (after) void builder.whereRaw(`(${column}, t.id) ${direction === 'desc' ? '<' : '>'} (?::${type}, ?::uuid)`, [after.key, after.id])
}

/** A stretch of one index, in its order; `place` is what it is ordered by. */
function stretch(trx: Knex, walk: Walk, status: TicketStatus): Knex.QueryBuilder {
  const { column, direction } = ORDERS[walk.sort]
  return trx('tickets as t')
    .select('t.*', trx.raw(`${column} as place`))
    .where('t.status', status)
    .modify((builder) => {
      afterPlace(builder, walk)
      walk.along(builder)
    })
    .orderByRaw(`${column} ${direction}, t.id ${direction}`)
    .limit(walk.steps)
}

/** What is owed something first, by the index of what is due; then the others, by their ids, which need none. */
function byDue(trx: Knex, walk: Walk): Knex.QueryBuilder[] {
  const { after } = walk
  const dues = trx('ticket_dues as d')
    .select('d.ticket_id', 'd.due_at')
    .modify((builder) => void (after && builder.whereRaw('(d.due_at, d.ticket_id) > (?::timestamptz, ?::uuid)', [after.key, after.id])))
    .orderByRaw('d.due_at, d.ticket_id')
    .limit(walk.steps)
  // `offset 0`: one look for each, never all tickets to be joined.
  const owed = trx
    .select('t.*', 'd.due_at as place')
    .from(trx.raw('(?) as d cross join lateral (select * from tickets t where t.id = d.ticket_id offset 0) as t', [dues]))
  const others = trx('tickets as t')
    .select('t.*', trx.raw(`'infinity'::timestamptz as place`))
    .whereNull('t.next_due_at')
    .modify((builder) => void (after?.key === 'infinity' && builder.where('t.id', '>', after.id)))
    .orderBy('t.id')
    .limit(walk.steps)
  return after?.key === 'infinity' ? [others] : [owed, others]
}

/** The next tickets in this order, whatever they are, as `t` with `place`: one stretch for each state, merged. */
export function nextInOrder(trx: Knex, walk: Walk): Knex.QueryBuilder {
  const { direction } = ORDERS[walk.sort]
  const stretches = walk.sort === 'due' ? byDue(trx, walk) : walk.statuses.map((status) => stretch(trx, walk, status))
  const [first, ...others] = stretches
  return trx
    .select('*')
    .from(
      trx
        .select('*')
        .from((first ?? trx('tickets as t').whereRaw('false')).as('first'))
        .unionAll(others, true)
        .as('all_of_them'),
    )
    .orderByRaw(`place ${direction}, id ${direction}`)
    .limit(walk.steps * (walk.sort === 'due' ? 2 : 1))
}

/** Filters on the very thing that the list is ordered by: the walk begins and ends with them. */
export function alongOf(sort: Sort, { priority, createdFrom, createdUntil }: TicketFilters): Walk['along'] {
  if (sort === 'priority' && priority && priority.length > 0) {
    const ranks = priority.map(rankOf)
    return (builder) => void builder.whereBetween('t.priority_rank', [Math.min(...ranks), Math.max(...ranks)])
  }
  if (sort !== 'created' && sort !== '-created') return () => undefined
  return (builder) => {
    if (createdFrom) void builder.where('t.created_at', '>=', createdFrom)
    if (createdUntil) void builder.where('t.created_at', '<', createdUntil)
  }
}
