import { z } from 'zod'
import { one } from '../../contract/list.ts'
import { listedTagSchema, tagCreate, tagListQuery, tagPatch, tagRemove } from '../../contract/tag.ts'
import { route } from '../../core/http/route.ts'
import { createTag, listTags, removeTag, updateTag } from './tags.ts'

const idParams = z.strictObject({ id: z.uuid() })
const tag = 'tags'
const manage = { permission: 'tags.manage' } as const

export const tagRoutes = [
  route({
    method: 'GET',
    path: '/api/v1/customer-tags',
    summary: 'Tags of customers by category, with how many have each; 500 at most (MOD-05)',
    tag,
    auth: { permission: 'customers.read' },
    query: tagListQuery,
    response: one(z.array(listedTagSchema)),
    handle: async (ctx, { query }) => ({ data: await listTags(ctx, query) }),
  }),
  route({
    method: 'POST',
    path: '/api/v1/customer-tags',
    summary: 'Add a tag',
    tag,
    auth: manage,
    status: 201,
    body: tagCreate,
    example: { name: '重点客户', color: '#d9480f', category: '价值' },
    response: one(listedTagSchema),
    errors: ['name_taken', 'limit_reached'],
    handle: async (ctx, { body }) => ({ data: await createTag(ctx, body) }),
  }),
  route({
    method: 'PATCH',
    path: '/api/v1/customer-tags/{id}',
    summary: 'Change a tag',
    tag,
    auth: manage,
    params: idParams,
    body: tagPatch,
    example: { color: '#2f9e44', version: 1 },
    response: one(listedTagSchema),
    errors: ['name_taken', 'version_conflict'],
    handle: async (ctx, { params, body }) => ({ data: await updateTag(ctx, params.id, body) }),
  }),
  route({
    method: 'DELETE',
    path: '/api/v1/customer-tags/{id}',
    summary: 'Remove a tag; from the customers who have it only when that is said',
    tag,
    auth: manage,
    params: idParams,
    query: tagRemove,
    response: one(z.null()),
    errors: ['version_conflict', 'tag_in_use', 'tag_asked_for'],
    async handle(ctx, { params, query }) {
      await removeTag(ctx, params.id, query.version, query.force)
      return { data: null }
    },
  }),
]
