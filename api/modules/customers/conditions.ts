/** A filter as conditions, each in the two forms that a list needs: asked of one row, and as the set of customers that an index finds. */
import type { Knex } from 'knex'
import type { CustomerFilter } from '../../contract/customer.ts'
import type { CustomerSort } from '../../contract/customer-terms.ts'
import type { Ctx, StaffActor } from '../../core/context.ts'
import { phoneTail, searchQuery } from './names.ts'
import { readerScope, scopeIds, withinScope } from './scope.ts'

export interface Condition {
  /** Narrows a query over `customers as c`, row by row. */
  where(builder: Knex.QueryBuilder): void
  /** Customers who fulfil it, as `customer_id`, found by an index; may name one twice. Null: too many to be looked for. */
  ids: Knex.QueryBuilder | null
  /** It asks other tables than `customers`: over many rows the set is cheaper than a question for each. */
  elsewhere: boolean
  /** It asks nothing but the customer's id, of an index: cheaper than to fetch his row. */
  byId?: boolean
  /** How far to count them at most, where counting is dear. */
  reach?: number
  /** It is a stretch of this order: a walk begins and ends with it. */
  along?: CustomerSort
}

type Trx = Knex

/** Where no index tells the ids by itself, so that counting reads rows. */
const DEAR = 4000

export async function conditionsOf(ctx: Ctx<StaffActor>, filter: CustomerFilter): Promise<Condition[]> {
  const { trx } = ctx
  const scope = await readerScope(ctx)
  return [
    archived(trx, filter.archived),
    ...(scope === null ? [] : [inScope(trx, scope)]),
    ...textConditions(trx, filter.q),
    ...columnConditions(ctx, filter),
    ...rangeConditions(trx, filter),
    ...tagConditions(trx, filter),
    ...(filter.channelKind === undefined ? [] : [byKind(trx, filter.channelKind)]),
    ...Object.entries(filter.fields ?? {}).map(([code, value]) => byField(trx, code, value)),
  ]
}

/** Of the `customers` table alone: both forms are the same words. */
export function onColumn(trx: Trx, sql: string, bindings: readonly Knex.Value[]): Condition {
  return {
    where: (builder) => void builder.whereRaw(sql, [...bindings]),
    ids: trx('customers as c')
      .select('c.id as customer_id')
      .whereRaw(sql, [...bindings]),
    elsewhere: false,
  }
}

function archived(trx: Trx, wanted: boolean): Condition {
  if (wanted) return onColumn(trx, 'c.archived_at is not null and c.merged_into_id is null', [])
  return { where: (builder) => void builder.whereRaw('c.archived_at is null and c.merged_into_id is null'), ids: null, elsewhere: false }
}

const inScope = (trx: Trx, scope: readonly Knex.QueryBuilder[]): Condition => ({
  where: (builder) => withinScope(builder, scope, 'c.id'),
  ids: scopeIds(trx, scope),
  elsewhere: true,
})

function columnConditions(ctx: Ctx<StaffActor>, filter: CustomerFilter): Condition[] {
  const { trx } = ctx
  const { status, institutionId, ownerId, levelId, regionId } = filter
  const equals = (column: string, value: string | undefined): Condition[] => {
    if (value === undefined) return []
    if (value === 'none') return [{ where: (builder) => void builder.whereNull(column), ids: null, elsewhere: false }]
    return [onColumn(trx, `${column} = ?`, [value])]
  }
  return [
    ...equals('c.status', status),
    ...equals('c.institution_id', institutionId),
    ...equals('c.owner_id', ownerId === 'me' ? ctx.actor.accountId : ownerId),
    ...equals('c.level_id', levelId),
    ...equals('c.region_id', regionId),
  ]
}

const LAST_CONTACT = `coalesce(c.last_contact_at, '-infinity'::timestamptz)`

