import type { MergeReason } from '../../../contract/merge.ts'
import { Row } from '../../../core/db.ts'
import type { Changes, Lost } from './values.ts'

export class MergeRow extends Row {
  static override tableName = 'customer_merges'
  static override jsonAttributes = ['changed', 'lost', 'moved']
  declare id: string
  declare from_id: string
  declare into_id: string
  declare reason: MergeReason
  declare merged_by: string | null
  declare merged_at: Date
  declare changed: Changes
  declare lost: Lost[]
  /** By provider, what its `merge` returned. */
  declare moved: Record<string, unknown>
  declare undone_at: Date | null
  declare undone_by: string | null
}

export class SuggestionRow extends Row {
  static override tableName = 'merge_suggestions'
  declare id: string
  declare first_id: string
  declare second_id: string
  declare reasons: MergeReason[]
  declare state: 'open' | 'dismissed' | 'merged'
  declare created_at: Date
  declare decided_at: Date | null
  declare decided_by: string | null
}
