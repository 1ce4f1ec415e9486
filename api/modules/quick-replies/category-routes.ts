import { z } from 'zod'
import { one } from '../../contract/list.ts'
import {
  categoryCreate,
  categoryMove,
  categoryPatch,
  categoryRemove,
  quickReplyCategorySchema,
  shelfQuery,
} from '../../contract/quick-reply.ts'
import { route } from '../../core/http/route.ts'
import { createCategory, listCategories, moveCategory, oneCategory, removeCategory, updateCategory } from './categories.ts'

const tag = 'quick replies'
const path = '/api/v1/quick-reply-categories'
const idParams = z.strictObject({ id: z.uuid() })
const auth = { permission: 'conversations.read' } as const

export const categoryRoutes = [
  route({
    method: 'GET',
    path,
    summary: 'Categories of the house, of a team or my own, siblings in their order (BP-016.3)',
    tag,
    auth,
    query: shelfQuery,
    response: one(z.array(quickReplyCategorySchema)),
    handle: async (ctx, { query }) => ({ data: await listCategories(ctx, query) }),
  }),
  route({
    method: 'POST',
    path,
    summary: 'Make a category, for a kind of business where wanted (BP-016.3)',
    tag,
    auth,
    status: 201,
    body: categoryCreate,
    example: { scope: 'personal', parentId: null, name: '售后', businessTypeId: null },
    response: one(quickReplyCategorySchema),
    errors: ['forbidden', 'name_taken', 'limit_reached', 'entry_unknown', 'entry_disabled'],
    handle: async (ctx, { body }) => ({ data: await oneCategory(ctx, (await createCategory(ctx, body)).id) }),
  }),
  route({
    method: 'PATCH',
    path: `${path}/{id}`,
    summary: 'Rename a category or change its kind of business',
    tag,
    auth,
    params: idParams,
    body: categoryPatch,
    example: { name: '退款与售后', version: 1 },
    response: one(quickReplyCategorySchema),
    errors: ['forbidden', 'name_taken', 'version_conflict', 'entry_unknown', 'entry_disabled'],
    async handle(ctx, { params, body }) {
      await updateCategory(ctx, params.id, body)
      return { data: await oneCategory(ctx, params.id) }
    },
  }),
  route({
    method: 'POST',
    path: `${path}/{id}/move`,
    summary: 'Under another category, with everything in it, or into another place among its siblings',
    tag,
    auth,
    params: idParams,
    body: categoryMove,
    example: { parentId: null, before: null, version: 2 },
    response: one(quickReplyCategorySchema),
    errors: ['forbidden', 'category_cycle', 'limit_reached', 'name_taken', 'version_conflict'],
    async handle(ctx, { params, body }) {
      await moveCategory(ctx, params.id, body)
      return { data: await oneCategory(ctx, params.id) }
    },
  }),
  route({
    method: 'DELETE',
    path: `${path}/{id}`,
    summary: 'Delete a category; `contents` says what becomes of what is in it',
    tag,
    auth,
    params: idParams,
    query: categoryRemove,
    response: one(z.null()),
    errors: ['forbidden', 'category_not_empty', 'name_taken', 'version_conflict'],
    async handle(ctx, { params, query }) {
      await removeCategory(ctx, params.id, query)
      return { data: null }
    },
  }),
]
