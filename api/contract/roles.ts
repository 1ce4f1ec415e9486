/** Roles and what they grant (MOD-01). The permission points themselves are in `identity.ts`. */
import { z } from 'zod'
import { DATA_SCOPES, PERMISSIONS, type Permission } from './identity.ts'
import { safeText } from './message.ts'

export const PERMISSION_GROUPS = ['conversations', 'tickets', 'customers', 'channels', 'organisation', 'teams', 'system'] as const
export type PermissionGroup = (typeof PERMISSION_GROUPS)[number]

type Area = Permission extends `${infer A}.${string}` ? A : never

/** Where a point stands on the matrix page, by what is before its dot. A point of a new area needs a line here, or nothing compiles. */
const GROUP_OF: Record<Area, PermissionGroup> = {
  conversations: 'conversations',
  supervision: 'conversations',
  ratings: 'conversations',
  views: 'conversations',
  tickets: 'tickets',
  knowledge: 'tickets',
  customers: 'customers',
  institutions: 'customers',
  tags: 'customers',
  segments: 'customers',
  registrations: 'customers',
  channels: 'channels',
  staff: 'organisation',
  departments: 'organisation',
  roles: 'organisation',
  teams: 'teams',
  shifts: 'teams',
  relations: 'teams',
  routing: 'teams',
  quick_replies: 'conversations',
  moderation: 'conversations',
  dictionaries: 'system',
  settings: 'system',
  audit: 'system',
}
const groups = new Map<string, PermissionGroup>(Object.entries(GROUP_OF))
export const groupOf = (permission: Permission): PermissionGroup => groups.get(permission.split('.')[0] ?? '') ?? 'system'

export const permissionGroupSchema = z.object({ group: z.enum(PERMISSION_GROUPS), permissions: z.array(z.enum(PERMISSIONS)) })
export type PermissionGroupEntry = z.infer<typeof permissionGroupSchema>

export const roleSchema = z.object({
  id: z.uuid(),
  /** Stable; `custom-…` for roles made here. */
  code: z.string(),
  name: z.string(),
  description: z.string(),
  /** Cannot be changed or deleted; a copy can. */
  builtIn: z.boolean(),
  permissions: z.array(z.enum(PERMISSIONS)),
  dataScope: z.enum(DATA_SCOPES),
  /** How many accounts have it. */
  accounts: z.int().nonnegative(),
  /** Whether the reader may give it to somebody: it reaches no further than his own. */
  grantable: z.boolean(),
  version: z.int().positive(),
})
export type StaffRole = z.infer<typeof roleSchema>

const permissions = z
  .array(z.enum(PERMISSIONS))
  .max(PERMISSIONS.length)
  .refine((points) => new Set(points).size === points.length, 'named twice')

const roleName = safeText(40, 1).refine((text) => text.trim() !== '', 'blank')
export const roleCreate = z.strictObject({
  name: roleName,
  description: safeText(200).default(''),
  permissions,
  dataScope: z.enum(DATA_SCOPES),
})
export const rolePatch = z.strictObject({
  name: roleName.optional(),
  description: safeText(200).optional(),
  permissions: permissions.optional(),
  dataScope: z.enum(DATA_SCOPES).optional(),
  version: z.int().positive(),
})
export const roleRemove = z.strictObject({ version: z.coerce.number().int().positive() })
