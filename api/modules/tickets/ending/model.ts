import type { CONFIRMATION_STATES } from '../../../contract/ticket-ending.ts'
import type { PageOnlyReason } from '../../../contract/ticket-follow-up.ts'
import { Row } from '../../../core/db.ts'

export class ConfirmationRow extends Row {
  static override tableName = 'ticket_confirmations'
  declare id: string
  declare ticket_id: string
  declare state: (typeof CONFIRMATION_STATES)[number]
  declare reason: string | null
  declare message_id: string | null
  declare untold: PageOnlyReason | null
  declare asked_at: Date
  declare answered_at: Date | null
}

export class ClosingRow extends Row {
  static override tableName = 'ticket_closings'
  static override idColumn = 'ticket_id'
  declare ticket_id: string
  declare since: Date
  declare close_days: number
  declare notice_days: number
  declare notice_at: Date | null
  declare close_at: Date
  declare noticed_at: Date | null
}

export class TicketRatingRow extends Row {
  static override tableName = 'ticket_ratings'
  declare id: string
  declare ticket_id: string
  declare round: number
  declare score: number
  declare comment: string | null
  declare agent_id: string | null
  declare team_id: string | null
  declare identity_id: string
  declare created_at: Date
}
