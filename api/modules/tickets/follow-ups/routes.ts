import { z } from 'zod'
import { one, page } from '../../../contract/list.ts'
import {
  checklistAdd,
  checklistItemPatch,
  checklistItemRemove,
  checklistOrder,
  checklistSchema,
  followUpCreate,
  followUpListQuery,
  followUpSchema,
} from '../../../contract/ticket-follow-up.ts'
import { route } from '../../../core/http/route.ts'
import { addFollowUp } from './add-follow-up.ts'
import { changeItem, extendChecklist, orderChecklist, removeItem, showChecklist } from './checklist.ts'
import { listFollowUps, showFollowUp } from './present.ts'

const tag = 'tickets'
const params = z.strictObject({ id: z.uuid() })
const read = { permission: 'tickets.read' } as const
const handle = { permission: 'tickets.handle' } as const
const list = one(checklistSchema)

const followUps = [
  route({
    method: 'GET',
    path: '/api/v1/tickets/{id}/follow-ups',
    summary: 'What was noted on a ticket, newest first (BP-006.5)',
    tag,
    auth: read,
    params,
    query: followUpListQuery,
    response: page(followUpSchema),
    handle: (ctx, { params: { id }, query }) => listFollowUps(ctx, id, query),
  }),
  route({
    method: 'POST',
    path: '/api/v1/tickets/{id}/follow-ups',
    summary: 'Note something among staff, or tell the customer in his channel; the same clientKey is the same follow-up (BP-006.5)',
    tag,
    auth: handle,
    status: 201,
    limit: { per: 'actor', max: 120, windowSeconds: 60 },
    params,
    body: followUpCreate,
    example: { clientKey: '7d1b02c4-follow-1', visibility: 'customer', text: '师傅明天上午十点上门', attachmentIds: [], mentions: [] },
    response: one(followUpSchema),
    errors: ['ticket_without_customer', 'ticket_files_full', 'mention_unknown', 'idempotency_mismatch'],
    async handle(ctx, { params: { id }, body }) {
      const row = await addFollowUp(ctx, id, body)
      return { data: await showFollowUp(ctx, row.id) }
    },
  }),
]

const checklists = [
  route({
    method: 'GET',
    path: '/api/v1/tickets/{id}/checklist',
    summary: 'What is left to do on a ticket',
    tag,
    auth: read,
    params,
    response: list,
    handle: async (ctx, { params: { id } }) => ({ data: await showChecklist(ctx, id) }),
  }),
  route({
    method: 'POST',
    path: '/api/v1/tickets/{id}/checklist',
    summary: 'Add items at the end of the list',
    tag,
    auth: handle,
    status: 201,
    params,
    body: checklistAdd,
    example: { texts: ['核对发票抬头', '联系上门师傅'] },
    response: list,
    errors: ['checklist_full'],
    handle: async (ctx, { params: { id }, body }) => ({ data: await extendChecklist(ctx, id, body.texts) }),
  }),
  route({
    method: 'PUT',
    path: '/api/v1/tickets/{id}/checklist/order',
    summary: 'Put the items in another order',
    tag,
    auth: handle,
    params,
    body: checklistOrder,
    example: { ids: ['01930000-0000-7000-8000-0000000000f2', '01930000-0000-7000-8000-0000000000f1'] },
    response: list,
    handle: async (ctx, { params: { id }, body }) => ({ data: await orderChecklist(ctx, id, body.ids) }),
  }),
  route({
    method: 'PATCH',
    path: '/api/v1/ticket-checklist-items/{id}',
    summary: 'Tick an item off, or word it anew',
    tag,
    auth: handle,
    params,
    body: checklistItemPatch,
    example: { done: true, version: 1 },
    response: list,
    errors: ['version_conflict'],
    handle: async (ctx, { params: { id }, body }) => ({ data: await changeItem(ctx, id, body) }),
  }),
  route({
    method: 'DELETE',
    path: '/api/v1/ticket-checklist-items/{id}',
    summary: 'Take an item off the list',
    tag,
    auth: handle,
    params,
    query: checklistItemRemove,
    response: list,
    errors: ['version_conflict'],
    handle: async (ctx, { params: { id }, query }) => ({ data: await removeItem(ctx, id, query.version) }),
  }),
]

export const followUpRoutes = [...followUps, ...checklists]
