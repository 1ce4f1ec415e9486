import { z } from 'zod'
import { customerPatch, customerSchema } from '../../contract/customer.ts'
import { one } from '../../contract/list.ts'
import { route } from '../../core/http/route.ts'
import { customerFor } from './policy.ts'
import { presentCustomer } from './present.ts'
import { renameCustomer } from './rename-customer.ts'

const idParams = z.strictObject({ id: z.uuid() })

export const routes = [
  route({
    method: 'GET',
    path: '/api/v1/customers/{id}',
    summary: 'A customer within my scope, with the channels that know him',
    tag: 'customers',
    auth: { permission: 'customers.read' },
    params: idParams,
    response: one(customerSchema),
    handle: async (ctx, { params }) => ({ data: await presentCustomer(ctx, await customerFor(ctx, params.id)) }),
  }),
  route({
    method: 'PATCH',
    path: '/api/v1/customers/{id}',
    summary: 'Give a customer a remark name',
    tag: 'customers',
    auth: { permission: 'customers.edit' },
    params: idParams,
    body: customerPatch,
    example: { remarkName: '赵敏（远山科技 行政）', version: 2 },
    response: one(customerSchema),
    errors: ['version_conflict'],
    handle: async (ctx, { params, body }) => ({ data: await presentCustomer(ctx, await renameCustomer(ctx, params.id, body)) }),
  }),
]
