import { Row } from '../../../core/db.ts'

export class LinkRow extends Row {
  static override tableName = 'conversation_links'
  declare id: string
  declare kind: 'merge' | 'split'
  declare from_id: string
  declare into_id: string
  declare linked_by: string
  declare linked_at: Date
  /** Who held what was merged away, to give it back to when that is undone. */
  declare from_assignee_id: string | null
  declare from_was_open: boolean
  declare undone_at: Date | null
  declare undone_by: string | null
}
