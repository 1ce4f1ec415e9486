import { z } from 'zod'
import { PERMISSIONS } from '../../contract/identity.ts'
import { one } from '../../contract/list.ts'
import { groupOf, PERMISSION_GROUPS, permissionGroupSchema, roleCreate, rolePatch, roleRemove, roleSchema } from '../../contract/roles.ts'
import type { Ctx, StaffActor } from '../../core/context.ts'
import { route } from '../../core/http/route.ts'
import type { Role } from './model.ts'
import { changeRole, createRole, findRole, listRoles, presentRoles, removeRole } from './roles.ts'

const idParams = z.strictObject({ id: z.uuid() })
const tag = 'roles'
const read = { permission: 'staff.read' } as const
const manage = { permission: 'roles.manage' } as const

async function single(ctx: Ctx<StaffActor>, role: Role) {
  const presented = await presentRoles(ctx, [role])
  return { data: roleSchema.parse(presented[0]) }
}

export const roleRoutes = [
  route({
    method: 'GET',
    path: '/api/v1/permissions',
    summary: 'All permission points, by group: the one registry of API, menus and buttons (MOD-01)',
    tag,
    auth: read,
    response: one(z.array(permissionGroupSchema)),
    handle: () =>
      Promise.resolve({
        data: PERMISSION_GROUPS.map((group) => ({ group, permissions: PERMISSIONS.filter((permission) => groupOf(permission) === group) })),
      }),
  }),
  route({
    method: 'GET',
    path: '/api/v1/roles',
    summary: 'Roles with what they grant (MOD-01)',
    tag,
    auth: read,
    response: one(z.array(roleSchema)),
    handle: async (ctx) => ({ data: await listRoles(ctx) }),
  }),
  route({
    method: 'GET',
    path: '/api/v1/roles/{id}',
    summary: 'One role',
    tag,
    auth: read,
    params: idParams,
    response: one(roleSchema),
    handle: async (ctx, { params }) => single(ctx, await findRole(ctx, params.id)),
  }),
  route({
    method: 'POST',
    path: '/api/v1/roles',
    summary: 'Make a role; it grants nothing that its maker has not (MOD-01)',
    tag,
    auth: manage,
    status: 201,
    body: roleCreate,
    example: { name: '质检', description: '只看不答', permissions: ['conversations.read', 'conversations.read_all'], dataScope: 'all' },
    response: one(roleSchema),
    errors: ['role_beyond_own', 'name_taken'],
    handle: async (ctx, { body }) => single(ctx, await createRole(ctx, body)),
  }),
  route({
    method: 'PATCH',
    path: '/api/v1/roles/{id}',
    summary: 'Change a custom role; it holds from the next request of everybody who has it',
    tag,
    auth: manage,
    params: idParams,
    body: rolePatch,
    example: { dataScope: 'department', version: 2 },
    response: one(roleSchema),
    errors: ['role_built_in', 'role_beyond_own', 'name_taken', 'version_conflict'],
    handle: async (ctx, { params, body }) => single(ctx, await changeRole(ctx, params.id, body)),
  }),
  route({
    method: 'DELETE',
    path: '/api/v1/roles/{id}',
    summary: 'Remove a custom role that nobody has',
    tag,
    auth: manage,
    params: idParams,
    query: roleRemove,
    response: one(z.null()),
    errors: ['role_built_in', 'role_beyond_own', 'role_in_use', 'version_conflict'],
    async handle(ctx, { params, query }) {
      await removeRole(ctx, params.id, query.version)
      return { data: null }
    },
  }),
]
