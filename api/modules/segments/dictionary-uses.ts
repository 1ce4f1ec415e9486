import { conditionsOf, type SegmentCondition } from '../../contract/segment.ts'
import type { Dictionary } from '../../contract/dictionary.ts'
import type { Ctx } from '../../core/context.ts'
import { CUSTOM } from './custom-fields.ts'
import { SegmentRow } from './model.ts'

/** A level, region or field that a segment asks about is in use. */
export async function dictionaryUses(
  ctx: Ctx,
  dictionary: Dictionary,
  entries: readonly { id: string; code: string }[],
): Promise<ReadonlyMap<string, number>> {
  const segments = await SegmentRow.query(ctx.trx).select('definition')
  const asks = (condition: SegmentCondition, { id, code }: { id: string; code: string }) =>
    dictionary === 'customer_field' ? condition.field === CUSTOM + code : 'values' in condition && condition.values.includes(id)
  const uses = (entry: { id: string; code: string }) =>
    segments.filter(({ definition }) => conditionsOf(definition).some((condition) => asks(condition, entry))).length
  return new Map(entries.map((entry) => [entry.id, uses(entry)]))
}
