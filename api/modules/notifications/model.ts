import type { NotificationKind } from '../../contract/notification.ts'
import { Row } from '../../core/db.ts'

export class NotificationRow extends Row {
  static override tableName = 'notifications'
  static override jsonAttributes = ['params']
  declare id: string
  declare account_id: string
  declare kind: NotificationKind
  declare params: Record<string, string | number>
  declare link: string | null
  declare key: string
  declare created_at: Date
  declare read_at: Date | null
}
