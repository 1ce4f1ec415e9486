/**
 * The list of customers, for any filter in any order, over a million rows. No plan suits all filters, and PostgreSQL cannot guess how
 * several of them meet; so each condition is asked first how many customers it finds (never counting far), and then
 *  - where a walk along the wanted order is expected to meet a page sooner than all customers of the condition that finds fewest are
 *    fetched, its index is walked, but not far;
 *  - else, and where the walk met no whole page (conditions that exclude each other), that condition leads: its customers are gathered,
 *    narrowed by what other tables say of their ids, fetched in one go, asked the rest, and sorted;
 *  - where none leads, the sets are intersected whole.
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
const REACH = 40_000
/** Sets of other tables up to this size are gathered once and looked into, rather than asked for each customer. */
const FEW = 20_000
/** Of all customers, what a condition is taken to find whose probe did not end. */
const MANY = 0.25
const STEPS = 10_000
/** A step of the walk costs as much as to fetch so many customers by their ids: it meets rows that nobody asked for, one by one. */
const STEP_COST = 2
/** So many customers are fetched by their ids about as soon as the walk ends. */
const SOON = 15_000
/** Of more customers than this it is quicker to gather a small set once than to ask each of them. */
const EACH = 500

const counted = z.object({ rows: z.array(z.object({ place: z.coerce.number(), found: z.coerce.number(), everybody: z.coerce.number() })) })
const keyed = z.array(z.object({ id: z.string(), sort_key: z.string() }))
type Keyed = z.infer<typeof keyed>

interface Lead {
  condition: Condition
  ids: Knex.QueryBuilder
  found: number
}
interface Probed {
  /** The condition that finds fewest; null when every probe went on. */
  least: Lead | null
  /** Of all customers, those expected to fulfil all conditions, if these knew nothing of each other. */
  share: number
  /** Those of other tables that find so few that the whole set is soon gathered. */
  few: ReadonlySet<Condition>
  /** Those of the customer's own row that find so few that an index knows them together with his id. */
  rare: ReadonlySet<Condition>
}

async function probe(trx: Knex, conditions: readonly Condition[], sort?: CustomerSort): Promise<Probed> {
  const searched = conditions.flatMap((condition) =>
    condition.ids ? [{ condition, ids: condition.ids, reach: condition.reach ?? REACH }] : [],
  )
  if (searched.length === 0) return { least: null, share: 1, few: new Set(), rare: new Set() }
  const probes = searched.map(({ ids, reach }, place) =>
    trx.raw(
      `select ?::int as place, (select count(*) from (select 1 from (?) s limit ?) t) as found,
              (select reltuples from pg_class where oid = 'customers'::regclass) as everybody`,
      [place, ids, reach + 1],
    ),
  )
  const { rows } = counted.parse(await trx.raw(probes.map(() => '(?)').join(' union all '), probes))
  let share = 1
  let least: Lead | null = null
  const few = new Set<Condition>()
  const rare = new Set<Condition>()
  for (const { place, found, everybody } of rows) {
    const one = searched[place]
    if (!one) continue
    const { condition, ids, reach } = one
    const ended = found <= reach
    if (condition.along === undefined || condition.along !== sort) share *= ended ? Math.min(1, found / Math.max(1, everybody)) : MANY
    if (ended && (least === null || found < least.found)) least = { condition, ids, found }
    if (ended && condition.elsewhere && found <= FEW) few.add(condition)
    if (ended && !condition.elsewhere) rare.add(condition)
  }
  return { least, share, few, rare }
}

const columns = (trx: Knex, { sort }: Pick<Walk, 'sort'>) => ['c.id', trx.raw(`${ORDERS[sort].key} as sort_key`)]

/** Asks it of `c`. `is true`: a set is hashed and looked into, never joined. */
function ask(builder: Knex.QueryBuilder, condition: Condition, { few }: Pick<Probed, 'few'>): void {
  if (few.has(condition) && condition.ids) void builder.whereRaw('(c.id in (?)) is true', [condition.ids])
  else condition.where(builder)
}

/**
 * As an array they are found first, and fetched in the order in which they are stored. `offset 0`: by their ids, not by an index of something
 * that many have.
 */
function ledBy(
  trx: Knex,
  { condition: lead, ids, found }: Lead,
  conditions: readonly Condition[],
  { few, rare }: Probed,
): Knex.QueryBuilder {
  const others = conditions.filter((one) => one !== lead)
  const gathered = found > EACH ? few : new Set<Condition>()
  const before = others.filter((one) => one.byId === true || gathered.has(one))
  const led = trx
    .select('c.id')
    .from(trx.raw('(select distinct customer_id as id from (?) s) c', [ids]))
    .modify((builder) => before.forEach((one) => ask(builder, one, { few: gathered })))
  const fetched = trx('customers as c')
    .whereRaw('c.id = any(array(?))', [led])
    .modify((builder) => others.forEach((one) => void (rare.has(one) && one.where(builder))))
  return trx
    .from(trx.raw('(? offset 0) as c', [fetched]))
    .modify((builder) => others.forEach((one) => void (before.includes(one) || rare.has(one) || one.where(builder))))
}

/** The first steps of the walk; whom they do not meet is left. `place`: the planner sees that what comes out is in order already. */
const steps = (trx: Knex, conditions: readonly Condition[], walk: Walk, probed: Probed): Knex.QueryBuilder =>
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
      for (const condition of conditions) if (condition.along !== walk.sort) ask(builder, condition, probed)
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

/** A large set leads only when the walk was tried, which costs less. */
const leadsAtOnce = (found: number, share: number, limit: number): boolean =>
  found * share <= limit || (found <= SOON && limit / share > Math.min(STEPS, found / STEP_COST))

async function pageOf(trx: Knex, conditions: readonly Condition[], walk: Walk): Promise<Keyed> {
  const found = async (query: Knex.QueryBuilder) => keyed.parse(await query)
  if (conditions.every(({ ids }) => ids === null)) {
    const all = trx('customers as c').select(columns(trx, walk))
    return found(all.modify((builder) => conditions.forEach((condition) => condition.where(builder))).modify(inOrder, walk))
  }
  const probed = await probe(trx, conditions, walk.sort)
  const { least, share } = probed
  const led = (lead: Lead) => found(ledBy(trx, lead, conditions, probed).select(columns(trx, walk)).modify(sorted, walk))
  if (least && leadsAtOnce(least.found, share, walk.limit)) return led(least)
  const met = await found(steps(trx, conditions, walk, probed))
  if (met.length === walk.limit) return met
  if (least) return led(least)
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
  const probed = await probe(ctx.trx, conditions)
  const all = probed.least ? ledBy(ctx.trx, probed.least, conditions, probed) : intersected(ctx.trx, conditions)
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
