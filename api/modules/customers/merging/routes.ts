import { z } from 'zod'
import { listQuery, one, page } from '../../../contract/list.ts'
import {
  customerMergeSchema,
  mergePreviewQuery,
  mergePreviewSchema,
  mergeRequest,
  mergeSuggestionQuery,
  mergeSuggestionSchema,
  undoneMergeSchema,
} from '../../../contract/merge.ts'
import { route } from '../../../core/http/route.ts'
import { presentCustomer } from '../present.ts'
import { listMerges } from './list-merges.ts'
import { mergeByHand } from './merge-customers.ts'
import { presentMerges, presentSuggestions } from './present-merges.ts'
import { previewMerge } from './preview.ts'
import { dismissSuggestion, listSuggestions } from './suggestions.ts'
import { undoMerge } from './undo-merge.ts'
import { untangled } from './untangled.ts'

const idParams = z.strictObject({ id: z.uuid() })
const merging = { permission: 'customers.merge' } as const

async function first<T>(list: Promise<T[]>): Promise<{ data: T }> {
  const [data] = await list
  if (data === undefined) throw new Error('row vanished')
  return { data }
}

export const routes = [
  route({
    method: 'GET',
    path: '/api/v1/customers/{id}/merge-preview',
    summary: 'Both sides of a merge, field by field, before it is done',
    tag: 'customers',
    auth: merging,
    params: idParams,
    query: mergePreviewQuery,
    response: one(mergePreviewSchema),
    handle: async (ctx, { params, query }) => ({ data: await previewMerge(ctx, params.id, query.from) }),
  }),
  route({
    method: 'POST',
    path: '/api/v1/customers/{id}/merges',
    summary: 'Merge another customer into this one; can be undone for 30 days',
    tag: 'customers',
    auth: merging,
    status: 201,
    params: idParams,
    body: mergeRequest,
    example: {
      from: '01930000-0000-7000-8000-000000000001',
      version: 3,
      fromVersion: 1,
      choose: { remarkName: 'from', 'fields.birthday': 'into' },
    },
    response: one(customerMergeSchema),
    errors: ['customer_merged', 'version_conflict'],
    transaction: 'none',
    handle: (ctx, { params, body }) =>
      untangled(ctx, async (inside) => first(presentMerges(inside, [await mergeByHand(inside, params.id, body)]))),
  }),
  route({
    method: 'GET',
    path: '/api/v1/customers/{id}/merges',
    summary: 'Who was merged into this customer, what did not stay, and what can be undone',
    tag: 'customers',
    auth: { permission: 'customers.read' },
    params: idParams,
    query: listQuery,
    response: page(customerMergeSchema),
    async handle(ctx, { params, query }) {
      const { rows, nextCursor } = await listMerges(ctx, params.id, query)
      return { data: await presentMerges(ctx, rows), nextCursor }
    },
  }),
  route({
    method: 'POST',
    path: '/api/v1/customer-merges/{id}/undo',
    summary: 'Part two merged customers again, as they were',
    tag: 'customers',
    auth: merging,
    params: idParams,
    response: one(undoneMergeSchema),
    errors: ['merge_undone', 'merge_too_old', 'merge_not_latest'],
    transaction: 'none',
    handle: (ctx, { params }) =>
      untangled(ctx, async (inside) => {
        const { merge, into, from } = await undoMerge(inside, params.id)
        const { data } = await first(presentMerges(inside, [merge]))
        return { data: { merge: data, into: await presentCustomer(inside, into), from: await presentCustomer(inside, from) } }
      }),
  }),
  route({
    method: 'GET',
    path: '/api/v1/merge-suggestions',
    summary: 'Pairs of customers that seem to be one person, with the reasons',
    tag: 'customers',
    auth: merging,
    query: mergeSuggestionQuery,
    response: page(mergeSuggestionSchema),
    async handle(ctx, { query }) {
      const { rows, nextCursor } = await listSuggestions(ctx, query)
      return { data: await presentSuggestions(ctx, rows), nextCursor }
    },
  }),
  route({
    method: 'POST',
    path: '/api/v1/merge-suggestions/{id}/dismiss',
    summary: 'Remember that these two are not the same person',
    tag: 'customers',
    auth: merging,
    params: idParams,
    response: one(mergeSuggestionSchema),
    handle: async (ctx, { params }) => first(presentSuggestions(ctx, [await dismissSuggestion(ctx, params.id)])),
  }),
]
