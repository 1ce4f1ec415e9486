/** The company's own fields: one more question for each entry of the dictionary. */
import { type FieldOptions, fieldOptionsSchema } from '../../contract/dictionary.ts'
import type { SegmentCondition, SegmentOp } from '../../contract/segment.ts'
import type { Ctx } from '../../core/context.ts'
import { type Condition, onColumn } from '../customers/index.ts'
import { companySettings, type DictionaryEntryRow, entriesOf } from '../settings/index.ts'
import { anyOf } from './combine.ts'
import { unfit } from './faults.ts'
import { daysAgo, unindexed } from './leaves.ts'
import type { SegmentSource } from './port.ts'

const OPS: Record<FieldOptions['type'], SegmentOp[]> = {
  text: ['is', 'contains', 'empty', 'not_empty'],
  number: ['is', 'at_least', 'at_most', 'empty', 'not_empty'],
  date: ['is', 'from', 'before', 'within_days', 'not_within_days', 'empty', 'not_empty'],
  select: ['any_of', 'none_of', 'empty', 'not_empty'],
  boolean: ['is', 'empty', 'not_empty'],
}
const TYPES = { text: 'text', number: 'number', date: 'date', select: 'choice', boolean: 'boolean' } as const

export const CUSTOM = 'fields.'

export async function customFields(ctx: Ctx): Promise<SegmentSource[]> {
  const { timeZone } = await companySettings(ctx)
  return (await entriesOf(ctx, 'customer_field')).map((entry) => sourceOf(entry, timeZone))
}

function sourceOf(entry: DictionaryEntryRow, timeZone: string): SegmentSource {
  const { type, choices } = fieldOptionsSchema.parse(entry.options)
  return {
    field: CUSTOM + entry.code,
    label: { zh: entry.label_zh, en: entry.label_en },
    group: 'custom',
    type: TYPES[type],
    ops: OPS[type],
    choices: type === 'select' ? { from: 'list', values: choices } : null,
    compile: (ctx, condition) => compile(ctx, entry.code, condition, timeZone),
  }
}

const has = (ctx: Ctx, code: string, value: string | number | boolean): Condition =>
  onColumn(ctx.trx, 'c.fields @> ?::jsonb', [JSON.stringify({ [code]: value })])
/** A field that was of another type once may hold anything: compared only where it is a number. */
const NUMBER = `case when jsonb_typeof(c.fields -> ?) = 'number' then (c.fields ->> ?)::numeric`
const dayText = (date: Date, timeZone: string) => new Intl.DateTimeFormat('sv-SE', { timeZone }).format(date)

function compile(ctx: Ctx, code: string, condition: SegmentCondition, timeZone: string): Condition {
  switch (condition.op) {
    case 'is':
      return has(ctx, code, condition.value)
    case 'any_of':
      return anyOf(
        ctx.trx,
        condition.values.map((value) => has(ctx, code, value)),
      )
    case 'none_of':
      return unindexed('(c.fields ->> ?) is null or (c.fields ->> ?) <> all(?::text[])', [code, code, condition.values])
    case 'contains':
      return unindexed('(c.fields ->> ?) ilike ?', [code, `%${condition.text.replace(/[\\%_]/g, '\\$&')}%`])
    case 'at_least':
      return unindexed(`${NUMBER} >= ? else false end`, [code, code, condition.number])
    case 'at_most':
      return unindexed(`${NUMBER} <= ? else false end`, [code, code, condition.number])
    case 'empty':
      return unindexed('(c.fields ->> ?) is null', [code])
    case 'not_empty':
      return unindexed('(c.fields ->> ?) is not null', [code])
    default:
      return dateLeaf(ctx, code, condition, timeZone)
  }
}

/** Days are text in the order of time. */
function dateLeaf(ctx: Ctx, code: string, condition: SegmentCondition, timeZone: string): Condition {
  const today = dayText(ctx.now, timeZone)
  switch (condition.op) {
    case 'from':
      return unindexed('(c.fields ->> ?) >= ?', [code, condition.time.slice(0, 10)])
    case 'before':
      return unindexed('(c.fields ->> ?) < ?', [code, condition.time.slice(0, 10)])
    case 'within_days':
      return unindexed('(c.fields ->> ?) between ? and ?', [code, dayText(daysAgo(ctx, condition.days), timeZone), today])
    case 'not_within_days':
      return unindexed('((c.fields ->> ?) is null or (c.fields ->> ?) < ?)', [code, code, dayText(daysAgo(ctx, condition.days), timeZone)])
    default:
      throw unfit(condition.field, 'op')
  }
}
