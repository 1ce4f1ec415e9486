import type { INBOUND_ACTIONS, ModerationAction } from '../../contract/moderation.ts'
import { Row } from '../../core/db.ts'

export class ListRow extends Row {
  static override tableName = 'moderation_lists'
  declare id: string
  declare name: string
  declare enabled: boolean
  declare inbound_action: (typeof INBOUND_ACTIONS)[number] | null
  declare outbound_action: ModerationAction | null
  declare version: number
  declare created_by: string | null
  declare created_at: Date
  declare updated_at: Date
}

export class ApprovalRow extends Row {
  static override tableName = 'moderation_approvals'
  static override idColumn = 'message_id'
  declare message_id: string
  declare conversation_id: string
  declare author_id: string
  declare words: string[]
  declare asked_at: Date
  declare decided_at: Date | null
  declare decided_by: string | null
  declare decision: 'approved' | 'refused' | 'withdrawn' | null
  declare note: string | null
}
