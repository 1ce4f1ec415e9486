/** Conditions of the common kinds, for any SQL expression over `customers as c`. */
import type { Knex } from 'knex'
import { z } from 'zod'
import type { SegmentCondition } from '../../contract/segment.ts'
import type { Ctx } from '../../core/context.ts'
import { type Condition, exists, onColumn } from '../customers/index.ts'
import { allOf } from './combine.ts'
import { unfit } from './faults.ts'

const DAY_MS = 86_400_000
const uuids = z.array(z.uuid())

export const daysAgo = (ctx: Ctx, days: number): Date => new Date(ctx.now.getTime() - days * DAY_MS)

/** Asked of each row; no index would find them. */
export const unindexed = (sql: string, bindings: readonly Knex.Value[] = []): Condition => ({
  where: (builder) => void builder.whereRaw(sql, [...bindings]),
  ids: null,
  elsewhere: false,
})

export function uuidValues(condition: Extract<SegmentCondition, { values: unknown }>): string[] {
  const parsed = uuids.safeParse(condition.values)
  if (!parsed.success) throw unfit(condition.field, 'value')
  return parsed.data
}

const escaped = (text: string): string => `%${text.replace(/[\\%_]/g, '\\$&')}%`

/** @param column an expression of ours; values never become part of it */
export function textLeaf(ctx: Ctx, column: string, condition: SegmentCondition): Condition {
  switch (condition.op) {
    case 'is':
      return onColumn(ctx.trx, `${column} = ?`, [String(condition.value)])
    case 'contains':
      return unindexed(`${column} ilike ?`, [escaped(condition.text)])
    default:
      return emptyLeaf(ctx, column, condition)
  }
}

export function emptyLeaf(ctx: Ctx, column: string, condition: SegmentCondition): Condition {
  if (condition.op === 'empty') return unindexed(`${column} is null`)
  if (condition.op === 'not_empty') return { ...onColumn(ctx.trx, `${column} is not null`, []), ids: null }
  throw unfit(condition.field, 'op')
}

/** One of few values; `kind` is the column's type. */
export function choiceLeaf(ctx: Ctx, column: string, kind: 'uuid' | 'text', condition: SegmentCondition): Condition {
  if (condition.op !== 'any_of' && condition.op !== 'none_of') return emptyLeaf(ctx, column, condition)
  const values = kind === 'uuid' ? uuidValues(condition) : condition.values
  return condition.op === 'any_of'
    ? onColumn(ctx.trx, `${column} = any(?::${kind}[])`, [values])
    : unindexed(`(${column} is null or ${column} <> all(?::${kind}[]))`, [values])
}

export function timeLeaf(ctx: Ctx, column: string, condition: SegmentCondition): Condition {
  // In the words of the index, which puts those without a time before all others.
  const sorted = `coalesce(${column}, '-infinity'::timestamptz)`
  switch (condition.op) {
    case 'within_days':
      return onColumn(ctx.trx, `${sorted} >= ?`, [daysAgo(ctx, condition.days)])
    case 'not_within_days':
      return onColumn(ctx.trx, `${sorted} < ?`, [daysAgo(ctx, condition.days)])
    case 'from':
      return onColumn(ctx.trx, `${sorted} >= ?`, [new Date(condition.time)])
    case 'before':
      return onColumn(ctx.trx, `${sorted} < ? and ${column} is not null`, [new Date(condition.time)])
    default:
      return emptyLeaf(ctx, column, condition)
  }
}

/** Several values each, in a table of their own. @param rowsOf rows of these values, or all, with a `customer_id` */
export function setLeaf(
  trx: Knex,
  rowsOf: (values: readonly string[] | null) => Knex.QueryBuilder,
  condition: SegmentCondition,
): Condition {
  switch (condition.op) {
    case 'any_of':
      return exists(rowsOf(condition.values))
    case 'all_of':
      return allOf(
        trx,
        [...new Set(condition.values)].map((value) => exists(rowsOf([value]))),
      )
    case 'none_of':
      return without(rowsOf(condition.values))
    case 'empty':
      return without(rowsOf(null))
    case 'not_empty':
      return { ...exists(rowsOf(null)), ids: null }
    default:
      throw unfit(condition.field, 'op')
  }
}

export const without = (rows: Knex.QueryBuilder): Condition => ({
  where: (builder) => void builder.whereRaw('not exists (select 1 from (?) s where s.customer_id = c.id offset 0)', [rows]),
  ids: null,
  elsewhere: false,
})
