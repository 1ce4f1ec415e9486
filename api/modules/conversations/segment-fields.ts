/** What segments may ask about a customer's conversations (MOD-06). */
import type { SegmentCondition, SegmentField } from '../../contract/segment.ts'
import type { Ctx } from '../../core/context.ts'
import { Invalid } from '../../core/errors.ts'
import { type Condition, exists } from '../customers/index.ts'

const DAY_MS = 86_400_000

const count: SegmentField = {
  field: 'conversations.count',
  label: null,
  group: 'activity',
  type: 'count',
  ops: ['at_least', 'at_most'],
  choices: null,
}

/** Customers with at least so many conversations, begun within the last days where these are given. */
function withAtLeast(ctx: Ctx, number: number, days: number | undefined): Condition {
  const rows = ctx
    .trx('conversations')
    .select('customer_id')
    .modify((builder) => void (days !== undefined && builder.where('created_at', '>=', new Date(ctx.now.getTime() - days * DAY_MS))))
  return number <= 1 ? exists(rows) : exists(rows.groupBy('customer_id').havingRaw('count(*) >= ?', [number]))
}

function compile(ctx: Ctx, condition: SegmentCondition): Condition {
  if ((condition.op !== 'at_least' && condition.op !== 'at_most') || !Number.isInteger(condition.number) || condition.number < 0)
    throw new Invalid('segment_invalid', 'a condition does not fit its field', { field: condition.field, reason: 'value' })
  const { op, number, days } = condition
  if (op === 'at_least') return number === 0 ? { where: () => undefined, ids: null, elsewhere: false } : withAtLeast(ctx, number, days)
  const more = withAtLeast(ctx, number + 1, days)
  return { where: (builder) => void builder.whereNot((not) => more.where(not)), ids: null, elsewhere: false }
}

export const segmentFields = () => [{ ...count, compile }]
