/**
 * Lists of tickets, for any filter in any order, over a million rows. The order's own index is walked first, which meets a page soon for all that is
 * common; the planner would walk it to the end for what is rare there, so after some steps the walk ends. What it met says how far it would have to go:
 * a little further is gone; else the filters' own indexes find the set, which is sorted.
 */
import type { Knex } from 'knex'
import { z } from 'zod'
import type { Ticket, TicketListQuery } from '../../contract/ticket.ts'
import type { Ctx, StaffActor } from '../../core/context.ts'
import { encodeCursor } from '../../core/cursor.ts'
import { type Narrowing, narrowingOf } from './filters.ts'
import { presentTickets } from './load.ts'
import { afterPlace, alongOf, nextInOrder, ORDERS, type Place, placeOf, type Sort, type Walk } from './orders.ts'

const STEPS = 2000
const MOST_STEPS = 20_000
/** What is met is not spread evenly. */
const SPARE = 1.5

const keyed = z.array(z.object({ id: z.string(), sort_key: z.string() }))
type Keyed = z.infer<typeof keyed>

interface Page {
  sort: Sort
  after: Place | null
  limit: number
  along: Walk['along']
}

async function walk(trx: Knex, { byRow, statuses }: Narrowing, page: Page & { steps: number }): Promise<Keyed> {
  const { direction } = ORDERS[page.sort]
  return keyed.parse(
    await trx
      .from(nextInOrder(trx, { ...page, statuses }).as('t'))
      .select('t.id', trx.raw('t.place::text as sort_key'))
      .modify(byRow)
      .orderByRaw(`t.place ${direction}, t.id ${direction}`)
      .limit(page.limit),
  )
}

/** `offset 0`: the planner is not to walk along the order once more. */
async function sorted(trx: Knex, { set }: Narrowing, page: Page): Promise<Keyed> {
  const { column, direction } = ORDERS[page.sort]
  const all = set()
    .select('t.id', trx.raw(`${column} as place`))
    .modify((builder) => afterPlace(builder, page))
  return keyed.parse(
    await trx
      .from(trx.raw('(? offset 0) as t', [all]))
      .select('t.id', trx.raw('t.place::text as sort_key'))
      .orderByRaw(`t.place ${direction}, t.id ${direction}`)
      .limit(page.limit),
  )
}

async function pageOf(trx: Knex, narrowing: Narrowing, page: Page): Promise<Keyed> {
  if (narrowing.narrow) return sorted(trx, narrowing, page)
  const met = await walk(trx, narrowing, { ...page, steps: STEPS })
  if (met.length === page.limit) return met
  const steps = Math.ceil(((STEPS * page.limit) / Math.max(1, met.length)) * SPARE)
  if (steps > MOST_STEPS) return sorted(trx, narrowing, page)
  const further = await walk(trx, narrowing, { ...page, steps })
  return further.length === page.limit ? further : sorted(trx, narrowing, page)
}

export async function listTickets(ctx: Ctx<StaffActor>, query: TicketListQuery): Promise<{ data: Ticket[]; nextCursor: string | null }> {
  const { sort, limit, cursor, ...filters } = query
  const page = { sort, after: placeOf({ sort, cursor }), limit: limit + 1, along: alongOf(sort, filters) }
  const keys = await pageOf(ctx.trx, await narrowingOf(ctx, filters), page)
  const shown = keys.slice(0, limit)
  const last = keys.length > limit ? shown.at(-1) : undefined
  return {
    data: await presentTickets(
      ctx.trx,
      shown.map(({ id }) => id),
    ),
    nextCursor: last ? encodeCursor(last.sort_key, last.id) : null,
  }
}
