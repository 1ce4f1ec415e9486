/** The orders in which customers are listed, each with its index and its cursor. */
import type { Knex } from 'knex'
import { z } from 'zod'
import type { CustomerSort } from '../../contract/customer-terms.ts'
import { cursorTime } from '../../core/cursor.ts'
import { momentOf } from './timeline.ts'

export interface Order {
  /** As the index has it. */
  column: string
  /** The same as text, for the cursor. */
  key: string
  cast: 'timestamptz' | 'text'
  /** The same order by an expression that no index has. */
  unindexed: string
  cursor: z.ZodType<string>
  natural: 'asc' | 'desc'
}

const CONTACT = `coalesce(c.last_contact_at, '-infinity'::timestamptz)`
const NAME = `coalesce(c.name_sort, '~')`
export const ORDERS: Record<CustomerSort, Order> = {
  last_contact: {
    column: CONTACT,
    key: `case when c.last_contact_at is null then '-infinity' else ${momentOf('c.last_contact_at')} end`,
    cast: 'timestamptz',
    unindexed: `${CONTACT} + interval '0'`,
    cursor: z.union([z.literal('-infinity'), cursorTime]),
    natural: 'desc',
  },
  created: {
    column: 'c.created_at',
    key: momentOf('c.created_at'),
    cast: 'timestamptz',
    unindexed: `c.created_at + interval '0'`,
    cursor: cursorTime,
    natural: 'desc',
  },
  name: {
    column: NAME,
    key: NAME,
    cast: 'text',
    unindexed: `${NAME} || ''`,
    cursor: z.string().refine((text) => !text.includes('\0') && text.isWellFormed()),
    natural: 'asc',
  },
}

export interface Walk {
  sort: CustomerSort
  direction: 'asc' | 'desc'
  /** The last row of the page before. */
  after: { key: string; id: string } | null
  limit: number
}

/** Rows after the cursor, by the index. */
export function inOrder(builder: Knex.QueryBuilder, walk: Walk): void {
  behindCursor(builder, walk)
  void builder.orderByRaw(`${ORDERS[walk.sort].column} ${walk.direction}, c.id ${walk.direction}`).limit(walk.limit)
}

/** The same, sorted: for sets known to be sparse in this order, which the planner might still walk to its end. */
export function sorted(builder: Knex.QueryBuilder, walk: Walk): void {
  behindCursor(builder, walk)
  void builder.orderByRaw(`${ORDERS[walk.sort].unindexed} ${walk.direction}, c.id ${walk.direction}`).limit(walk.limit)
}

function behindCursor(builder: Knex.QueryBuilder, { sort, direction, after }: Walk): void {
  const order = ORDERS[sort]
  if (after)
    void builder.whereRaw(`(${order.column}, c.id) ${direction === 'desc' ? '<' : '>'} (?::${order.cast}, ?::uuid)`, [after.key, after.id])
}
