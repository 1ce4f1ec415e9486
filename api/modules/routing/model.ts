import type { PresenceStatus } from '../../contract/identity.ts'
import { Row } from '../../core/db.ts'

export class PresenceRow extends Row {
  static override tableName = 'presences'
  static override idColumn = 'account_id'
  declare account_id: string
  declare status: PresenceStatus
  declare reason: string | null
  declare since: Date
  declare capacity: number
  declare last_assigned_at: Date | null
  declare version: number
}
