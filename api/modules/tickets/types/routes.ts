import { z } from 'zod'
import { one } from '../../../contract/list.ts'
import {
  ticketTypeCreate,
  ticketTypeListQuery,
  ticketTypeOrder,
  ticketTypePatch,
  ticketTypeRemove,
  ticketTypeSchema,
} from '../../../contract/ticket-type.ts'
import { route } from '../../../core/http/route.ts'
import { listTypes } from './list-types.ts'
import { changeType, createType, orderTypes, removeType } from './manage-types.ts'

const idParams = z.strictObject({ id: z.uuid() })
const many = one(z.array(ticketTypeSchema))

export const typeRoutes = [
  route({
    method: 'GET',
    path: '/api/v1/ticket-types',
    summary: 'Types of tickets with their forms, in order (BP-005.3)',
    tag: 'ticket types',
    auth: { permission: 'tickets.read' },
    query: ticketTypeListQuery,
    response: many,
    handle: async (ctx, { query }) => ({ data: await listTypes(ctx, query.all === 'true') }),
  }),
  route({
    method: 'POST',
    path: '/api/v1/ticket-types',
    summary: 'Add a type with its form',
    tag: 'ticket types',
    auth: { permission: 'tickets.settings' },
    status: 201,
    body: ticketTypeCreate,
    example: {
      nameZh: '设备报修',
      nameEn: 'Equipment repair',
      description: '',
      color: '#f59e0b',
      businessTypeId: null,
      teamId: null,
      priority: 'high',
      fields: [
        {
          key: 'serial_number',
          labelZh: '设备序列号',
          labelEn: 'Serial number',
          type: 'text',
          requiredIn: ['new'],
          choices: [],
          dictionary: null,
          hintZh: '在机身侧面',
          hintEn: 'On the side of the machine',
          forCustomers: true,
        },
      ],
      openToCustomers: true,
    },
    response: one(ticketTypeSchema),
    errors: ['name_taken', 'limit_reached', 'entry_unknown', 'entry_disabled'],
    handle: async (ctx, { body }) => ({ data: await createType(ctx, body) }),
  }),
  route({
    method: 'PATCH',
    path: '/api/v1/ticket-types/{id}',
    summary: 'Change a type or its form, disable it, enable it again',
    tag: 'ticket types',
    auth: { permission: 'tickets.settings' },
    params: idParams,
    body: ticketTypePatch,
    example: { disabled: true, version: 1 },
    response: one(ticketTypeSchema),
    errors: ['name_taken', 'version_conflict', 'ticket_field_in_use', 'ticket_type_in_use', 'entry_unknown', 'entry_disabled'],
    handle: async (ctx, { params, body }) => ({ data: await changeType(ctx, params.id, body) }),
  }),
  route({
    method: 'DELETE',
    path: '/api/v1/ticket-types/{id}',
    summary: 'Remove a type that was never used',
    tag: 'ticket types',
    auth: { permission: 'tickets.settings' },
    params: idParams,
    query: ticketTypeRemove,
    response: one(z.object({ removed: z.literal(true) })),
    errors: ['ticket_type_in_use', 'version_conflict'],
    async handle(ctx, { params, query }) {
      await removeType(ctx, params.id, query.version)
      return { data: { removed: true as const } }
    },
  }),
  route({
    method: 'PUT',
    path: '/api/v1/ticket-types/order',
    summary: 'Put the types into another order',
    tag: 'ticket types',
    auth: { permission: 'tickets.settings' },
    body: ticketTypeOrder,
    example: { ids: ['01930000-0000-7000-8000-000000000001'] },
    response: many,
    async handle(ctx, { body }) {
      await orderTypes(ctx, body.ids)
      return { data: await listTypes(ctx, true) }
    },
  }),
]