function rangeConditions(trx: Trx, filter: CustomerFilter): Condition[] {
  const { createdFrom, createdUntil, lastContactFrom, lastContactUntil } = filter
  const range = (column: string, along: CustomerSort, from: string | undefined, until: string | undefined): Condition[] => {
    if (from === undefined && until === undefined) return []
    // Who was never in touch was not in touch before a day either.
    const begins = from === undefined ? `${column} > '-infinity'` : `${column} >= ?::timestamptz`
    const bindings = [from, until ?? 'infinity'].filter((time) => time !== undefined)
    const condition = { ...onColumn(trx, `${begins} and ${column} < ?::timestamptz`, bindings), along }
    return [column === LAST_CONTACT ? { ...condition, reach: DEAR } : condition]
  }
  return [
    ...range('c.created_at', 'created', createdFrom, createdUntil),
    ...range(LAST_CONTACT, 'last_contact', lastContactFrom, lastContactUntil),
  ]
}

/** A question about other rows of this customer. `offset 0`: one look into an index for each row that is shown, never the whole set first. */
export const exists = (source: Knex.QueryBuilder): Condition => ({
  where: (builder) => void builder.whereRaw('exists (select 1 from (?) s where s.customer_id = c.id offset 0)', [source]),
  ids: source.clone(),
  elsewhere: true,
  byId: true,
  reach: 60_000,
})

const wearers = (trx: Trx, tagIds: readonly string[]) =>
  trx('customer_tag_links')
    .select('customer_id')
    .whereIn('tag_id', [...tagIds])

function tagConditions(trx: Trx, { tagsAny, tagsAll, tagsNone }: CustomerFilter): Condition[] {
  const any = tagsAny ? [exists(wearers(trx, tagsAny))] : []
  const all = [...new Set(tagsAll ?? [])].map((id) => exists(wearers(trx, [id])))
  const none: Condition[] = tagsNone
    ? [
        {
          where: (builder) =>
            void builder.whereRaw(
              'not exists (select 1 from customer_tag_links l where l.customer_id = c.id and l.tag_id = any(?::uuid[]))',
              [tagsNone],
            ),
          ids: null,
          elsewhere: false,
          byId: true,
        },
      ]
    : []
  return [...any, ...all, ...none]
}

const byKind = (trx: Trx, kind: string): Condition => exists(trx('customer_identities').select('customer_id').where('kind', kind))

const byField = (trx: Trx, code: string, value: string | number | boolean): Condition => ({
  ...onColumn(trx, 'c.fields @> ?::jsonb', [JSON.stringify({ [code]: value })]),
  reach: DEAR,
})

/** One letter begins a name of every fourth customer: nothing to look for in an index, but soon found in any order. */
const isVague = (query: string) => /^'[a-z0-9]':\*$/.test(query)

function textConditions(trx: Trx, text: string | undefined): Condition[] {
  if (text === undefined || text.trim() === '') return []
  const query = searchQuery(text)
  const tail = phoneTail(text)
  if (query === null) return [onColumn(trx, 'false', [])]
  const byName = onColumn(trx, 'c.name_search @@ ?::tsquery', [query])
  const inInstitution = onColumn(trx, 'c.institution_id in (select id from institutions where name_search @@ ?::tsquery limit 1000)', [
    query,
  ])
  const byPhone = tail === null ? [] : [exists(phonesEndingIn(trx, tail))]
  const ways = [byName, inInstitution, ...byPhone]
  const sources = ways.flatMap(({ ids }) => (ids ? [ids] : []))
  return [
    {
      where: (builder) =>
        void builder.where((any) => {
          for (const way of ways) void any.orWhere((one) => way.where(one))
        }),
      ids: isVague(query) ? null : scopeIds(trx, sources),
      elsewhere: true,
      reach: DEAR,
    },
  ]
}

const phonesEndingIn = (trx: Trx, digits: string) =>
  trx('customer_identities')
    .select('customer_id')
    .where('kind', 'phone')
    .whereRaw('right(value, 4) = ?', [digits.slice(-4)])
    .whereRaw('right(value, ?::int) = ?', [digits.length, digits])
