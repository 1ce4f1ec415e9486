import type { DataScope, Locale, Preferences } from '../../contract/identity.ts'
import type { SessionMethod } from '../../contract/login.ts'
import { Row } from '../../core/db.ts'

export class Account extends Row {
  static override tableName = 'accounts'
  static override jsonAttributes = ['preferences']
  declare id: string
  declare kind: 'staff' | 'customer'
  declare username: string
  declare password_hash: string | null
  declare name: string
  /** For the order of lists; null for customers, and for accounts older than this column. */
  declare name_spoken: string | null
  declare avatar_attachment_id: string | null
  /** Null for customers. */
  declare role_id: string | null
  declare status: 'active' | 'disabled'
  declare locale: Locale
  declare preferences: Partial<Preferences>
  declare must_change_password: boolean
  /** E.164; unique among staff. */
  declare phone: string | null
  /** Since when it is known to be his; null for one that somebody else entered. */
  declare phone_proven_at: Date | null
  declare password_changed_at: Date | null
  declare last_login_at: Date | null
  declare version: number
}

export class Role extends Row {
  static override tableName = 'roles'
  declare id: string
  declare code: string
  declare name: string
  declare description: string
  declare built_in: boolean
  /** Of custom roles; what built-in ones grant is in `permissions.ts`. */
  declare permissions: string[]
  declare data_scope: DataScope
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
  declare method: SessionMethod
  declare created_at: Date
}
