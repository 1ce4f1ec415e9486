import { z } from 'zod'
import { blockRequest, blockSchema } from '../../../contract/ending.ts'
import { listQuery, one, page } from '../../../contract/list.ts'
import { route } from '../../../core/http/route.ts'
import { blockCustomer, blockOf, unblockCustomer } from './block-customer.ts'
import { listBlocked } from './list-blocked.ts'

const idParams = z.strictObject({ id: z.uuid() })
const tag = 'customers'
const block = { permission: 'customers.block' } as const

export const blockingRoutes = [
  route({
    method: 'GET',
    path: '/api/v1/blocked-customers',
    summary: 'Customers who are blocked now, newest first',
    tag,
    auth: block,
    query: listQuery,
    response: page(blockSchema),
    handle: (ctx, { query }) => listBlocked(ctx, query),
  }),
  route({
    method: 'GET',
    path: '/api/v1/customers/{id}/block',
    summary: 'Whether a customer is blocked, why and until when',
    tag,
    auth: { permission: 'customers.read' },
    params: idParams,
    response: one(blockSchema.nullable()),
    handle: async (ctx, { params }) => ({ data: await blockOf(ctx, params.id) }),
  }),
  route({
    method: 'PUT',
    path: '/api/v1/customers/{id}/block',
    summary: 'Block a customer: his conversations end, and what he writes reaches nobody',
    tag,
    auth: block,
    params: idParams,
    body: blockRequest,
    example: { reason: '多次辱骂客服', until: '2030-01-01T00:00:00+08:00' },
    response: one(blockSchema),
    errors: ['time_passed', 'customer_merged'],
    handle: async (ctx, { params, body }) => ({ data: await blockCustomer(ctx, params.id, body) }),
  }),
  route({
    method: 'DELETE',
    path: '/api/v1/customers/{id}/block',
    summary: 'Let a customer in again',
    tag,
    auth: block,
    params: idParams,
    response: one(z.null()),
    async handle(ctx, { params }) {
      await unblockCustomer(ctx, params.id)
      return { data: null }
    },
  }),
]
