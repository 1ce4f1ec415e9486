import { z } from 'zod'
import { one } from '../../contract/list.ts'
import { notificationListQuery, notificationPage, readAllRequest, unreadSchema } from '../../contract/notification.ts'
import { route } from '../../core/http/route.ts'
import { listNotifications, unreadCount } from './queries.ts'
import { readAll, readOne } from './read.ts'

export const routes = [
  route({
    method: 'GET',
    path: '/api/v1/notifications',
    summary: 'What I was told, newest first, with how much is unread',
    tag: 'notifications',
    auth: 'staff',
    query: notificationListQuery,
    response: notificationPage,
    async handle(ctx, { query }) {
      const { accountId } = ctx.actor
      const listed = await listNotifications(ctx.trx, accountId, { ...query, unread: query.unread === 'true' })
      return { ...listed, unread: await unreadCount(ctx.trx, accountId) }
    },
  }),
  route({
    method: 'POST',
    path: '/api/v1/notifications/{id}/read',
    summary: 'I have read this one',
    tag: 'notifications',
    auth: 'staff',
    params: z.strictObject({ id: z.uuid() }),
    response: one(unreadSchema),
    handle: async (ctx, { params }) => ({ data: { unread: await readOne(ctx, params.id) } }),
  }),
  route({
    method: 'POST',
    path: '/api/v1/notifications/read-all',
    summary: 'I have read all up to this one',
    tag: 'notifications',
    auth: 'staff',
    body: readAllRequest,
    example: { upTo: '01930000-0000-7000-8000-000000000001' },
    response: one(unreadSchema),
    handle: async (ctx, { body }) => ({ data: { unread: await readAll(ctx, body.upTo) } }),
  }),
]
