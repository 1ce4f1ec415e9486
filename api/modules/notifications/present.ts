import type { Notification } from '../../contract/notification.ts'
import type { NotificationRow } from './model.ts'

type Shown = Pick<NotificationRow, 'id' | 'kind' | 'params' | 'link' | 'created_at' | 'read_at'>

export const presentNotification = (row: Shown): Notification => ({
  id: row.id,
  kind: row.kind,
  params: row.params,
  link: row.link,
  createdAt: row.created_at.toISOString(),
  readAt: row.read_at?.toISOString() ?? null,
})
