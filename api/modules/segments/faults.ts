import { Invalid } from '../../core/errors.ts'

export type SegmentFault = 'unknown_field' | 'op' | 'value'

export const unfit = (field: string, reason: SegmentFault): Invalid =>
  new Invalid('segment_invalid', 'a condition does not fit its field', { field, reason })
