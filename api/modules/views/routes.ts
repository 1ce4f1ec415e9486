import { z } from 'zod'
import { one } from '../../contract/list.ts'
import { savedViewCreate, savedViewOrder, savedViewPatch, savedViewQuery, savedViewRemove, savedViewSchema } from '../../contract/view.ts'
import { route } from '../../core/http/route.ts'
import { createView, listViews, orderViews, removeView, updateView } from './views.ts'

const tag = 'views'
const idParams = z.strictObject({ id: z.uuid() })
const list = one(z.array(savedViewSchema))

export const viewRoutes = [
  route({
    method: 'GET',
    path: '/api/v1/views',
    summary: 'My saved views of lists, and those my teams share',
    tag,
    auth: 'staff',
    query: savedViewQuery,
    response: list,
    handle: async (ctx, { query }) => ({ data: await listViews(ctx, query.page) }),
  }),
  route({
    method: 'POST',
    path: '/api/v1/views',
    summary: 'Keep the filters of a list under a name; for a team with the permission to share',
    tag,
    auth: 'staff',
    status: 201,
    body: savedViewCreate,
    example: { page: 'conversations', name: '等待超过五分钟', filters: { status: 'open', sort: 'waiting' }, teamId: null },
    response: one(savedViewSchema),
    errors: ['name_taken', 'limit_reached', 'team_not_yours'],
    handle: async (ctx, { body }) => ({ data: await createView(ctx, body) }),
  }),
  route({
    method: 'PATCH',
    path: '/api/v1/views/{id}',
    summary: 'Change a view of mine',
    tag,
    auth: 'staff',
    params: idParams,
    body: savedViewPatch,
    example: { name: '久等的客户', version: 1 },
    response: one(savedViewSchema),
    errors: ['name_taken', 'version_conflict', 'team_not_yours'],
    handle: async (ctx, { params, body }) => ({ data: await updateView(ctx, params.id, body) }),
  }),
  route({
    method: 'DELETE',
    path: '/api/v1/views/{id}',
    summary: 'Delete a view of mine',
    tag,
    auth: 'staff',
    params: idParams,
    query: savedViewRemove,
    response: one(z.null()),
    errors: ['version_conflict'],
    async handle(ctx, { params, query }) {
      await removeView(ctx, params.id, query.version)
      return { data: null }
    },
  }),
  route({
    method: 'PUT',
    path: '/api/v1/views/order',
    summary: 'Put my views of one page in a new order',
    tag,
    auth: 'staff',
    body: savedViewOrder,
    example: { page: 'conversations', ids: ['01930000-0000-7000-8000-0000000000f1'] },
    response: list,
    errors: ['version_conflict'],
    handle: async (ctx, { body }) => ({ data: await orderViews(ctx, body) }),
  }),
]
