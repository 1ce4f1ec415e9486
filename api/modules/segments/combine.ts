/** Conditions put together. Like each of them, the whole can be asked of one row, and found by an index where its parts can. */
import type { Knex } from 'knex'
import { type Condition, scopeIds } from '../customers/index.ts'

export function allOf(trx: Knex, conditions: readonly Condition[]): Condition {
  const [only] = conditions
  if (only && conditions.length === 1) return only
  const lead = conditions.find(({ ids }) => ids !== null)
  const rest = conditions.filter((condition) => condition !== lead)
  const narrow = (builder: Knex.QueryBuilder, list: readonly Condition[]) => list.forEach((condition) => condition.where(builder))
  return {
    where: (builder) => narrow(builder, conditions),
    ids: lead?.ids
      ? trx('customers as c')
          .select('c.id as customer_id')
          .whereIn('c.id', lead.ids)
          .modify((builder) => narrow(builder, rest))
      : null,
    elsewhere: true,
  }
}

/** None of nothing: an empty list finds nobody. */
export function anyOf(trx: Knex, conditions: readonly Condition[]): Condition {
  const sets = conditions.flatMap(({ ids }) => (ids ? [ids] : []))
  const cheapFirst = [...conditions].sort((a, b) => Number(a.elsewhere) - Number(b.elsewhere))
  return {
    where: (builder) =>
      void builder.where((any) => {
        void any.whereRaw('false')
        for (const condition of cheapFirst) void any.orWhere((one) => condition.where(one))
      }),
    ids: sets.length === conditions.length ? scopeIds(trx, sets) : null,
    elsewhere: true,
  }
}

/** Also true where the question has no answer: who has no region is not in that region. */
export const notOf = (trx: Knex, condition: Condition): Condition => ({
  where: (builder) =>
    void builder.whereNotExists(
      trx
        .select(trx.raw('1'))
        .from(trx.raw('(values (1)) as one(row)'))
        .where((one) => condition.where(one)),
    ),
  ids: null,
  elsewhere: false,
})
