import {
  bulkTagRequest,
  bulkTagResultSchema,
  customerCountQuery,
  customerCountSchema,
  customerCreate,
  customerListQuery,
  customerSchema,
  customerSummarySchema,
} from '../../contract/customer.ts'
import { one, page } from '../../contract/list.ts'
import { route } from '../../core/http/route.ts'
import { addByHand } from './add-by-hand.ts'
import { countCustomers, listCustomers } from './find-customers.ts'
import { presentCustomer, presentSummaries } from './present.ts'
import { tagMany } from './tag-many.ts'

const tag = 'customers'

/** Many customers. */
export const listRoutes = [
  route({
    method: 'GET',
    path: '/api/v1/customers',
    summary:
      'Customers within my scope, by any filter, sorted and searched by name, 拼音, end of a phone number or institution (MOD-04, MOD-05)',
    tag,
    auth: { permission: 'customers.read' },
    query: customerListQuery,
    response: page(customerSummarySchema),
    async handle(ctx, { query }) {
      const { rows, nextCursor } = await listCustomers(ctx, query)
      return { data: await presentSummaries(ctx, rows), nextCursor }
    },
  }),
  route({
    method: 'GET',
    path: '/api/v1/customers/count',
    summary: 'How many customers a filter finds within my scope; counted to 10,000',
    tag,
    auth: { permission: 'customers.read' },
    query: customerCountQuery,
    response: one(customerCountSchema),
    handle: async (ctx, { query }) => ({ data: await countCustomers(ctx, query) }),
  }),
  route({
    method: 'POST',
    path: '/api/v1/customers',
    summary: 'Add a customer by hand',
    tag,
    auth: { permission: 'customers.edit' },
    status: 201,
    body: customerCreate,
    example: { name: '许静', title: '采购经理', phone: '138 0013 8000', fields: {} },
    response: one(customerSchema),
    errors: ['phone_invalid', 'phone_taken', 'entry_unknown', 'entry_disabled', 'field_invalid', 'tag_unknown', 'limit_reached'],
    handle: async (ctx, { body }) => ({ data: await presentCustomer(ctx, await addByHand(ctx, body)) }),
  }),
  route({
    method: 'POST',
    path: '/api/v1/customers/bulk-tagging',
    summary: 'Put tags on and take tags off a selection, or all that a filter finds; 5,000 customers at most (MOD-05)',
    tag,
    auth: { permission: 'customers.edit' },
    limit: { per: 'actor', max: 30, windowSeconds: 60 },
    maxBodyBytes: 400_000,
    body: bulkTagRequest,
    example: {
      customers: { filter: { status: 'formal', archived: false } },
      add: ['01930000-0000-7000-8000-000000000201'],
      remove: [],
    },
    response: one(bulkTagResultSchema),
    errors: ['tag_unknown', 'selection_too_large', 'conflict'],
    handle: async (ctx, { body }) => ({ data: await tagMany(ctx, body) }),
  }),
]
