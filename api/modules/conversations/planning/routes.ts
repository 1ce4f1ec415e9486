import { z } from 'zod'
import { conversationSchema } from '../../../contract/conversation.ts'
import { pinRequest, reminderListQuery, reminderRequest, reminderSchema, snoozeRequest } from '../../../contract/ending.ts'
import { one, page } from '../../../contract/list.ts'
import { route } from '../../../core/http/route.ts'
import { presentOne } from '../present-detail.ts'
import { pinConversation } from './pin.ts'
import { cancelReminder, myReminders, remind, remindersOf } from './reminders.ts'
import { snoozeConversation } from './snooze.ts'

const idParams = z.strictObject({ id: z.uuid() })
const tag = 'conversations'
const answer = { permission: 'conversations.reply' } as const

export const planningRoutes = [
  route({
    method: 'PUT',
    path: '/api/v1/conversations/{id}/snooze',
    summary: 'Put my conversation aside until a moment or until the customer writes; null brings it back (BP-004)',
    tag,
    auth: answer,
    params: idParams,
    body: snoozeRequest,
    example: { snooze: { until: '2030-01-01T09:00:00+08:00' } },
    response: one(conversationSchema),
    errors: ['conversation_closed', 'time_passed'],
    async handle(ctx, { params, body }) {
      await snoozeConversation(ctx, params.id, body.snooze)
      return { data: await presentOne(ctx, params.id) }
    },
  }),
  route({
    method: 'PUT',
    path: '/api/v1/conversations/{id}/pin',
    summary: 'Keep a conversation on top of my list, or not',
    tag,
    auth: answer,
    params: idParams,
    body: pinRequest,
    example: { pinned: true },
    response: one(conversationSchema),
    errors: ['conversation_closed', 'limit_reached'],
    async handle(ctx, { params, body }) {
      await pinConversation(ctx, params.id, body.pinned)
      return { data: await presentOne(ctx, params.id) }
    },
  }),
  route({
    method: 'GET',
    path: '/api/v1/conversations/{id}/reminders',
    summary: 'My reminders about it that wait',
    tag,
    auth: { permission: 'conversations.read' },
    params: idParams,
    response: one(z.array(reminderSchema)),
    handle: async (ctx, { params }) => ({ data: await remindersOf(ctx, params.id) }),
  }),
  route({
    method: 'POST',
    path: '/api/v1/conversations/{id}/reminders',
    summary: 'Be reminded at a moment; the same clientKey gives the same reminder',
    tag,
    auth: answer,
    status: 201,
    params: idParams,
    body: reminderRequest,
    example: { clientKey: '5f0c9a7e-reminder-1', at: '2030-01-01T09:00:00+08:00', text: '回访：确认是否收到补发' },
    response: one(reminderSchema),
    errors: ['time_passed', 'limit_reached', 'idempotency_mismatch'],
    handle: async (ctx, { params, body }) => ({ data: await remind(ctx, params.id, body) }),
  }),
  route({
    method: 'DELETE',
    path: '/api/v1/reminders/{id}',
    summary: 'Call off a reminder of mine',
    tag,
    auth: answer,
    params: idParams,
    response: one(z.null()),
    async handle(ctx, { params }) {
      await cancelReminder(ctx, params.id)
      return { data: null }
    },
  }),
  route({
    method: 'GET',
    path: '/api/v1/me/reminders',
    summary: 'My reminders of all conversations: those that wait, or those that are over',
    tag,
    auth: answer,
    query: reminderListQuery,
    response: page(reminderSchema),
    handle: (ctx, { query }) => myReminders(ctx, query),
  }),
]
