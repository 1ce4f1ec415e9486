/** What segments may ask about customers. Other modules add what their own tables know. */
import type { SegmentCondition, SegmentField } from '../../contract/segment.ts'
import type { Ctx } from '../../core/context.ts'
import type { Condition } from '../customers/index.ts'

export interface SegmentSource extends SegmentField {
  /**
   * The question in SQL, for an `op` that the field names in `ops`.
   * @throws Invalid `segment_invalid` for a value that the field cannot have
   */
  compile(ctx: Ctx, condition: SegmentCondition): Condition
}

declare module '../../core/modules.ts' {
  interface Hooks {
    'segment.fields'?: (ctx: Ctx) => readonly SegmentSource[] | Promise<readonly SegmentSource[]>
  }
}
