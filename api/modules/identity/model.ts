import type { Locale, Preferences, Role } from '../../contract/identity.ts'
import { Row } from '../../core/db.ts'

export class Account extends Row {
  static override tableName = 'accounts'
  static override jsonAttributes = ['preferences']
  declare id: string
  declare kind: 'staff' | 'customer'
  declare username: string
  declare password_hash: string | null
  declare name: string
  declare avatar_attachment_id: string | null
  declare role: Role
  declare status: 'active' | 'disabled'
  declare locale: Locale
  declare preferences: Partial<Preferences>
  declare must_change_password: boolean
  declare last_login_at: Date | null
  declare version: number
}

export class Session extends Row {
  static override tableName = 'sessions'
  declare id: string
  declare account_id: string
  declare token_digest: Buffer
  declare ip: string | null
  declare user_agent: string | null
  declare last_seen_at: Date
  declare expires_at: Date
  declare revoked_at: Date | null
}
