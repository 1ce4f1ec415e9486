import { Row } from '../../core/db.ts'

export class LinkRow extends Row {
  static override tableName = 'registration_links'
  declare id: string
  declare token_digest: Buffer
  declare label: string | null
  declare channel_account_id: string
  declare team_id: string | null
  declare created_by: string
  declare max_uses: number
  declare uses: number
  declare expires_at: Date
  declare revoked_at: Date | null
  declare revoked_by: string | null
  declare version: number
  declare created_at: Date
}

export class RegistrationRow extends Row {
  static override tableName = 'registrations'
  static override idColumn = 'customer_id'
  declare customer_id: string
  declare link_id: string | null
  declare channel_account_id: string
  declare organisation: string | null
  declare archive_checked_at: Date | null
  declare created_at: Date
  declare updated_at: Date
}

export class SettingsRow extends Row {
  static override tableName = 'registration_settings'
  static override idColumn = 'only_row'
  declare only_row: boolean
  declare archive_matching: boolean
  declare version: number
  declare updated_at: Date
}
