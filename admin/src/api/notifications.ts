import type { z } from 'zod'
import type { Notification, notificationPage } from '#api/contract/notification.ts'
import { http } from './http.ts'

export type NotificationPage = z.infer<typeof notificationPage>

export const fetchNotifications = (query: { unread?: boolean; limit: number; cursor?: string | undefined }): Promise<NotificationPage> =>
  http.whole('/notifications', { ...query, unread: query.unread === true ? 'true' : 'false' })
export const readNotification = (id: Notification['id']): Promise<{ unread: number }> =>
  http.post(`/notifications/${encodeURIComponent(id)}/read`)
export const readAllNotifications = (upTo: Notification['id']): Promise<{ unread: number }> =>
  http.post('/notifications/read-all', { upTo })
