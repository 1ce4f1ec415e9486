import { conditionsOf } from '../../contract/segment.ts'
import type { Ctx } from '../../core/context.ts'
import { SegmentRow } from './model.ts'

/** Segments that ask for this tag. */
export async function tagUses(ctx: Ctx, tagId: string): Promise<string[]> {
  const segments = await SegmentRow.query(ctx.trx).select('name', 'definition').orderBy('name')
  const asks = ({ definition }: SegmentRow) =>
    conditionsOf(definition).some((condition) => condition.field === 'tags' && 'values' in condition && condition.values.includes(tagId))
  return segments.filter(asks).map(({ name }) => name)
}
