import { z } from 'zod'
import { one } from '../../contract/list.ts'
import {
  departmentCreate,
  departmentMerge,
  departmentMove,
  departmentPatch,
  departmentRemove,
  departmentSchema,
} from '../../contract/organisation.ts'
import type { Ctx } from '../../core/context.ts'
import { route } from '../../core/http/route.ts'
import { changeDepartment, createDepartment, mergeDepartment, moveDepartment, removeDepartment } from './departments.ts'
import { listDepartments } from './list-departments.ts'

const idParams = z.strictObject({ id: z.uuid() })
const tag = 'organisation'
const manage = { permission: 'departments.manage' } as const

const single = async (ctx: Ctx, id: string) => ({ data: departmentSchema.parse((await listDepartments(ctx, [id]))[0]) })

export const departmentRoutes = [
  route({
    method: 'GET',
    path: '/api/v1/departments',
    summary: 'The department tree as a list, siblings in their order (MOD-02)',
    tag,
    auth: { permission: 'staff.read' },
    response: one(z.array(departmentSchema)),
    handle: async (ctx) => ({ data: await listDepartments(ctx) }),
  }),
  route({
    method: 'POST',
    path: '/api/v1/departments',
    summary: 'Make a department, last among its siblings (MOD-02)',
    tag,
    auth: manage,
    status: 201,
    body: departmentCreate,
    example: { name: '客服中心', parentId: null, leaderId: null },
    response: one(departmentSchema),
    errors: ['name_taken'],
    handle: async (ctx, { body }) => single(ctx, await createDepartment(ctx, body)),
  }),
  route({
    method: 'PATCH',
    path: '/api/v1/departments/{id}',
    summary: 'Rename a department, or name its leader',
    tag,
    auth: manage,
    params: idParams,
    body: departmentPatch,
    example: { name: '客户服务中心', version: 1 },
    response: one(departmentSchema),
    errors: ['name_taken', 'version_conflict'],
    async handle(ctx, { params, body }) {
      await changeDepartment(ctx, params.id, body)
      return single(ctx, params.id)
    },
  }),
  route({
    method: 'POST',
    path: '/api/v1/departments/{id}/move',
    summary: 'Move a department with all beneath it, or change its order',
    tag,
    auth: manage,
    params: idParams,
    body: departmentMove,
    example: { parentId: '01930000-0000-7000-8000-00000000d001', before: null, version: 1 },
    response: one(departmentSchema),
    errors: ['department_cycle', 'name_taken', 'version_conflict'],
    async handle(ctx, { params, body }) {
      await moveDepartment(ctx, params.id, body)
      return single(ctx, params.id)
    },
  }),
  route({
    method: 'POST',
    path: '/api/v1/departments/{id}/merge',
    summary: 'Merge a department into another: its people and departments go there, it is gone',
    tag,
    auth: manage,
    params: idParams,
    body: departmentMerge,
    example: { into: '01930000-0000-7000-8000-00000000d002', version: 1 },
    response: one(departmentSchema),
    errors: ['department_cycle', 'name_taken', 'version_conflict'],
    async handle(ctx, { params, body }) {
      await mergeDepartment(ctx, params.id, body)
      return single(ctx, body.into)
    },
  }),
  route({
    method: 'DELETE',
    path: '/api/v1/departments/{id}',
    summary: 'Remove an empty department',
    tag,
    auth: manage,
    params: idParams,
    query: departmentRemove,
    response: one(z.null()),
    errors: ['department_not_empty', 'version_conflict'],
    async handle(ctx, { params, query }) {
      await removeDepartment(ctx, params.id, query.version)
      return { data: null }
    },
  }),
]
