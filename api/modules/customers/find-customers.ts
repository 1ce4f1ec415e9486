/**
 * The list of customers, for any filter in any order, over a million rows. No plan suits all filters, and PostgreSQL cannot guess how
 * several of them meet; so each condition is asked first how many customers it finds (never counting far), and then
 *  - where one finds fewer than a walk would pass, it leads: its customers are fetched, the rest is asked of each, and they are sorted;
 *  - else the index of the wanted order is walked, which meets a page soon;
 *  - and where the walk has not, after so many steps (conditions that exclude each other), the sets are intersected whole.
 */
import type { Knex } from 'knex'
import { z } from 'zod'
import { COUNT_CAP, type CustomerFilter, type CustomerListQuery } from '../../contract/customer.ts'
import { type CustomerSort } from '../../contract/customer-terms.ts'
import type { Ctx, StaffActor } from '../../core/context.ts'
import { decodeCursor, encodeCursor } from '../../core/cursor.ts'
import { fromOutside } from '../../core/request-shape.ts'
import { type Condition, conditionsOf } from './conditions.ts'
import { CustomerRow } from './model.ts'
import { inOrder, ORDERS, sorted, type Walk } from './orders.ts'

/** Probes count no further; whoever finds more does not lead. */
const REACH = 20_000
/** Of all customers, what a condition is taken to find whose probe did not end. */
const MANY = 0.2
const STEPS = 10_000

const counted = z.object({ rows: z.array(z.object({ place: z.coerce.number(), found: z.coerce.number(), everybody: z.coerce.number() })) })
const keyed = z.array(z.object({ id: z.string(), sort_key: z.string() }))
type Keyed = z.infer<typeof keyed>

interface Probed {
  /** The condition that finds fewest; null when every probe went on. */
  least: { condition: Condition; found: number } | null
  /** Of all customers, those expected to fulfil all conditions, if these knew nothing of each other. */
  share: number
}

async function probe(trx: Knex, conditions: readonly Condition[], sort?: CustomerSort): Promise<Probed> {
  const searched = conditions.flatMap(({ ids, reach, ...rest }) => (ids ? [{ ...rest, ids, reach: reach ?? REACH }] : []))
  if (searched.length === 0) return { least: null, share: 1 }
  const probes = searched.map(({ ids, reach }, place) =>
    trx.raw(
      `select ?::int as place, (select count(*) from (select 1 from (?) s limit ?) t) as found,
              (select reltuples from pg_class where oid = 'customers'::regclass) as everybody`,
      [place, ids, reach + 1],
    ),
  )
  const { rows } = counted.parse(await trx.raw(probes.map(() => '(?)').join(' union all '), probes))
  let share = 1
  let least: Probed['least'] = null
  for (const { place, found, everybody } of rows) {
    const condition = searched[place]
    const ended = condition !== undefined && found <= condition.reach
    if (condition?.along === undefined || condition.along !== sort) share *= ended ? Math.min(1, found / Math.max(1, everybody)) : MANY
    if (ended && (least === null || found < least.found)) least = { condition, found }
  }
  return { least, share }
}

const columns = (trx: Knex, { sort }: Pick<Walk, 'sort'>) => ['c.id', trx.raw(`${ORDERS[sort].key} as sort_key`)]

/** `materialized` and `offset 0`: they are found first and fetched one by one, whatever the planner thinks of them; what an index tells goes before. */
function ledBy(trx: Knex, lead: Condition, conditions: readonly Condition[]): Knex.QueryBuilder {
  const others = conditions.filter(({ ids }) => ids === null || ids !== lead.ids)
  const few = trx
    .select('c.id as customer_id')
    .from(trx.raw('(select distinct customer_id as id from (?) s) c', [lead.ids ?? trx.raw('select 1')]))
    .modify((builder) => others.forEach(({ byId, where }) => void (byId === true && where(builder))))
  return trx
    .withMaterialized('few', few)
    .from('few')
    .joinRaw('cross join lateral (select * from customers one where one.id = few.customer_id offset 0) c')
    .modify((builder) => others.forEach(({ byId, where }) => void (byId !== true && where(builder))))
}

/** The first steps of the walk; whom they do not meet is left. `place`: the planner sees that what comes out is in order already. */
const steps = (trx: Knex, conditions: readonly Condition[], walk: Walk): Knex.QueryBuilder =>
  trx
    .select(columns(trx, walk))
    .from(
      trx('customers as c')
        .select('c.*', trx.raw(`${ORDERS[walk.sort].column} as place`))
        .modify((builder) => conditions.forEach(({ along, where }) => void (along === walk.sort && where(builder))))
        .modify(inOrder, { ...walk, limit: STEPS })
        .as('c'),
    )
    .modify((builder) => {
      for (const condition of conditions) if (condition.along !== walk.sort) condition.where(builder)
    })
    .orderByRaw(`c.place ${walk.direction}, c.id ${walk.direction}`)
    .limit(walk.limit)

