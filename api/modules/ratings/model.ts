import type { RatingForm, RatingLevel, RatingScale, RatingSettings } from '../../contract/rating.ts'
import { Row } from '../../core/db.ts'

export class InvitationRow extends Row {
  static override tableName = 'rating_invitations'
  declare id: string
  declare conversation_id: string
  declare identity_id: string
  declare channel_account_id: string
  declare agent_id: string
  declare team_id: string | null
  declare trigger: 'agent' | 'rule'
  declare invited_by: string | null
  declare form: RatingForm
  declare scale: RatingScale
  declare message_id: string | null
  declare refusal: string | null
  declare expires_at: Date
  declare version: number
  declare created_at: Date
}

export class RatingRow extends Row {
  static override tableName = 'ratings'
  declare id: string
  declare invitation_id: string
  declare conversation_id: string
  declare agent_id: string
  declare team_id: string | null
  declare channel_account_id: string
  declare scale: RatingScale
  declare score: number
  declare level: RatingLevel
  declare comment: string | null
  declare explained: boolean
  declare created_at: Date
}

export class RuleRow extends Row {
  static override tableName = 'rating_rules'
  declare id: string
  declare name: string
  declare close_reasons: string[]
  declare channel_account_ids: string[]
  declare team_ids: string[]
  declare invite: boolean
  declare enabled: boolean
  declare position: number
  declare version: number
  declare created_at: Date
  declare updated_at: Date
}

export class SettingsRow extends Row {
  static override tableName = 'rating_settings'
  static override idColumn = 'only_row'
  static override jsonAttributes = ['texts']
  declare scale: RatingScale
  declare expires_hours: number
  declare notify_low: boolean
  declare texts: RatingSettings['texts']
  declare version: number
  declare updated_at: Date
}
