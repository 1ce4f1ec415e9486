import { z } from 'zod'
import {
  customerNoteCreate,
  customerNotePatch,
  customerNoteRemove,
  customerNoteSchema,
  timelineEntrySchema,
  timelineQuery,
} from '../../contract/customer.ts'
import { one, page } from '../../contract/list.ts'
import { route } from '../../core/http/route.ts'
import { addNote, changeNote, removeNote } from './notes.ts'
import { customerFor } from './policy.ts'
import { timelineOf } from './timeline.ts'

const idParams = z.strictObject({ id: z.uuid() })
const noteParams = z.strictObject({ id: z.uuid(), noteId: z.uuid() })
const tag = 'customers'
const edit = { permission: 'customers.edit' } as const
const path = '/api/v1/customers/{id}/notes'

export const noteRoutes = [
  route({
    method: 'GET',
    path: '/api/v1/customers/{id}/timeline',
    summary: 'All that happened with a customer, newest first: conversations, notes, and what other areas add (MOD-04)',
    tag,
    auth: { permission: 'customers.read' },
    params: idParams,
    query: timelineQuery,
    response: page(timelineEntrySchema),
    async handle(ctx, { params, query }) {
      await customerFor(ctx, params.id)
      return timelineOf(ctx, params.id, query)
    },
  }),
  route({
    method: 'POST',
    path,
    summary: 'Write a note about a customer',
    tag,
    auth: edit,
    status: 201,
    params: idParams,
    body: customerNoteCreate,
    example: { text: '每月 5 日对账，发票寄前台。' },
    response: one(customerNoteSchema),
    errors: ['customer_merged'],
    handle: async (ctx, { params, body }) => ({ data: await addNote(ctx, params.id, body.text) }),
  }),
  route({
    method: 'PATCH',
    path: `${path}/{noteId}`,
    summary: 'Change my note',
    tag,
    auth: edit,
    params: noteParams,
    body: customerNotePatch,
    example: { text: '每月 8 日对账。', version: 1 },
    response: one(customerNoteSchema),
    errors: ['version_conflict', 'customer_merged'],
    handle: async (ctx, { params, body }) => ({
      data: await changeNote(ctx, { customerId: params.id, noteId: params.noteId }, body),
    }),
  }),
  route({
    method: 'DELETE',
    path: `${path}/{noteId}`,
    summary: 'Remove my note',
    tag,
    auth: edit,
    params: noteParams,
    query: customerNoteRemove,
    response: one(z.null()),
    errors: ['version_conflict', 'customer_merged'],
    async handle(ctx, { params, query }) {
      await removeNote(ctx, { customerId: params.id, noteId: params.noteId }, query.version)
      return { data: null }
    },
  }),
]