/** All customers who fulfil every condition, the sets of other tables first. */
const intersected = (trx: Knex, conditions: readonly Condition[]): Knex.QueryBuilder =>
  trx('customers as c').modify((builder) => {
    for (const condition of conditions) {
      if (condition.elsewhere && condition.ids) void builder.whereIn('c.id', condition.ids)
      else condition.where(builder)
    }
  })

async function pageOf(trx: Knex, conditions: readonly Condition[], walk: Walk): Promise<Keyed> {
  const found = async (query: Knex.QueryBuilder) => keyed.parse(await query)
  if (conditions.every(({ ids }) => ids === null)) {
    const all = trx('customers as c').select(columns(trx, walk))
    return found(all.modify((builder) => conditions.forEach((condition) => condition.where(builder))).modify(inOrder, walk))
  }
  const { least, share } = await probe(trx, conditions, walk.sort)
  const led = (lead: Condition) => found(ledBy(trx, lead, conditions).select(columns(trx, walk)).modify(sorted, walk))
  if (least && least.found * share <= walk.limit) return led(least.condition)
  const met = await found(steps(trx, conditions, walk))
  if (met.length === walk.limit) return met
  if (least) return led(least.condition)
  return found(intersected(trx, conditions).select(columns(trx, walk)).modify(sorted, walk))
}

/** Rows in order with the cursor of the page after. */
export async function listCustomers(
  ctx: Ctx<StaffActor>,
  query: CustomerListQuery,
): Promise<{ rows: CustomerRow[]; nextCursor: string | null }> {
  const { sort, order, limit, cursor, ...filter } = query
  return listByConditions(ctx, await conditionsOf(ctx, filter), { sort, order, limit, cursor })
}

type Paging = Pick<CustomerListQuery, 'sort' | 'limit'> & { order?: 'asc' | 'desc' | undefined; cursor?: string | undefined }

/** As above, for conditions that somebody else made. */
export async function listByConditions(
  ctx: Ctx,
  conditions: readonly Condition[],
  { sort, order, limit, cursor }: Paging,
): Promise<{ rows: CustomerRow[]; nextCursor: string | null }> {
  const by = ORDERS[sort]
  const place = decodeCursor(cursor)
  const after = place && { key: fromOutside(by.cursor, place.key), id: place.id }
  const keys = await pageOf(ctx.trx, conditions, { sort, direction: order ?? by.natural, after, limit: limit + 1 })
  const shown = keys.slice(0, limit)
  const last = keys.length > limit ? shown.at(-1) : undefined
  return { rows: await inThisOrder(ctx.trx, shown), nextCursor: last ? encodeCursor(last.sort_key, last.id) : null }
}

async function inThisOrder(trx: Knex, keys: Keyed): Promise<CustomerRow[]> {
  const rows = await CustomerRow.query(trx).whereIn(
    'id',
    keys.map(({ id }) => id),
  )
  const byId = new Map(rows.map((row) => [row.id, row]))
  return keys.flatMap(({ id }) => byId.get(id) ?? [])
}

/** Ids of the customers whom the filter finds within the reader's scope, newest first; for runs over many. */
export async function findCustomerIds(ctx: Ctx<StaffActor>, filter: CustomerFilter, limit: number): Promise<string[]> {
  const rows = await pageOf(ctx.trx, await conditionsOf(ctx, filter), { sort: 'created', direction: 'desc', after: null, limit })
  return rows.map(({ id }) => id)
}

/** Counts no further than `COUNT_CAP`. */
export const countCustomers = async (ctx: Ctx<StaffActor>, filter: CustomerFilter): Promise<{ count: number; capped: boolean }> =>
  countByConditions(ctx, await conditionsOf(ctx, filter))

const total = z.array(z.object({ count: z.coerce.number() }))

/** As above, for conditions that somebody else made. */
export async function countByConditions(ctx: Ctx, conditions: readonly Condition[]): Promise<{ count: number; capped: boolean }> {
  const { least } = await probe(ctx.trx, conditions)
  const all = least ? ledBy(ctx.trx, least.condition, conditions) : intersected(ctx.trx, conditions)
  const [row] = total.parse(
    await ctx.trx.count('* as count').from(
      all
        .select('c.id')
        .limit(COUNT_CAP + 1)
        .as('counted'),
    ),
  )
  const count = row?.count ?? 0
  return { count: Math.min(count, COUNT_CAP), capped: count > COUNT_CAP }
}
