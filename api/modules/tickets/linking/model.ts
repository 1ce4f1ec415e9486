import type { TicketStatus } from '../../../contract/ticket-status.ts'
import { Row } from '../../../core/db.ts'

export class TicketLinkRow extends Row {
  static override tableName = 'ticket_links'
  declare id: string
  declare kind: 'merge' | 'split'
  declare from_id: string
  declare into_id: string
  /** What undoing puts back. */
  declare from_status: TicketStatus | null
  declare from_assignee_id: string | null
  declare follow_up_ids: string[]
  declare linked_by: string
  declare linked_at: Date
  declare undone_at: Date | null
  declare undone_by: string | null
}
