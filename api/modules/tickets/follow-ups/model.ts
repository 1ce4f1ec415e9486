import type { FollowUpVisibility, PageOnlyReason } from '../../../contract/ticket-follow-up.ts'
import { Row } from '../../../core/db.ts'

export class FollowUpRow extends Row {
  static override tableName = 'ticket_follow_ups'
  static override jsonAttributes = ['mentions']
  declare id: string
  declare ticket_id: string
  declare visibility: FollowUpVisibility
  declare author_kind: 'staff' | 'customer'
  declare account_id: string | null
  declare identity_id: string | null
  declare body: string
  declare mentions: { id: string; name: string }[]
  declare message_id: string | null
  declare page_only: PageOnlyReason | null
  declare client_key: string
  declare request_digest: Buffer
  declare created_at: Date
}

export class ChecklistItemRow extends Row {
  static override tableName = 'ticket_checklist_items'
  declare id: string
  declare ticket_id: string
  declare body: string
  declare position: number
  declare done_at: Date | null
  declare done_by: string | null
  declare version: number
  declare created_at: Date
}
