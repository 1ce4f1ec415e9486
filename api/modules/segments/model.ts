import type { SegmentNode } from '../../contract/segment.ts'
import { Row } from '../../core/db.ts'

export class SegmentRow extends Row {
  static override tableName = 'segments'
  static override jsonAttributes = ['definition']
  declare id: string
  declare name: string
  declare description: string
  declare definition: SegmentNode
  declare created_by: string | null
  declare version: number
  declare created_at: Date
  declare updated_at: Date
}
